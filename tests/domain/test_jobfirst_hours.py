"""JobFirst while hours run: follow-up on Danish days, hours as agreed or reported, and how a course ends (P6, P9)."""

from collections.abc import Callable

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.commands import WaiverReason
from domain.identity import GATE_ROLES
from domain.state.course import Status
from tests.domain.jobfirst import JobFirst, on, weeks_after
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA

BOTH = ["person/bo", "person/anna"]
OUTCOMES = (
    "sustained_ordinary_hours",
    "ordinary_job",
    "flex_job",
    "education",
    "pension",
    "moved",
    "withdrawn",
    "other",
)


OF_PAID_HOURS = ("sustained_ordinary_hours", "ordinary_job")

STEPS: dict[str, Callable[[JobFirst], JobFirst]] = {
    "intake": JobFirst.begins,
    "company_visit": JobFirst.reaches_company_visit,
    "trial": JobFirst.runs_trial,
    "paid_hours": JobFirst.works,
}


# Follow-up


def test_hours_are_followed_up_weekly_and_then_every_second_week_also_over_christmas() -> None:
    story = JobFirst().works(since="2026-11-16")

    reminders = []
    while (day := next_reminder(story, "hours_followed_up")) < "2027-02-01":
        story.reports(BO, as_planned_on=day)
        reminders.append(day)

    assert reminders == ["2026-11-24", "2026-12-02", "2026-12-10", "2026-12-28", "2027-01-12", "2027-01-27"]


def test_a_trial_is_followed_up_weekly_and_then_every_second_week_also_over_christmas() -> None:
    story = JobFirst().runs_trial()

    reminders = []
    while (day := next_reminder(story, "trial_followed_up")) < "2026-12-31":
        story.reports(ANNA, trial_followed_up_on=day)
        reminders.append(day)

    assert reminders == [
        "2026-10-13",
        "2026-10-21",
        "2026-10-29",
        "2026-11-13",
        "2026-11-30",
        "2026-12-15",
        "2026-12-30",
    ]


def next_reminder(story: JobFirst, about: str) -> str:
    """Let time pass until somebody is reminded, and return the Danish day."""
    count_before = len(story.escalated(about))
    while len(story.escalated(about)) == count_before:
        assert story.state.wakeup is not None
        story.time_passes_to(story.state.wakeup)
    return story.today


def test_a_reminder_that_would_fall_on_a_closing_day_comes_when_the_office_opens_next() -> None:
    story = JobFirst().works(since="2026-12-17")

    story.it_is("2027-01-05")

    assert story.days_reminded("hours_followed_up")[0] == "2026-12-28"


def test_a_forgotten_follow_up_reaches_the_supervisors_after_a_week_of_working_days() -> None:
    story = JobFirst().works(since="2026-11-16")

    story.it_is("2026-12-02")

    reminded = [(day, who) for day in ("2026-11-24", "2026-11-27") for who in sorted(BOTH)]
    assert sorted(story.escalated("hours_followed_up")) == [*reminded, ("2026-12-01", "supervisors/job")]


# Hours as they were


def test_hours_that_went_as_agreed_need_one_word_and_no_report_by_the_week() -> None:
    story = JobFirst().works()

    for weeks in range(1, 10):
        story.it_is(weeks_after("2026-10-05", weeks))
        story.reports(BO, as_planned_on=story.today)

    assert story.lacks() == {"what_follows_known"}
    assert story.days_reminded("hours_followed_up") == []


def test_a_week_of_fewer_hours_is_told_to_both_once() -> None:
    story = JobFirst().works()
    story.it_is("2026-10-21")

    story.reports(BO, on=on("2026-10-14").date(), hours_in_week="2")
    story.it_is("2026-10-23")

    assert sorted(story.escalated("hours_as_agreed")) == [("2026-10-21", "person/anna"), ("2026-10-21", "person/bo")]


def test_nobody_is_told_of_missing_hours_before_they_began() -> None:
    story = JobFirst().reaches_paid_hours()

    story.it_is("2026-10-05")

    assert story.escalated("hours_as_agreed") == []


def test_hours_are_sustained_after_thirteen_weeks_and_not_a_day_before() -> None:
    story = JobFirst().works()
    story.it_is("2027-01-03")
    story.closes("sustained_ordinary_hours")
    assert story.lacks() == {"hours_sustained"}

    story.it_is("2027-01-04")

    assert story.lacks() == set()


def test_weeks_of_fewer_hours_reported_late_take_the_sustained_hours_back_until_others_come() -> None:
    story = JobFirst().works()
    story.it_is("2027-01-04")
    story.closes("sustained_ordinary_hours")
    assert story.judgement().ready
    story.acknowledges(ANNA)

    story.reports(BO, on=on("2026-11-18").date(), hours_in_week="3")
    story.reports(BO, on=on("2026-12-09").date(), hours_in_week="0")

    assert story.lacks() == {"hours_sustained"}
    story.acknowledges(BO)
    assert not story.state.is_over
    story.it_is("2027-01-18")
    assert story.state.is_over


def test_a_week_is_as_it_was_reported_last() -> None:
    story = JobFirst().works()
    story.it_is("2027-01-04")
    story.closes("sustained_ordinary_hours")

    story.reports(BO, on=on("2026-11-18").date(), hours_in_week="3")
    assert story.lacks() == {"hours_sustained"}
    story.it_is("2027-01-04", at=11)
    story.reports(BO, on=on("2026-11-18").date(), hours_in_week="8")

    assert story.lacks() == set()


def test_hours_that_ended_are_an_outcome_that_leads_to_a_new_company_with_what_they_taught() -> None:
    story = JobFirst().works()
    story.it_is("2026-11-16")
    story.reports(BO, after_paid_hours="new_company")
    assert {"hours_end_dated", "hours_learned_from"} <= story.lacks()

    story.reports(BO, paid_hours_ended_on="2026-11-13")
    lessons = story.adds_lessons()
    story.both_acknowledge()
    story.company_is_visited("2026-11-18", company_p_number="1000000002")
    story.reports(BO, visit_outcome="another_company")

    assert story.steps == ["company_visit"]
    lesson = story.manifest.lessons[0]
    assert [str(note) for note in lesson.notes] == lessons
    assert [stated.fact for stated in lesson.facts] == ["paid_hours_ended_on"]


# How a course ends


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("step", STEPS)
def test_a_human_may_end_the_course_from_every_step_and_both_are_informed_first(step: str, outcome: str) -> None:
    story = STEPS[step](JobFirst())
    story.it_is("2027-02-22")
    assert story.steps == [step]

    story.closes(outcome)
    if outcome in OF_PAID_HOURS and step != "paid_hours":
        assert story.lacks() & {"job_has_started", "hours_sustained"}, "nobody has hours that never began"
        for missing in sorted(story.lacks()):
            story.command(cmd.WaiveRequirement, SARA, requirement=missing, waiver=WaiverReason.OTHER, reason=COURSE)
    assert story.manifest.closing == outcome
    story.both_acknowledge()

    assert (story.state.status, story.state.outcome) == (Status.COMPLETED, outcome)
    last = [role for e in story.happened(ev.BriefingAcknowledged)[-2:] for role in e.roles]
    assert last == list(GATE_ROLES)
    assert sorted(story.recipients_of("completed")) == ["person/anna", "person/bo"]


def test_an_ordinary_job_needs_four_paid_hours_in_all() -> None:
    story = JobFirst().works(schedule="2026-10-05=3")
    story.it_is("2026-10-12")
    story.closes("ordinary_job")
    assert story.lacks() == {"job_has_started"}

    story.it_is("2026-10-19")

    assert story.lacks() == set()


def test_sustained_hours_are_asked_for_also_while_another_visit_stands_open_beside_them() -> None:
    story = JobFirst().runs_trial()
    story.it_is("2026-11-02")
    story.reports(BO, hours_beside=True, hours_schedule="2026-11-09=4", contract_signed=True)
    story.reports(BO, beside_trial="other_company")
    story.both_acknowledge()
    story.reports(BO, hours_beside=False, next_step="new_company")
    story.both_acknowledge(visit=3)
    assert story.steps == ["trial", "paid_hours", "company_visit"]

    story.closes("sustained_ordinary_hours")

    assert story.lacks() == {"job_has_started", "hours_sustained"}
