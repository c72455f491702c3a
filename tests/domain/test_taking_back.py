"""A receipt that was a slip is taken back, soon after and never once the course has gone on by it (P1, P7)."""

from datetime import timedelta

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import Role
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, BO, CARL, COURSE, Story


@pytest.fixture
def ready() -> Story:
    """A course whose gate is met but for the informing, of which Anna has acknowledged the briefing."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    story.command(cmd.Acknowledge, ANNA, briefing=1, version=1)
    assert story.missing == (Role.COMPANY_CONSULTANT,)
    return story


def test_the_visit_waits_again_for_who_took_the_receipt_back(ready: Story) -> None:
    ready.command(cmd.TakeBackAcknowledgement, ANNA, briefing=1, version=1)

    assert ready.missing == (Role.CASEWORKER, Role.COMPANY_CONSULTANT)
    assert {role for wait in ready.state.waiting for role in wait.roles if wait.key.version == 1} == {
        Role.CASEWORKER,
        Role.COMPANY_CONSULTANT,
    }
    ready.command(cmd.Acknowledge, BO, briefing=1, version=1)
    assert ready.state.open_visits[0].number == 1
    ready.command(cmd.Acknowledge, ANNA, briefing=1, version=1)
    assert ready.state.open_visits[0].number == 2


def test_the_dispute_that_the_slip_ended_holds_the_advance_again(ready: Story) -> None:
    ready.command(cmd.Dispute, BO, briefing=1, version=1, reason=COURSE)
    ready.acknowledges(ANNA)
    ready.notes(CARL, "barrier")
    ready.acknowledges(BO)
    assert not ready.visit.open_disputes

    ready.command(cmd.TakeBackAcknowledgement, BO, briefing=1, version=ready.version)

    assert [dispute.id for dispute in ready.visit.open_disputes] == [COURSE]
    assert [waiting.key.note for waiting in ready.waits(WaitingKind.DISPUTE)] == [COURSE]
    ready.acknowledges(BO)
    assert not ready.visit.open_disputes


def test_a_dispute_that_was_ended_before_the_slip_stays_ended(ready: Story) -> None:
    ready.command(cmd.Dispute, BO, briefing=1, version=1, reason=COURSE)
    ready.acknowledges(BO)
    ready.now += timedelta(minutes=1)
    ready.notes(ANNA, "barrier")
    ready.acknowledges(BO)

    ready.command(cmd.TakeBackAcknowledgement, BO, briefing=1, version=ready.version)

    assert not ready.visit.open_disputes


def test_what_is_taken_back_is_done_already(ready: Story) -> None:
    ready.command(cmd.TakeBackAcknowledgement, ANNA, briefing=1, version=1)
    before = len(ready.happened(ev.AcknowledgementTakenBack))

    ready.command(cmd.TakeBackAcknowledgement, ANNA, briefing=1, version=1)

    assert len(ready.happened(ev.AcknowledgementTakenBack)) == before == 1


def test_nobody_takes_back_what_somebody_else_acknowledged(ready: Story) -> None:
    ready.command(cmd.TakeBackAcknowledgement, BO, briefing=1, version=1)

    assert ready.missing == (Role.COMPANY_CONSULTANT,)


def test_after_ten_minutes_the_receipt_stands(ready: Story) -> None:
    ready.now += timedelta(minutes=11)

    refusal = ready.refusal(cmd.TakeBackAcknowledgement, ANNA, briefing=1, version=1)

    assert refusal is Code.RECEIPT_STANDS
    assert ready.missing == (Role.COMPANY_CONSULTANT,)


def test_nothing_is_taken_back_once_the_course_has_gone_on(ready: Story) -> None:
    ready.command(cmd.Acknowledge, BO, briefing=1, version=1)

    for actor in (ANNA, BO):
        assert ready.refusal(cmd.TakeBackAcknowledgement, actor, briefing=1, version=1) is Code.VERSION_USED_UP
    assert ready.state.open_visits[0].number == 2
