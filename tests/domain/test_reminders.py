"""One cause makes one reminder: what is missing together is told of together, once to each (P6)."""

from collections import Counter
from datetime import time, timedelta

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.calendar import DANISH_TIME
from domain.identity import ENGINE_ACTOR, Role
from domain.state.waiting import WaitingKind
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, Story
from tests.domain.wider import both_acknowledge

ANNA_HEARS, BO_HEARS, SUPERVISORS = "person/anna", "person/bo", "supervisors/job"


@pytest.fixture
def unready() -> JobFirst:
    """A company visited on 22 September that a trial is wanted at, of which nothing is there yet, not even words.

    What people were told before then is left out.
    """
    story = JobFirst().reaches_company_visit()
    story.it_is("2026-09-22")
    story.reports(BO, visit_held_on="2026-09-22")
    story.events.clear()
    story.reports(BO, visit_outcome="trial")
    return story


@pytest.fixture
def branched() -> Story:
    """A talk open beside work, under the tiny rules."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="work")
    story.reports(BO, contract=True)
    both_acknowledge(story)
    story.reports(BO, beside=True)
    both_acknowledge(story)
    return story


def reminders(story: JobFirst) -> Counter[tuple[str, int | None]]:
    """Return how often who was told of which level of requirements that are missing."""
    climbs = [e for e in story.happened(ev.NoticeRaised) if e.about == "escalation"]
    return Counter((str(e.recipient), e.level) for e in climbs if e.waiting.kind is WaitingKind.REQUIREMENT)


def test_each_is_told_once_of_all_that_is_missing_by_one_ladder(unready: JobFirst) -> None:
    unready.it_is("2026-10-20")

    assert len(unready.waits(WaitingKind.REQUIREMENT)) > 5
    assert reminders(unready) == {
        (ANNA_HEARS, 1): 1,
        (BO_HEARS, 1): 1,
        (ANNA_HEARS, 2): 1,
        (BO_HEARS, 2): 1,
        (SUPERVISORS, 2): 1,
    }


def test_the_silence_of_a_course_is_asked_of_those_who_hold_its_roles_now() -> None:
    story = Story().starts()
    (before,) = story.waits(WaitingKind.SILENCE)

    story.hand_over(Role.CASEWORKER, "carl")

    (after,) = story.waits(WaitingKind.SILENCE)
    assert (before.persons, after.persons) == (("anna", "bo"), ("carl", "bo"))
    assert after.since == before.since


def test_silence_is_not_shown_before_somebody_was_reminded_of_it() -> None:
    story = Story().starts()
    assert WaitingKind.SILENCE not in {waiting.kind for waiting in story.state.shown_waits}

    story.time_passes_to(story.now + timedelta(days=40))

    assert WaitingKind.SILENCE in {waiting.kind for waiting in story.state.shown_waits}


@pytest.mark.parametrize("weekday", range(5))
def test_the_roles_are_warned_before_the_supervisor_whatever_weekend_lies_between(weekday: int) -> None:
    story = JobFirst().begins()
    story.it_is(f"2026-09-{7 + weekday:02}", 20)
    story.reports(ANNA, goal_paid_hours="10")
    story.it_is("2027-01-20")
    heard = [e for e in story.happened(ev.NoticeRaised) if e.about == "escalation" and e.waiting.kind == "silence"]

    first = {str(e.recipient): e.level for e in reversed(heard)}
    warned = [e.level for e in heard if str(e.recipient) == ANNA_HEARS]
    assert warned[:2] == [1, 2]
    assert first[SUPERVISORS] == 3


def test_people_are_reminded_in_their_working_hours() -> None:
    story = JobFirst().runs_trial()
    story.it_is("2027-03-01")
    told = [e.at.astimezone(DANISH_TIME) for e in story.happened(ev.NoticeRaised) if e.about == "escalation"]

    assert len(told) > 20
    assert all(at.isoweekday() < 6 and time(9) <= at.time() <= time(15, 15) for at in told)


def test_what_nobody_is_told_of_again_climbs_all_the_same(unready: JobFirst) -> None:
    unready.it_is("2026-10-20")

    assert {(w.level, w.is_stalled) for w in unready.waits(WaitingKind.REQUIREMENT)} == {(2, True)}


def test_the_notice_is_that_of_the_first_that_is_missing(unready: JobFirst) -> None:
    unready.it_is("2026-10-20")

    of_bo = [w.what for w in unready.waits(WaitingKind.REQUIREMENT) if "bo" in w.persons]
    received = {
        str(e.waiting)
        for e in unready.happened(ev.NoticeRaised)
        if e.about == "escalation" and str(e.recipient) == BO_HEARS
    }
    assert received == {f"2/requirement/{of_bo[0]}"}


def test_what_begins_to_be_missing_on_another_day_is_told_of_on_its_day(unready: JobFirst) -> None:
    unready.it_is("2026-09-24")
    unready.reports(BO, citizen_at_company_visit=False)
    unready.it_is("2026-10-20")

    assert unready.escalated("citizen_told") == [
        *received("2026-10-01", ANNA_HEARS, BO_HEARS),
        *received("2026-10-08", BO_HEARS, ANNA_HEARS, SUPERVISORS),
    ]


def test_what_climbs_another_ladder_is_told_of_on_its_own() -> None:
    story = JobFirst().runs_trial()
    story.reports(BO, trial_ends_on="2027-01-31", absence_kind="unknown", absent_on="2026-10-05")

    assert story.escalated("length_kept") == received("2026-10-05", ANNA_HEARS, BO_HEARS)
    assert story.escalated("contacted_after_absence") == received("2026-10-05", ANNA_HEARS, BO_HEARS)


def test_each_visit_is_told_of_on_its_own(branched: Story) -> None:
    branched.events.clear()
    branched.now += timedelta(days=4)
    branched.command(cmd.TimePassed, ENGINE_ACTOR)

    climbs = [e for e in branched.happened(ev.NoticeRaised) if e.about == "escalation"]
    assert [(str(e.recipient), str(e.waiting)) for e in climbs] == [
        (SUPERVISORS, "2/requirement/is_over"),
        (SUPERVISORS, "3/requirement/is_agreed"),
    ]


def received(day: str, *recipients: str) -> list[tuple[str, str]]:
    """Return that all of them were told on a day."""
    return [(day, recipient) for recipient in recipients]


def test_of_two_receipts_that_are_missing_each_is_told_of_the_own_one_and_the_supervisors_once() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    story.events.clear()

    story.time_passes_to(story.now + timedelta(days=7))

    told = [e for e in story.happened(ev.NoticeRaised) if e.about == "escalation"]
    asked = {"person/anna": Role.CASEWORKER, "person/bo": Role.COMPANY_CONSULTANT}
    assert sorted(str(e.recipient) for e in told) == [ANNA_HEARS, BO_HEARS, SUPERVISORS]
    assert all(e.waiting.role == asked.get(str(e.recipient), e.waiting.role) for e in told)
    assert len({w.escalation for w in story.waits(WaitingKind.ACKNOWLEDGEMENT)}) == 1
