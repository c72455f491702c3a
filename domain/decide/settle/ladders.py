"""Climbs a silent wait's ladder: finds the highest overdue rung, and notifies its recipients once (P6, P7)."""

from datetime import datetime
from typing import Final

from domain.address import Address
from domain.calendar import WORKING_UNITS, Pause, Span, TimeUnit, danish_day
from domain.decide.decision import Decision
from domain.decide.notices import look_again
from domain.identity import Role, escalation_id
from domain.state.notice import WaitSubject
from domain.state.verdict import TARGET_GROUP
from domain.state.waiting import Rung, Taken, Waiting, WaitingKind

ANNOUNCED: Final = frozenset(
    {
        WaitingKind.ACKNOWLEDGEMENT,
        WaitingKind.ASSIGNMENT,
        WaitingKind.DISPUTE,
        WaitingKind.QUESTION,
    }
)
"""The waits of which those asked are told at once; the others are read in the inbox."""

Notified = set[tuple[int | None, tuple[Rung, ...], int, Address]]
"""Who has been notified in this decision of missing requirements: by visit, ladder and level."""

_SUPERVISOR: Final = "supervisor"
_NEXT_DAY: Final = Span(amount=1, unit=TimeUnit.WORKING_DAYS)
_OPEN_NOW: Final = Span(amount=0, unit=TimeUnit.WORKING_HOURS)


def climb(decision: Decision, waiting: Waiting, notified: Notified, *, may_notify_supervisor: bool) -> Waiting:
    """Return the wait at its rung, and tell those of the highest overdue rung, once (P6).

    Of requirements of one visit that are missing together each is `notified` by the first that climbs the ladder.
    While a supervisor has taken it, the supervisors hear no more of it, and all others as before.
    """
    before = next((w for w in decision.state.waiting if w.key == waiting.key), None)
    taken = look_again(decision, before) if before is not None else None
    rests_until = _rests_until(taken or _taken_with_visit(decision, waiting))
    may_notify = may_notify_supervisor and rests_until is None
    if before is None and waiting.kind in ANNOUNCED:
        _notify(decision, waiting, waiting.kind.value, _asked(decision, waiting), level=0)
    level = before.level if before is not None else 0
    rungs = _rungs(decision, waiting)
    waiting = waiting.model_copy(update={"answer": before.answer if before is not None else None})
    due = _due(decision, waiting, rungs, level)
    reached: Rung | None = None
    escalation = before.escalation if before is not None else None
    while due is not None and due <= decision.now and _may_notify(rungs, level, may_notify_supervisor=may_notify):
        reached = rungs[min(level, len(rungs) - 1)]
        if _SUPERVISOR in reached.tell:
            escalation = escalation or escalation_id(decision.before.course, waiting.key, waiting.since)
        level += 1
        due = _due(decision, waiting, rungs, level)
    if reached is not None:
        addresses = _recipients(decision, waiting, reached, rests=rests_until is not None)
        if waiting.kind is WaitingKind.REQUIREMENT:
            addresses = _not_yet_notified(notified, addresses, (waiting.visit, rungs, level))
        _notify(decision, waiting, "escalation", addresses, level=level)
    blocked = due is not None and not _may_notify(rungs, level, may_notify_supervisor=may_notify)
    next_rung = None if blocked else due
    update = {
        "level": level,
        "escalation": escalation,
        "next_rung_at": min(filter(None, (next_rung, rests_until)), default=None),
        "moved_days": _moved_days(decision, waiting, rungs, level, due),
        "until": waiting.until or _first_rung(decision, waiting, rungs, next_rung),
        "taken": taken,
    }
    return waiting.model_copy(update=update)


def _rests_until(taken: Taken | None) -> datetime | None:
    """Return until when the supervisors hear no more of what one of them has taken."""
    return taken.look_again_at if taken is not None and not taken.is_over else None


def _taken_with_visit(decision: Decision, waiting: Waiting) -> Taken | None:
    """Return who has taken what else the visit lacks, unless it is time to look again."""
    if waiting.kind is not WaitingKind.REQUIREMENT:
        return None
    lacking = (w for w in decision.state.waiting if _is_escalated_requirement(w) and w.visit == waiting.visit)
    taken = next((w.taken for w in lacking), None)
    return taken if taken is not None and taken.look_again_at > decision.now else None


def join_escalations(decision: Decision, waits: tuple[Waiting, ...]) -> tuple[Waiting, ...]:
    """Return the waits with one escalation for all requirements that a visit lacks: one cause, taken once (P6)."""
    escalated = [waiting for waiting in waits if _is_escalated_requirement(waiting)]
    before = {waiting.key for waiting in decision.state.waiting if waiting.escalation}
    first: dict[int | None, Waiting] = {}
    for waiting in sorted(escalated, key=lambda waiting: waiting.key not in before):
        first.setdefault(waiting.visit, waiting)
    return tuple(_joined(waiting, first[waiting.visit]) if waiting in escalated else waiting for waiting in waits)


def _is_escalated_requirement(waiting: Waiting) -> bool:
    return waiting.kind is WaitingKind.REQUIREMENT and waiting.escalation is not None


def _joined(waiting: Waiting, first: Waiting) -> Waiting:
    return waiting.model_copy(update={"escalation": first.escalation, "taken": first.taken})


def _rungs(decision: Decision, waiting: Waiting) -> tuple[Rung, ...]:
    """Return the ladder of a wait as it was on the day on which the wait began."""
    visit = decision.state.visit(waiting.visit) if waiting.visit is not None else None
    group = decision.state.on_record(TARGET_GROUP)
    return decision.rules.rungs(
        waiting.kind,
        visit.step if visit else None,
        waiting.what,
        began=danish_day(waiting.since),
        target_group=str(group.fact.value) if group else None,
    )


def _may_notify(rungs: tuple[Rung, ...], level: int, *, may_notify_supervisor: bool) -> bool:
    """Say whether the next rung may be told now; one for supervisors alone waits for its condition."""
    recipients = rungs[min(level, len(rungs) - 1)].tell
    return may_notify_supervisor or any(notified != _SUPERVISOR for notified in recipients)


def _first_rung(
    decision: Decision, waiting: Waiting, rungs: tuple[Rung, ...], next_rung: datetime | None
) -> datetime | None:
    """Return the end of a wait without a deadline: its first rung, as the calendar has it now, else the next one.

    No answer moves it.
    """
    return _due(decision, waiting.model_copy(update={"answer": None}), rungs, 0) or next_rung


def _due(decision: Decision, waiting: Waiting, rungs: tuple[Rung, ...], level: int) -> datetime | None:
    """Return when the rung after `level` is reached; a last rung that repeats comes again and again.

    One that is counted from the deadline is not reached while that is not known.
    People are told in their working hours: what a calendar day ends or begins is told when they are at work next, and
    two rungs that a weekend would make one are a working day apart, so that nobody is passed over.
    In a course that was taken over, what was due before its quiet time ends counts as due then.
    """
    if not rungs or (level >= len(rungs) and not rungs[-1].repeat):
        return None
    rung = rungs[min(level, len(rungs) - 1)]
    times = max(1, level - len(rungs) + 2)
    span = Span(amount=rung.after.amount * times, unit=rung.after.unit)
    person = waiting.persons[0] if waiting.persons else None
    since = waiting.since if not rung.from_due else waiting.until if waiting.reckoned else None
    if since is None:
        return None
    answered_until = waiting.answer.until if waiting.answer else since
    since = max(since, decision.state.quiet_until or since, since if rung.from_due else answered_until)
    reached = _reached_at_work(decision, since, span, person)
    if 0 < level < len(rungs) and rungs[level - 1].from_due == rung.from_due and span.unit not in WORKING_UNITS:
        earlier = _reached_at_work(decision, since, rungs[level - 1].after, person)
        reached = decision.calendar.after(reached, _NEXT_DAY, person=person) if earlier == reached else reached
    return max(reached, answered_until)


def _reached_at_work(decision: Decision, since: datetime, span: Span, person: str | None) -> datetime:
    """Return when a span has passed and the person is at work."""
    reached = decision.calendar.after(since, span, person=person, pauses=ended_pauses(decision))
    return reached if span.unit in WORKING_UNITS else decision.calendar.after(reached, _OPEN_NOW, person=person)


def _moved_days(decision: Decision, waiting: Waiting, rungs: tuple[Rung, ...], level: int, due: datetime | None) -> int:
    """Return the offices' working days by which the rung after `level` is later in the time of the person asked."""
    if due is None or not waiting.persons:
        return 0
    offices = _due(decision, waiting.model_copy(update={"persons": ()}), rungs, level)
    if offices is None or offices >= due:
        return 0
    return decision.calendar.working_days_between(danish_day(offices), danish_day(due))


def _asked(decision: Decision, waiting: Waiting) -> tuple[Address, ...]:
    """Return the addresses of those a wait is for: persons, else the queue, else the supervisors."""
    if waiting.persons:
        return tuple(Address.person(person) for person in waiting.persons)
    party = decision.state.party(waiting.roles[0]) if waiting.roles else None
    if party is not None and party.unit is not None:
        return (Address.unit(party.unit),)
    return (Address.supervisors(decision.state.unit),)


def _recipients(decision: Decision, waiting: Waiting, rung: Rung, *, rests: bool) -> tuple[Address, ...]:
    """Return the addresses of those a rung tells; not the supervisors while one of them has taken the wait."""
    addresses: list[Address] = []
    for notified in rung.tell:
        if notified == _SUPERVISOR and rests:
            continue
        if notified == _SUPERVISOR:
            addresses.append(Address.supervisors(decision.state.unit))
        elif notified == "unit":
            addresses.append(Address.unit(decision.state.unit))
        elif notified == "asked":
            addresses.extend((*_asked(decision, waiting), *_beside_unknown(decision, waiting.roles)))
        elif holder := decision.state.holder(Role(notified)):
            addresses.extend((Address.person(holder), *_beside_unknown(decision, (Role(notified),))))
    return tuple(dict.fromkeys(addresses))


def _beside_unknown(decision: Decision, roles: tuple[Role, ...]) -> tuple[Address, ...]:
    """Return the queue that hears of it too where the directory does not know who holds one of the roles (P5)."""
    if not any((role, decision.state.holder(role)) in decision.unknown for role in roles):
        return ()
    unit = decision.state.unit
    return (Address.unit(unit) if unit else Address.supervisors(unit),)


def _not_yet_notified(
    notified: Notified, addresses: tuple[Address, ...], climbed: tuple[int | None, tuple[Rung, ...], int]
) -> tuple[Address, ...]:
    """Return those who have not been told of what climbed so far, and count them as told."""
    unnotified = tuple(address for address in addresses if (*climbed, address) not in notified)
    notified.update((*climbed, address) for address in unnotified)
    return unnotified


def _notify(decision: Decision, waiting: Waiting, about: str, addresses: tuple[Address, ...], *, level: int) -> None:
    """Raise one notice per address; its identity follows from the wait, since when it is, and the rung (P7)."""
    answered = waiting.answer.times if waiting.answer else None
    subject = WaitSubject(key=waiting.key, since=waiting.since, level=level or None, answered=answered)
    for address in addresses:
        decision.notify(address, about, subject)


def ended_pauses(decision: Decision) -> tuple[Pause, ...]:
    """Return the stretches that do not count for what runs now."""
    return tuple(pause for pause in decision.state.pauses if pause.until is not None)
