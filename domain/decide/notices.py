"""Taking an escalation: a supervisor answers for a silent wait, and the others hear no more of it meanwhile (P6)."""

from datetime import datetime, timedelta
from typing import Final

from domain import commands as cmd
from domain import events as ev
from domain.calendar import Span, TimeUnit
from domain.decide.turn import Turn
from domain.errors import Code, refuse
from domain.identity import ENGINE, escalation_id, notice_id, person_address, supervisors_address
from domain.state.waiting import Taken, Waiting

LONGEST_TAKE: Final = timedelta(days=31)
"""How far ahead somebody may look again, so that taking a wait never silences it for good."""

_NEXT_WORKING_DAY: Final = Span(amount=1, unit=TimeUnit.WORKING_DAYS)


def take_escalation(turn: Turn, command: cmd.TakeEscalation) -> None:
    """Take a wait of which the supervisors were told; from another supervisor it is a hand-over, of which he hears.

    Raises RefusedError `escalation-not-found` when the supervisors were told of no such wait, or it is over, and
    `look-again-period` when the time to look again has passed or lies too far ahead.
    """
    waiting = _stalled(turn, command)
    former = waiting.taken.by if waiting.taken and not waiting.taken.is_over else None
    former = former if former != turn.actor.person else None
    turn.happen(
        ev.EscalationTaken,
        escalation=command.escalation,
        waiting=waiting.key,
        visit=waiting.visit,
        look_again_at=_look_again_at(turn, command.look_again_at),
        former=former,
        reason=command.reason,
    )
    if former is not None:
        _tell(turn, waiting, "taken_over", former, f"{waiting.key}/taken_over/{turn.command}")


def _stalled(turn: Turn, command: cmd.TakeEscalation) -> Waiting:
    for waiting in turn.state.waiting:
        if waiting.stalled and escalation_id(turn.state.course, waiting.key, waiting.since) == command.escalation:
            return waiting
    raise refuse(Code.ESCALATION_NOT_FOUND)


def _look_again_at(turn: Turn, wanted: datetime | None) -> datetime:
    """Return when to look again: as wanted, or at this time on the next working day of whoever takes it."""
    if wanted is None:
        return turn.calendar.after(turn.now, _NEXT_WORKING_DAY, person=turn.actor.person)
    if not turn.now < wanted <= turn.now + LONGEST_TAKE:
        raise refuse(Code.LOOK_AGAIN_PERIOD, "look_again_at", days=LONGEST_TAKE.days)
    return wanted.astimezone(turn.now.tzinfo)


def look_again(turn: Turn, before: Waiting) -> Taken | None:
    """Return who has a wait; when the time to look again has come it is over, and he is told so once (P6)."""
    taken = before.taken
    if taken is None or taken.is_over or taken.look_again_at > turn.now:
        return taken
    cause = f"{before.key}/{before.since.isoformat()}/look_again/{taken.look_again_at.isoformat()}"
    _tell(turn, before, "look_again", taken.by, cause)
    return taken.model_copy(update={"is_over": True})


def _tell(turn: Turn, waiting: Waiting, about: str, person: str, cause: str) -> None:
    """Raise the notice to somebody who has, or had, the wait."""
    recipient = person_address(person)
    turn.happen(
        ev.NoticeRaised,
        by=ENGINE,
        notice=notice_id(turn.state.course, cause, recipient),
        about=about,
        recipient=recipient,
        visit=waiting.visit,
        waiting=waiting.key,
    )


def mark_seen(turn: Turn, command: cmd.MarkSeen) -> None:
    """Record that a notice was seen; that informs nobody (P4)."""
    turn.happen(ev.NoticeSeen, notice=command.notice)


def tell_unreachable(turn: Turn, command: cmd.ReportUnreachable) -> None:
    """Record that a recipient could not be reached outward, and tell the supervisors once (P7)."""
    turn.happen(ev.RecipientUnreachable, notice=command.notice, recipient=command.recipient)
    supervisors = supervisors_address(turn.state.unit)
    notice = notice_id(turn.state.course, f"unreachable/{command.notice}", supervisors)
    turn.happen(ev.NoticeRaised, by=ENGINE, notice=notice, about="unreachable", recipient=supervisors)
