"""Nobody is late for what was not asked before: the clock of a wait runs from when somebody was asked (P6)."""

from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest

from domain import commands as cmd
from domain.calendar import end_of_day
from domain.identity import Role
from domain.state.waiting import Waiting, WaitingKind
from tests.domain.jobfirst import SCRIPT, JobFirst, reported
from tests.domain.vocabulary import ANNA, BO, COURSE
from tests.domain.wider import at_trial

WHY = uuid5(COURSE, "why")


@pytest.fixture
def disputed() -> JobFirst:
    """A course of which Bo disputes the first version on Thursday, 10 September, and the next Thursday has come."""
    story = JobFirst().begins()
    story.intake_is_done()
    story.command(cmd.Dispute, BO, briefing=1, version=1, reason=WHY)
    story.it_is("2026-09-17", 11)
    return story


def missing_receipts(story: JobFirst) -> list[Waiting]:
    """Return the waits for receipts."""
    return story.waits(WaitingKind.ACKNOWLEDGEMENT)


def test_who_was_not_asked_during_a_dispute_is_asked_from_its_end(disputed: JobFirst) -> None:
    disputed.acknowledges(BO)

    assert [(w.persons, w.since, w.level) for w in missing_receipts(disputed)] == [(("anna",), disputed.now, 0)]
    assert not disputed.escalated("acknowledgement")


def test_a_dispute_before_the_last_one_moves_nothing(disputed: JobFirst) -> None:
    disputed.acknowledges(BO)
    ended = disputed.now
    disputed.it_is("2026-09-18")

    disputed.notes(BO, "observation", may_wait=True)

    assert [w.since for w in missing_receipts(disputed)] == [ended]


def test_who_took_a_role_over_is_asked_of_an_older_version_from_when_nothing_else_is_missing() -> None:
    story = JobFirst().begins()
    story.it_is("2026-09-10")
    story.reports(ANNA, **reported("interview"))
    for kind in SCRIPT.notes("citizen"):
        story.notes(ANNA, kind)
    story.command(cmd.BriefNow, ANNA, visit=1)
    story.acknowledges(BO)
    story.it_is("2026-09-11")
    story.hand_over(Role.CASEWORKER, "carl")
    story.it_is("2026-09-24")
    assert not missing_receipts(story)

    story.notes(BO, "opportunity", may_wait=True)

    assert [(w.persons, w.since, w.level) for w in missing_receipts(story)] == [(("carl",), story.now, 0)]


def test_an_acknowledgement_taken_back_begins_nothing_anew() -> None:
    story = JobFirst().begins()
    story.intake_is_done()
    asked = story.now
    story.it_is("2026-09-14")
    story.acknowledges(BO)
    story.now += timedelta(minutes=3)

    story.command(cmd.TakeBackAcknowledgement, BO, briefing=1, version=1)

    assert {w.since for w in missing_receipts(story)} == {asked}


def wait_for(story: JobFirst, requirement: str) -> Waiting:
    """Return the wait for a requirement."""
    return next(w for w in story.waits(WaitingKind.REQUIREMENT) if w.what == requirement)


def test_a_stop_that_is_reported_late_leaves_time_to_agree_what_follows() -> None:
    story = JobFirst().runs_trial()
    story.it_is("2026-11-10")

    story.command(cmd.StopVisit, BO, visit=3, last_day=date(2026, 10, 20), stopped_by="citizen", note=None)

    wait = wait_for(story, "outcome_after_end")
    assert (wait.until, wait.level) == (end_of_day(date(2026, 11, 11)), 0)
    story.it_is("2026-11-12")
    assert set(story.escalated("outcome_after_end")) == {("2026-11-12", "person/anna"), ("2026-11-12", "person/bo")}


def test_what_is_taken_back_long_after_its_deadline_is_asked_for_anew() -> None:
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.it_is("2026-11-03")
    told = story.escalated("visit_held")

    story.command(cmd.RetractFact, BO, fact=stated(story, "visit_held_on"), reason=WHY)

    wait = wait_for(story, "visit_held")
    assert wait.until is not None
    assert wait.until > story.now
    assert story.escalated("visit_held") == told


def test_what_a_reopened_course_asks_has_time_from_its_reopening() -> None:
    story = JobFirst().works()
    story.it_is("2026-10-26")
    story.closes("moved")
    story.both_acknowledge()
    story.it_is("2027-03-01")

    story.command(cmd.ReopenCourse, ANNA, reason=WHY)

    assert all(wait.until is None or wait.until > story.now for wait in story.waits(WaitingKind.REQUIREMENT))


def test_a_deadline_that_becomes_known_only_when_it_is_over_leaves_some_time() -> None:
    story = at_trial()
    story.time_passes_to(story.now + timedelta(days=40))

    story.reports(BO, ends_on="2026-09-18")

    wait = next(w for w in story.waits(WaitingKind.REQUIREMENT) if w.what == "is_tried")
    assert wait.until is not None
    assert wait.until > story.now
    story.notes(BO, "observation")
    assert next(w for w in story.waits(WaitingKind.REQUIREMENT) if w.what == "is_tried").until == wait.until


def test_the_law_gives_no_time_to_who_asks_late() -> None:
    story = JobFirst().begins()
    story.it_is("2026-09-10")
    story.reports(ANNA, **reported("interview"))
    story.it_is("2026-10-10")

    story.command(cmd.RetractFact, ANNA, fact=stated(story, "first_interview_on"), reason=WHY)

    assert wait_for(story, "first_interview_held").until == end_of_day(date(2026, 9, 14))


def stated(story: JobFirst, name: str) -> UUID:
    """Return the id of the first statement of a fact."""
    return next(fact.id for fact in story.state.facts if fact.fact == name)
