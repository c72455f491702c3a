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
    "education",
    "well_again",
    "flex_job",
    "early_pension",
    "state_pension",
    "moved",
    "declined",
    "died",
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


GOING = {"trial": ("trial_going_well", "trial_going"), "paid_hours": ("hours_going_well", "hours_going")}


@pytest.mark.parametrize("step", GOING)
def test_one_is_asked_every_fortnight_for_eight_weeks_and_then_every_four_weeks_also_over_christmas(step: str) -> None:
    story = STEPS[step](JobFirst())
    requirement, fact = GOING[step]

    reminders = []
    for _ in range(4):
        day = next_reminder(story, requirement)
        story.command(cmd.ReportFacts, BO, facts={fact: "as_agreed"})
        reminders.append((day, *{who for told, who in story.escalated(requirement) if told == day}))

    assert [who for _, who in reminders] == ["person/bo"] * len(reminders)
    assert [day for day, _ in reminders] == ["2026-10-20", "2026-11-04", "2026-11-19", "2026-12-18"]


def next_reminder(story: JobFirst, about: str) -> str:
    """Let time pass until somebody is reminded, and return the Danish day."""
    count_before = len(story.escalated(about))
    while len(story.escalated(about)) == count_before:
        assert story.state.wakeup is not None
        story.time_passes_to(story.state.wakeup)
    return story.today


def test_a_reminder_that_would_fall_on_a_closing_day_comes_when_the_office_opens_next() -> None:
    story = JobFirst().works(since="2026-12-10", schedule="2026-12-10=8")

    story.it_is("2027-01-05")

    assert story.days_reminded("hours_going_well")[0] == "2026-12-28"


def test_an_answer_that_does_not_come_reaches_both_and_then_the_supervisors() -> None:
    story = JobFirst().works()

    story.it_is("2026-11-04")

    reminded = [("2026-10-20", "person/bo"), *(("2026-10-23", who) for who in sorted(BOTH))]
    assert sorted(story.escalated("hours_going_well")) == [*reminded, ("2026-11-03", "supervisors/job")]


# Hours as they were


def test_hours_that_went_as_agreed_need_one_word_and_no_report_by_the_week() -> None:
    story = JobFirst().works()

    for weeks in (2, 4, 6, 8):
        story.it_is(weeks_after("2026-10-05", weeks))
        story.reports(BO, hours_going="as_agreed")

    assert story.lacks() == {"what_follows_known"}
    assert story.days_reminded("hours_going_well") == []


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


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        *(("paid_hours", outcome) for outcome in OUTCOMES),
        *((step, o) for step in STEPS for o in (OUTCOMES[0], "moved")),
    ],
)
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
    story.reports(BO, hours_beside=True, hours_schedule="2026-11-09=4")
    story.reports(BO, beside_trial="other_company")
    story.both_acknowledge()
    story.reports(BO, hours_beside=False, trial_outcome="no_job")
    story.both_acknowledge(visit=3)
    assert story.steps == ["trial", "paid_hours", "company_visit"]

    story.closes("sustained_ordinary_hours")

    assert story.lacks() == {"hours_sustained"}
