"""JobFirst as a way through its steps: what leads where, who is informed of what, and that nothing is lost (P1)."""

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.identity import GATE_ROLES
from domain.state.course import Status
from domain.state.waiting import WaitingKind
from tests.domain.jobfirst import FACTORY, TRIAL, JobFirst
from tests.domain.vocabulary import ANNA, BO

BAKERY = "1000000002"


@pytest.fixture
def running() -> JobFirst:
    """A trial that began as planned on 5 October 2026 and is to end on 3 January 2027."""
    return JobFirst().runs_trial()


# The whole way


def test_a_course_goes_from_the_first_interview_to_sustained_hours_with_both_informed_before_each_step() -> None:
    story = JobFirst().runs_trial()
    story.trial_ends("2027-01-03", "hired")
    story.reports(BO, hours_schedule="2027-01-04=8")
    story.both_acknowledge()
    story.it_is("2027-04-05")
    story.closes("sustained_ordinary_hours")
    story.both_acknowledge()

    assert story.state.status is Status.COMPLETED
    assert story.state.outcome == "sustained_ordinary_hours"
    assert [visit.step for visit in story.state.visits] == ["intake", "company_visit", "trial", "paid_hours"]
    assert set(story.receipts_by_role()) == set(GATE_ROLES)


def test_each_step_is_left_only_after_both_acknowledged_the_version_that_was_current() -> None:
    story = JobFirst().runs_trial()
    story.trial_ends("2027-01-03", "no_job")
    story.both_acknowledge()

    left = story.happened(ev.VisitLeft)
    informed = {(e.visit, e.version, role) for e in story.happened(ev.BriefingAcknowledged) for role in e.roles}
    assert [e.visit for e in left] == [1, 2, 3]
    assert {(e.visit, e.version, role) for e in left for role in GATE_ROLES} <= informed


def test_intake_is_not_left_before_each_has_shared_what_he_knows() -> None:
    story = JobFirst().begins()
    story.reports(ANNA, first_interview_on="2026-09-07", goal_paid_hours="12")

    assert story.lacks() == {"wish_heard", "resources_shared", "opportunities_shared"}
    assert story.version is None


def test_the_wish_and_the_goal_head_every_briefing(running: JobFirst) -> None:
    running.trial_ends("2027-01-03", "no_job")

    heading = [note for note in running.state.notes if note.id in running.manifest.first_notes]
    assert {note.kind for note in heading} == {"wish"}
    assert "goal_paid_hours" in {stated.fact for stated in running.manifest.facts}


# The ways beside the main one


def test_a_trial_that_the_citizen_found_needs_no_company_visit() -> None:
    story = JobFirst().begins()
    story.intake_is_done()
    story.reports(ANNA, trial_found=True)
    assert story.lacks() == {"trial_company_named", "trial_granted", "length_planned", "hours_within_cap"}

    story.trial_is_granted(trial_p_number=BAKERY)
    story.both_acknowledge()

    assert story.steps == ["trial"]
    assert story.stated("trial_p_number", 2) == BAKERY


def test_a_company_visit_may_lead_straight_to_paid_hours() -> None:
    story = JobFirst().reaches_paid_hours()

    assert story.steps == ["paid_hours"]
    assert [visit.step for visit in story.state.visits] == ["intake", "company_visit", "paid_hours"]


def test_hours_that_the_citizen_found_need_no_company_visit() -> None:
    story = JobFirst().begins()
    story.intake_is_done()
    story.reports(ANNA, hours_found=True)
    assert story.lacks() == {"hours_agreed"}

    story.reports(BO, hours_schedule="2026-09-14=5")
    story.both_acknowledge()

    assert story.steps == ["paid_hours"]
    assert story.stated("hours_schedule", 2) == "2026-09-14=5"


def test_trial_and_paid_hours_may_be_entered_side_by_side_in_different_job_functions() -> None:
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.trial_is_granted()
    story.reports(BO, hours_schedule="2026-10-05=4", visit_outcome="trial_and_paid_hours")
    in_other_functions = {"other_function_than_trial", "other_function_than_hours"}
    assert story.lacks() == in_other_functions

    story.reports(BO, beside_trial="same_function", beside_hours="same_function")
    assert story.lacks() == in_other_functions
    story.reports(BO, beside_trial="other_function", beside_hours="other_function")
    story.both_acknowledge()

    assert story.steps == ["trial", "paid_hours"]


def test_what_a_trial_taught_is_told_of_the_hours_that_began_at_its_side() -> None:
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.trial_is_granted()
    story.reports(BO, hours_schedule="2026-10-05=4", beside_trial="other_function")
    story.reports(BO, beside_hours="other_function", visit_outcome="trial_and_paid_hours")
    story.both_acknowledge()

    lessons = story.trial_ends("2027-01-03", "hours_go_on", visit=3)
    story.both_acknowledge(visit=3)
    story.command(cmd.BriefNow, BO)

    assert story.steps == ["paid_hours"]
    assert [str(note) for note in story.manifest.lessons[0].notes] == lessons


def test_paid_hours_may_begin_beside_a_running_trial_which_goes_on(running: JobFirst) -> None:
    running.it_is("2026-11-02")
    running.reports(BO, hours_beside=True)
    to_begin = {"hours_agreed", "other_function_than_trial"}
    of_the_trial = {"trial_outcome_known", "trial_going_well"}
    assert running.lacks() == to_begin | of_the_trial, "what the trial needs is still asked for meanwhile"

    running.reports(BO, hours_schedule="2026-11-09=4", beside_trial="other_company")
    running.both_acknowledge()

    assert running.steps == ["trial", "paid_hours"]
    assert running.lacks(3) == of_the_trial


def test_when_the_trial_ends_the_hours_beside_it_go_on(running: JobFirst) -> None:
    running.has_hours_beside()

    running.trial_ends("2027-01-03", "hours_go_on", visit=3)
    running.both_acknowledge(visit=3)

    assert running.steps == ["paid_hours"]
    assert running.visit.number == 4
    assert [visit.step for visit in running.state.visits].count("paid_hours") == 1


def test_when_the_hours_end_the_trial_beside_them_goes_on(running: JobFirst) -> None:
    running.has_hours_beside()
    running.it_is("2026-11-09")
    running.reports(BO, paid_hours_started_on="2026-11-09")

    running.it_is("2026-12-01")
    running.reports(BO, after_paid_hours="trial_goes_on", paid_hours_ended_on="2026-11-30")
    running.adds_lessons(visit=4)
    running.both_acknowledge(visit=4)

    assert running.steps == ["trial"]
    assert running.lacks() == {"trial_outcome_known", "trial_going_well"}


def test_hours_and_trial_that_both_have_read_in_one_act_are_left_at_once(running: JobFirst) -> None:
    running.has_hours_beside()
    running.it_is("2026-11-09")
    running.reports(BO, paid_hours_started_on="2026-11-09")
    lessons = running.trial_ends("2027-01-03", "no_job", visit=3)
    running.reports(BO, visit=4, after_paid_hours="new_company", paid_hours_ended_on="2026-12-30")
    lessons += running.adds_lessons(visit=4)

    read = [{"briefing": visit.number, "version": visit.versions} for visit in running.state.open_visits]
    for actor in (ANNA, BO):
        running.command(cmd.Acknowledge, actor, **read[0], also=tuple(read[1:]))

    assert running.steps == ["company_visit"]
    assert [(left.visit, left.version) for left in running.happened(ev.VisitLeft)[-2:]] == [
        (one["briefing"], one["version"]) for one in read
    ]
    running.command(cmd.BriefNow, ANNA)
    assert {str(note) for lesson in running.manifest.lessons for note in lesson.notes} >= set(lessons)


def test_hours_beside_a_trial_that_came_to_nothing_do_not_hold_it_when_it_ends(running: JobFirst) -> None:
    running.it_is("2026-12-01")
    running.reports(BO, hours_beside=True)

    running.trial_ends("2027-01-03", "no_job")
    running.both_acknowledge()

    assert running.steps == ["company_visit"]


# Nothing is lost, and nothing is asked twice


def test_a_new_company_begins_with_what_the_failed_trial_taught(running: JobFirst) -> None:
    lessons = running.trial_ends("2027-01-03", "no_job")
    running.both_acknowledge()
    running.company_is_visited("2027-01-06", company_p_number=BAKERY)
    running.reports(BO, visit_outcome="another_company")

    assert running.visit.number == 4
    (lesson,) = (told for told in running.manifest.lessons if told.visit == 3)
    assert (lesson.visit, lesson.p_number, [str(note) for note in lesson.notes]) == (
        3,
        FACTORY["company_p_number"],
        lessons,
    )
    assert {stated.fact: stated.value for stated in lesson.facts} == {"trial_outcome": "no_job"}


def test_what_a_trial_taught_also_reaches_a_search_that_began_beside_it(running: JobFirst) -> None:
    running.it_is("2026-12-14")
    running.reports(BO, trial_outcome="no_job")
    running.both_acknowledge()
    assert running.steps == ["trial", "company_visit"]

    lessons = running.trial_ends("2027-01-03", "no_job", visit=3)
    running.both_acknowledge(visit=3)
    running.company_is_visited("2027-01-06", company_p_number=BAKERY)
    running.reports(BO, visit_outcome="another_company")

    assert running.steps == ["company_visit"]
    (lesson,) = (told for told in running.manifest.lessons if told.visit == 3)
    assert (running.visit.number, lesson.visit, [str(note) for note in lesson.notes]) == (4, 3, lessons)


def test_what_was_said_once_is_told_once_and_never_asked_for_again(running: JobFirst) -> None:
    asked = {name for visit in running.state.visits for name in visit.judgement.outcomes if visit.step == "intake"}
    running.trial_ends("2027-01-03", "ended_early")
    running.both_acknowledge()
    running.company_is_visited("2027-01-06", company_p_number=BAKERY)
    running.reports(BO, visit_outcome="another_company")

    manifest = running.manifest
    all_notes = [
        *manifest.notes,
        *manifest.first_notes,
        *(note for lesson in manifest.lessons for note in lesson.notes),
    ]
    assert len(all_notes) == len(set(all_notes)) == len(("wish", "visit_agreed", "lesson", "visit_agreed"))
    assert running.lacks() == set()
    assert not asked & set(running.judgement().outcomes)


def test_a_second_trial_is_planned_beside_the_first_and_each_fact_goes_to_the_right_one(running: JobFirst) -> None:
    running.it_is("2026-12-14")
    running.reports(BO, trial_outcome="no_job")
    running.both_acknowledge()
    running.company_is_visited("2026-12-16", visit=4, company_p_number=BAKERY)
    later = {"trial_starts_on": "2027-01-04", "trial_ends_on": "2027-04-04"}

    running.reports(BO, visit=4, **{**TRIAL, **later})
    running.reports(ANNA, visit=4, trial_decision="granted", trial_granted_on="2026-12-16")
    running.reports(BO, trial_going="as_agreed")
    running.reports(BO, visit=4, visit_outcome="trial")
    running.both_acknowledge(visit=4)

    assert [(visit.number, visit.step, visit.ordinal) for visit in running.state.open_visits] == [
        (3, "trial", 1),
        (5, "trial", 2),
    ]
    assert [running.stated("trial_starts_on", visit) for visit in (3, 5)] == ["2026-10-05", "2027-01-04"]
    assert [running.stated("trial_going", visit) for visit in (3, 5)] == ["as_agreed", None]


def test_a_search_beside_the_trial_is_opened_once_and_not_again_when_it_has_led_on(running: JobFirst) -> None:
    running.it_is("2026-12-14")
    running.reports(BO, trial_outcome="no_job")
    running.both_acknowledge()
    running.company_is_visited("2026-12-16", visit=4, company_p_number=BAKERY)
    running.reports(BO, visit=4, hours_schedule="2027-01-04=8", beside_trial="other_company")
    running.reports(BO, visit=4, visit_outcome="paid_hours")
    running.both_acknowledge(visit=4)

    assert running.steps == ["trial", "paid_hours"]
    assert running.lacks(3) == {"trial_learned_from", "trial_over"}
    assert running.waits(WaitingKind.ACKNOWLEDGEMENT) == []


def test_a_search_that_came_to_nothing_leaves_the_trial_as_it_was(running: JobFirst) -> None:
    running.it_is("2026-12-14")
    running.reports(BO, trial_outcome="no_job")
    running.both_acknowledge()

    running.reports(BO, visit=4, visit_outcome="search_ended")
    running.both_acknowledge(visit=4)

    assert running.steps == ["trial"]
    assert running.lacks() == {"trial_learned_from", "trial_over"}
    assert running.waits(WaitingKind.ACKNOWLEDGEMENT) == []
