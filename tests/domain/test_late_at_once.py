"""Nobody is late for what was not asked before: the clock of a wait runs from when somebody was asked (P6)."""

from datetime import timedelta
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain.identity import Role
from domain.state.waiting import Waiting, WaitingKind
from tests.domain.jobfirst import SCRIPT, JobFirst, reported
from tests.domain.vocabulary import ANNA, BO, COURSE

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
