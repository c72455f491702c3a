"""Climbs a silent wait's ladder: finds the highest overdue rung, and notifies its recipients once (P6, P7)."""

from datetime import date, datetime
from typing import Final

from domain.address import Address, AddressKind
from domain.calendar import danish_day
from domain.decide.decision import Decision
from domain.decide.notices import look_again
from domain.decide.settle.rungs import (
    SUPERVISOR,
    end_of_first_rung,
    held_to_former_rung,
    moved_days,
    next_opening,
    next_rung_due,
)
from domain.identity import GATE_ROLES, Role, escalation_id
from domain.state.course import CourseState
from domain.state.notice import WaitSubject
from domain.state.verdict import TARGET_GROUP
from domain.state.waiting import Rung, Taken, Waiting, WaitingKind

ANNOUNCED: Final = frozenset(
    {
        WaitingKind.ACKNOWLEDGEMENT,
        WaitingKind.ASSIGNMENT,
        WaitingKind.DISPUTE,
        WaitingKind.QUESTION,
        WaitingKind.STORY_APPROVAL,
    }
)
"""The waits of which those asked are told at once; the others are read in the inbox."""

Cause = tuple[WaitingKind, int | None, int | None]
"""What several waits have in common: their kind, visit and version."""

Notified = set[tuple[Cause, tuple[Rung, ...], int, Address]]
"""Who has been notified in this decision of what is missing together: by cause, ladder and level."""

_TOGETHER: Final = frozenset({WaitingKind.ACKNOWLEDGEMENT, WaitingKind.REQUIREMENT})
"""The waits that are missing together in one visit: its requirements, and the receipts of its version."""


def climb(decision: Decision, waiting: Waiting, notified: Notified, *, may_notify_supervisor: bool) -> Waiting:
    """Return the wait at its rung, and tell those of the highest overdue rung, once (P6).

    Of what is missing together in one visit each is `notified` by the first that climbs the ladder, but of receipts
    each by the own one.
    While a supervisor has taken it, the supervisors hear no more of it, and all others as before.
    """
    before = next((w for w in decision.state.waiting if w.key == waiting.key), None)
    taken = look_again(decision, before) if before is not None else None
    rests_until = _rests_until(taken or _taken_with_visit(decision, waiting))
    may_notify = may_notify_supervisor and rests_until is None
    announce(decision, waiting, before)
    waiting = _as_before(waiting, before)
    rungs = _rungs(decision, waiting)
    opens = next_opening(decision, waiting)
    reached: Rung | None = None
    waiting = held_to_former_rung(decision, waiting, rungs, before)
    due = next_rung_due(decision, waiting, rungs)
    while due is not None and due <= decision.now == opens and _may_notify(rungs, waiting, is_allowed=may_notify):
        reached = rungs[min(waiting.level, len(rungs) - 1)]
        waiting = _climbed(decision, waiting, reached)
        due = next_rung_due(decision, waiting, rungs)
    if reached is not None:
        addresses = _recipients(decision, waiting, reached, rests=rests_until is not None)
        if (cause := _cause(waiting)) is not None:
            addresses = _not_yet_notified(notified, addresses, (cause, rungs, waiting.level))
        notify(decision, waiting, "escalation", addresses, level=waiting.level)
    next_rung = max(due, opens) if due is not None and _may_notify(rungs, waiting, is_allowed=may_notify) else None
    update = {
        "next_rung_at": min(filter(None, (next_rung, rests_until)), default=None),
        "moved_days": moved_days(decision, waiting, rungs, due),
        "until": waiting.until or end_of_first_rung(decision, waiting, rungs, next_rung),
        "taken": taken,
    }
    return waiting.model_copy(update=update)


def announce(decision: Decision, waiting: Waiting, before: Waiting | None) -> None:
    """Tell those of whom a wait is asked now and was not before the command, where that is told at once."""
    if waiting.kind in ANNOUNCED:
        notify(decision, waiting, waiting.kind.value, _newly_asked(decision, waiting, before))


def _as_before(waiting: Waiting, before: Waiting | None) -> Waiting:
    """Return the wait with what it has been through so far."""
    if before is None:
        return waiting
    kept = ("answer", "level", "climbed_at", "escalation", "escalated_at", "begins", "rung_not_before")
    return waiting.model_copy(update={name: getattr(before, name) for name in kept})


def _climbed(decision: Decision, waiting: Waiting, rung: Rung) -> Waiting:
    """Return the wait one rung higher; it is escalated once the supervisors are notified."""
    update: dict[str, object] = {"level": waiting.level + 1, "climbed_at": decision.now, "rung_not_before": None}
    if SUPERVISOR in rung.tell and waiting.escalation is None:
        update["escalation"] = escalation_id(decision.before.course, waiting.key, waiting.since)
        update["escalated_at"] = decision.now
    return waiting.model_copy(update=update)


def _rests_until(taken: Taken | None) -> datetime | None:
    """Return until when the supervisors hear no more of what one of them has taken."""
    return taken.look_again_at if taken is not None and not taken.is_over else None


def _taken_with_visit(decision: Decision, waiting: Waiting) -> Taken | None:
    """Return who has taken what else the visit lacks, unless it is time to look again."""
    cause = _cause(waiting)
    lacking = (w for w in decision.state.waiting if w.escalation is not None and _cause(w) == cause)
    taken = next((w.taken for w in lacking), None) if cause is not None else None
    return taken if taken is not None and taken.look_again_at > decision.now else None


def join_escalations(decision: Decision, waits: tuple[Waiting, ...]) -> tuple[Waiting, ...]:
    """Return the waits with one escalation for all that a visit lacks together: one cause, taken once (P6)."""
    escalated = [(waiting, cause) for waiting in waits if waiting.escalation and (cause := _cause(waiting))]
    before = {waiting.key for waiting in decision.state.waiting if waiting.escalation}
    first: dict[Cause, Waiting] = {}
    for waiting, cause in sorted(escalated, key=lambda each: each[0].key not in before):
        first.setdefault(cause, waiting)
    joined = {waiting.key: _joined(waiting, first[cause]) for waiting, cause in escalated}
    return tuple(joined.get(waiting.key, waiting) for waiting in waits)


def _cause(waiting: Waiting) -> Cause | None:
    """Return what a wait has in common with others that are missing together, None for one that stands alone."""
    if waiting.kind not in _TOGETHER:
        return None
    return waiting.kind, waiting.visit, waiting.key.version


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
        target_group=str(decision.rules.as_stored(TARGET_GROUP, group.fact.value)) if group else None,
    )


def _may_notify(rungs: tuple[Rung, ...], waiting: Waiting, *, is_allowed: bool) -> bool:
    """Say whether the next rung may notify now; one for supervisors alone waits for its condition."""
    recipients = rungs[min(waiting.level, len(rungs) - 1)].tell
    return is_allowed or any(recipient != SUPERVISOR for recipient in recipients)


def asked(decision: Decision, waiting: Waiting) -> tuple[Address, ...]:
    """Return the addresses of those a wait is for: holders of its roles, else the queue, else the supervisors.

    A cover reads what the absent person is told, and outward it goes to who covers when it is sent.
    """
    return _asked_in(decision.state, waiting)


def _newly_asked(decision: Decision, waiting: Waiting, before: Waiting | None) -> tuple[Address, ...]:
    """Return the addresses of those a wait is for and was not for before the command: who took a role over hears it."""
    were_asked = _asked_in(decision.before, waiting) if before is not None else ()
    return tuple(address for address in asked(decision, waiting) if address not in were_asked)


def _asked_in(state: CourseState, waiting: Waiting) -> tuple[Address, ...]:
    holding = dict.fromkeys(address for role in waiting.roles for address in _holding(state, role))
    holders = tuple(address for address in holding if address.kind is AddressKind.PERSON)
    return holders or (_holding(state, waiting.roles[0]) if waiting.roles else ()) or (Address.supervisors(state.unit),)


def _holding(state: CourseState, role: Role) -> tuple[Address, ...]:
    """Return the address of the holder of a role, or of the queue that it is in."""
    party = state.party(role)
    if party is None:
        return ()
    if party.person is not None:
        return (Address.person(party.person),)
    return (Address.unit(party.unit),) if party.unit is not None else ()


def _recipients(decision: Decision, waiting: Waiting, rung: Rung, *, rests: bool) -> tuple[Address, ...]:
    """Return the addresses of those a rung tells; not the supervisors while one of them has taken the wait."""
    addresses: list[Address] = []
    for notified in rung.tell:
        if notified == SUPERVISOR and rests:
            continue
        if notified == SUPERVISOR:
            addresses.append(Address.supervisors(decision.state.unit))
        elif notified == "unit":
            addresses.append(Address.unit(decision.state.unit))
        elif notified == "asked":
            addresses.extend((*asked(decision, waiting), *_beside_unknown(decision, waiting.roles)))
        else:
            own = _asked_beside(decision, waiting)
            roles = tuple(r for r in (GATE_ROLES if notified == "both" else (Role(notified),)) if r not in own)
            addresses.extend(address for role in roles for address in _holding(decision.state, role))
            addresses.extend(_beside_unknown(decision, roles))
    return tuple(dict.fromkeys(addresses))


def _asked_beside(decision: Decision, waiting: Waiting) -> set[Role]:
    """Return the roles whose own receipt is as late as this one, so that they hear of that."""
    if waiting.kind is not WaitingKind.ACKNOWLEDGEMENT:
        return set()
    before = [w for w in decision.state.waiting if _cause(w) == _cause(waiting) and w.key != waiting.key]
    level = next((w.level for w in decision.state.waiting if w.key == waiting.key), 0)
    return {role for w in before if (w.level, w.since) == (level, waiting.since) for role in w.roles}


def _beside_unknown(decision: Decision, roles: tuple[Role, ...]) -> tuple[Address, ...]:
    """Return the queue that hears of it too where the directory does not know who holds one of the roles (P5)."""
    if not any((role, decision.state.holder(role)) in decision.unknown for role in roles):
        return ()
    return (Address.unit(decision.state.unit) if decision.state.unit else Address.supervisors(decision.state.unit),)


def _not_yet_notified(
    notified: Notified, addresses: tuple[Address, ...], climbed: tuple[Cause, tuple[Rung, ...], int]
) -> tuple[Address, ...]:
    """Return those who have not been told of what climbed so far, and count them as told."""
    unnotified = tuple(address for address in addresses if (*climbed, address) not in notified)
    notified.update((*climbed, address) for address in unnotified)
    return unnotified


def notify(
    decision: Decision,
    waiting: Waiting,
    about: str,
    addresses: tuple[Address, ...],
    *,
    level: int = 0,
    begins: date | None = None,
) -> None:
    """Raise one notice per address; its identity follows from the wait, since when it is, and the rung (P7).

    Or from the day on which that begins which it holds.
    """
    answered = waiting.answer.times if waiting.answer else None
    subject = WaitSubject(key=waiting.key, since=waiting.since, level=level or None, answered=answered, begins=begins)
    for address in addresses:
        decision.notify(address, about, subject)
