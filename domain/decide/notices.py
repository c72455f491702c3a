"""Taking an escalation: a supervisor answers for a silent wait, and the others hear no more of it meanwhile (P6)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from domain import commands as cmd
from domain import events as ev
from domain.address import Address
from domain.calendar import Span, TimeUnit, start_of_day
from domain.decide.decision import Decision, decides
from domain.errors import Code, refuse
from domain.identity import Role
from domain.state.notice import LOOK_AGAIN, TAKEN_OVER, NoticeSubject, WaitSubject
from domain.state.waiting import MOST_ANSWERS, NOBODY_IS_ASKED, Taken, Waiting

LONGEST_TAKE: Final = timedelta(days=31)
"""How far ahead somebody may look again, so that taking a wait never silences it for good."""

LONGEST_ANSWER: Final = 10
"""How many working days ahead somebody may say that he waits."""

_OFFICE_OPENS: Final = Span(amount=0, unit=TimeUnit.WORKING_HOURS)

_NEXT_WORKING_DAY: Final = Span(amount=1, unit=TimeUnit.WORKING_DAYS)


@decides(cmd.TakeEscalation)
def take_escalation(decision: Decision, command: cmd.TakeEscalation) -> None:
    """Take a wait of which the supervisors were told; from another supervisor it is a hand-over, of which he hears.

    Refuses with `escalation-not-found` when the supervisors were told of no such wait, or it is over, `taken` when
    another has it and the command does not take over, and `time-not-ahead` when the time to look again has passed
    or lies too far ahead.
    """
    waiting = _stalled(decision, command)
    former = waiting.taken.by if waiting.taken and not waiting.taken.is_over else None
    former = former if former != decision.actor.person else None
    if former is not None and not command.takes_over:
        raise refuse(Code.TAKEN, "take_over", by=former)
    decision.record(
        ev.EscalationTaken,
        escalation=command.escalation,
        waiting=waiting.key,
        look_again_at=_look_again_at(decision, command.look_again_at),
        former=former,
        reason=command.reason,
    )
    if former is not None:
        subject = WaitSubject(key=waiting.key, since=waiting.since, command=decision.command)
        decision.notify(Address.person(former), TAKEN_OVER, subject)


def _stalled(decision: Decision, command: cmd.TakeEscalation) -> Waiting:
    for waiting in decision.state.waiting:
        if waiting.escalation == command.escalation:
            return waiting
    raise refuse(Code.ESCALATION_NOT_FOUND)


def _look_again_at(decision: Decision, wanted: datetime | None) -> datetime:
    """Return when to look again: as wanted, or at this time on the next working day of the supervisor who takes it."""
    if wanted is None:
        return decision.calendar.after(decision.now, _NEXT_WORKING_DAY, person=decision.actor.person)
    decision.expect_ahead(wanted, LONGEST_TAKE, "look_again_at")
    return wanted.astimezone(decision.now.tzinfo)


@decides(cmd.AnswerWait)
def answer_wait(decision: Decision, command: cmd.AnswerWait) -> None:
    """Record on whom somebody waits who is asked; his reminders begin again on that day, the deadline stays (P6).

    The same answer again changes nothing, unless in other words, which count as no further answer.
    Refuses with `answered-too-often`, `not-the-party`, `wait-period`, `wait-unknown`.
    """
    waiting = next((w for w in decision.state.waiting if str(w.key) == command.waiting), None)
    if waiting is None or waiting.kind in NOBODY_IS_ASKED:
        raise refuse(Code.WAIT_UNKNOWN, "key")
    is_supervisor = Role.SUPERVISOR in decision.actor.roles
    if not is_supervisor and not {decision.actor.person, *decision.actor.covers} & set(decision.holders(waiting.roles)):
        raise refuse(Code.NOT_THE_PARTY, "key")
    days = decision.calendar.working_days_between(decision.today, command.until)
    if command.until <= decision.today or days > LONGEST_ANSWER:
        raise refuse(Code.WAIT_PERIOD, "until", days=LONGEST_ANSWER)
    until = decision.calendar.after(start_of_day(command.until), _OFFICE_OPENS)
    before, times = waiting.answer, waiting.answer.times if waiting.answer else 0
    said = (command.waiting_on, until, decision.actor.person)
    is_repeat = before is not None and (before.waiting_on, before.until, before.by) == said
    if before and is_repeat and command.reason in (None, before.reason):
        return
    if not (waiting.may_be_answered or is_supervisor or is_repeat):
        raise refuse(Code.ANSWERED_TOO_OFTEN, "key", times=MOST_ANSWERS)
    decision.record(
        ev.WaitAnswered,
        waiting=waiting.key,
        waiting_on=command.waiting_on,
        until=until,
        times=times if is_repeat else times + 1,
        reason=command.reason,
    )


def look_again(decision: Decision, before: Waiting) -> Taken | None:
    """Return who has a wait; when the time to look again has come it is over, and he is told so once (P6)."""
    taken = before.taken
    if taken is None or taken.is_over or taken.look_again_at > decision.now:
        return taken
    subject = WaitSubject(key=before.key, since=before.since, look_again_at=taken.look_again_at)
    if not any(notice.about == LOOK_AGAIN for notice in _by_cause(decision, before)):
        decision.notify(Address.person(taken.by), LOOK_AGAIN, subject)
    return taken.model_copy(update={"is_over": True})


def _by_cause(decision: Decision, before: Waiting) -> Iterator[ev.NoticeRaised]:
    """Yield the notices of this decision about waits of the same escalation."""
    same = {waiting.key for waiting in decision.before.waiting if waiting.escalation == before.escalation}
    return (e for e in decision.events if isinstance(e, ev.NoticeRaised) and e.waiting in same)


@decides(cmd.MarkSeen, after_closing=True)
def mark_seen(decision: Decision, command: cmd.MarkSeen) -> None:
    """Record that a notice was seen; that informs nobody (P4)."""
    decision.record(ev.NoticeSeen, notice=command.notice)


@decides(cmd.ReportUnreachable, after_closing=True)
def report_unreachable(decision: Decision, command: cmd.ReportUnreachable) -> None:
    """Record that a recipient could not be reached outward, and tell the supervisors once (P7)."""
    decision.record(ev.RecipientUnreachable, notice=command.notice, recipient=command.recipient)
    supervisors = Address.supervisors(decision.state.unit)
    decision.notify(supervisors, "unreachable", NoticeSubject(notice=command.notice))
