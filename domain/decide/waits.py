"""What a course waits for, from whom and since when; and who hears of it when the wait is silent (P5, P6)."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Final

from domain import events as ev
from domain.course import Visit
from domain.decide.turn import DANISH_TIME, Turn
from domain.facts import NoteKind
from domain.identity import (
    ENGINE,
    GATE_ROLES,
    Role,
    notice_id,
    person_address,
    supervisors_address,
    unit_address,
)
from domain.verdict import VisitVerdict
from domain.waiting import Rung, Span, Waiting, WaitingKind

ANNOUNCED: Final = frozenset(
    {
        WaitingKind.ACKNOWLEDGEMENT,
        WaitingKind.ASSIGNMENT,
        WaitingKind.CATCH_UP,
        WaitingKind.DISPUTE,
        WaitingKind.QUESTION,
    }
)
"""The waits of which those asked are told at once; the others are read in the inbox."""

_SUPERVISOR: Final = "supervisor"


def open_waits(turn: Turn, gates: list[tuple[Visit, VisitVerdict]]) -> tuple[Waiting, ...]:
    """Return what the course waits for now, each at its rung of the ladder; raise the notices that are due."""
    if turn.state.is_over:
        return ()
    ready = {visit.number: gate.is_ready for visit, gate in gates}
    waits = [*_course_waits(turn)]
    for visit, gate in gates:
        waits += _visit_waits(turn, visit, gate)
    waits.append(_silence(turn))
    if turn.state.is_paused:
        return (_climb(turn, _pause(turn), may_tell_supervisor=True), *_standing_still(turn, waits))
    return tuple(_climb(turn, waiting, may_tell_supervisor=_is_last_thing_missing(waiting, ready)) for waiting in waits)


def _standing_still(turn: Turn, waits: list[Waiting]) -> Iterator[Waiting]:
    """Yield the waits that a pause found, each on the rung it was on; new ones begin when the clock runs again."""
    keys = {waiting.key for waiting in waits}
    for before in turn.state.waiting:
        if before.key in keys:
            yield before.model_copy(update={"next_rung_at": None})


def _is_last_thing_missing(waiting: Waiting, ready: dict[int, bool]) -> bool:
    """Say whether a supervisor may hear of it: of a missing receipt only when nothing else is missing (P6)."""
    is_receipt = waiting.kind is WaitingKind.ACKNOWLEDGEMENT
    return not is_receipt or ready.get(waiting.visit or 0, True)


def _waiting(
    turn: Turn, key: str, kind: WaitingKind, roles: tuple[Role, ...], since: datetime, **more: object
) -> Waiting:
    """Return a wait for the holders of `roles`."""
    persons = tuple(dict.fromkeys(p for role in roles if (p := turn.state.holder(role))))
    values = {"persons": persons, **more}
    return Waiting.model_validate({"key": key, "kind": kind, "roles": roles, "since": since, **values})


def _pause(turn: Turn) -> Waiting:
    since = turn.state.pauses[-1].since
    key = f"pause/{since.isoformat()}"
    roles = (Role.CASEWORKER,)
    return _waiting(turn, key, WaitingKind.PAUSE, roles, since, until=turn.state.resumes_at)


def _silence(turn: Turn) -> Waiting:
    """Return the wait for any change at all; it is looked at again only when its rung comes, to keep history short."""
    before = next((w for w in turn.state.waiting if w.kind is WaitingKind.SILENCE), None)
    if before is not None and not before.level and before.next_rung_at and before.next_rung_at > turn.now:
        return before
    since = turn.state.changed_at or turn.now
    return _waiting(turn, f"silence/{since.isoformat()}", WaitingKind.SILENCE, GATE_ROLES, since)


def _course_waits(turn: Turn) -> Iterator[Waiting]:
    """Yield what the course as a whole waits for: somebody in each role, catching up, answers."""
    state = turn.state
    for role in GATE_ROLES:
        party = state.party(role)
        if party is None or party.person is None:
            key = f"assignment/{role}/{party.generation if party else 0}"
            since = party.since if party else state.started_at or turn.now
            yield _waiting(turn, key, WaitingKind.ASSIGNMENT, (role,), since, what=role.value)
    for c in state.catch_ups:
        key = f"catch_up/{c.visit}/{c.version}/{c.role}"
        yield _waiting(turn, key, WaitingKind.CATCH_UP, (c.role,), c.since, visit=c.visit)
    for note in state.notes:
        if note.kind is NoteKind.QUESTION and note.to and note.id not in state.answered:
            role = Role(note.to)
            yield _waiting(turn, f"question/{note.id}", WaitingKind.QUESTION, (role,), note.at, visit=note.visit)


def _visit_waits(turn: Turn, visit: Visit, gate: VisitVerdict) -> Iterator[Waiting]:
    """Yield what one visit waits for before it may be advanced."""
    n = visit.number
    holding = [requirement for requirement in gate.requirements if requirement.holds_back]
    for r in holding:
        key = f"{n}/requirement/{r.requirement}"
        since = _since(turn, visit, key)
        more = {"visit": n, "what": r.requirement, "until": r.due}
        yield _waiting(turn, key, WaitingKind.REQUIREMENT, r.roles or GATE_ROLES, since, **more)
    if gate.route is None and not holding:
        key = f"{n}/decision"
        roles = gate.route_roles or GATE_ROLES
        yield _waiting(turn, key, WaitingKind.DECISION, roles, _since(turn, visit, key), visit=n)
    yield from _receipt_waits(turn, visit)


def _since(turn: Turn, visit: Visit, key: str) -> datetime:
    """Return since when: as recorded, or the day a visit just entered began in reality, or now."""
    before = next((waiting for waiting in turn.state.waiting if waiting.key == key), None)
    if before is not None:
        return before.since
    if visit.entered_at != turn.now:
        return turn.now
    began = datetime.combine(visit.entered_on, time(), DANISH_TIME).astimezone(turn.now.tzinfo)
    return turn.now if visit.entered_on == turn.today else began


def _receipt_waits(turn: Turn, visit: Visit) -> Iterator[Waiting]:
    """Yield the missing receipts of the current version; a dispute waits for both roles to agree."""
    briefing = visit.briefing
    if briefing is None:
        return
    head = f"{visit.number}/{{}}/{briefing.version}"
    disputed = [receipt for receipt in briefing.receipts if receipt.disputed]
    for receipt in disputed[:1]:
        key = f"{head.format('dispute')}/{receipt.role}"
        yield _waiting(turn, key, WaitingKind.DISPUTE, GATE_ROLES, receipt.at, visit=visit.number)
    missing = [r for r in briefing.missing if not any(d.role == r for d in disputed)]
    for roles in [tuple(missing)] if turn.state.shared_role and missing else [(r,) for r in missing]:
        party = turn.state.party(roles[0])
        if party is None or party.person is None:
            continue
        key = f"{head.format('acknowledgement')}/{roles[0]}/{party.generation}"
        since = max(briefing.issued_at, party.since)
        yield _waiting(turn, key, WaitingKind.ACKNOWLEDGEMENT, roles, since, visit=visit.number)


def _climb(turn: Turn, waiting: Waiting, *, may_tell_supervisor: bool) -> Waiting:
    """Return the wait at its rung, and tell those of the highest overdue rung, once (P6)."""
    before = next((w for w in turn.state.waiting if w.key == waiting.key), None)
    if before is None and waiting.kind in ANNOUNCED:
        _tell(turn, waiting, waiting.kind.value, _asked(turn, waiting), level=0)
    level = before.level if before is not None else 0
    rungs = _rungs(turn, waiting)
    due = _due(turn, waiting, rungs, level)
    reached: Rung | None = None
    stalled = before.stalled if before is not None else False
    while due is not None and due <= turn.now and _may_tell(rungs, level, may_tell_supervisor=may_tell_supervisor):
        reached = rungs[min(level, len(rungs) - 1)]
        stalled = stalled or _SUPERVISOR in reached.tell
        level += 1
        due = _due(turn, waiting, rungs, level)
    if reached is not None:
        _tell(turn, waiting, "escalation", _told(turn, waiting, reached), level=level)
    blocked = due is not None and not _may_tell(rungs, level, may_tell_supervisor=may_tell_supervisor)
    next_rung = None if blocked else due
    until = waiting.until or (before.until if before else None) or next_rung
    return waiting.model_copy(update={"level": level, "stalled": stalled, "next_rung_at": next_rung, "until": until})


def _rungs(turn: Turn, waiting: Waiting) -> tuple[Rung, ...]:
    visit = turn.state.visit(waiting.visit) if waiting.visit is not None else None
    return turn.rules.rungs(waiting.kind, visit.step if visit else None, waiting.what)


def _may_tell(rungs: tuple[Rung, ...], level: int, *, may_tell_supervisor: bool) -> bool:
    """Say whether the next rung may be told now; one for supervisors alone waits for its condition."""
    tells = rungs[min(level, len(rungs) - 1)].tell
    return may_tell_supervisor or any(told != _SUPERVISOR for told in tells)


def _due(turn: Turn, waiting: Waiting, rungs: tuple[Rung, ...], level: int) -> datetime | None:
    """Return when the rung after `level` is reached; a last rung that repeats comes again and again."""
    if not rungs or (level >= len(rungs) and not rungs[-1].repeat):
        return None
    rung = rungs[min(level, len(rungs) - 1)]
    times = max(1, level - len(rungs) + 2)
    span = Span(amount=rung.after.amount * times, unit=rung.after.unit)
    person = waiting.persons[0] if waiting.persons else None
    pauses = tuple(pause for pause in turn.state.pauses if pause.until is not None)
    return turn.calendar.after(waiting.since, span, person=person, pauses=pauses)


def _asked(turn: Turn, waiting: Waiting) -> tuple[str, ...]:
    """Return the addresses of those a wait is for: persons, else the queue, else the supervisors."""
    if waiting.persons:
        return tuple(person_address(person) for person in waiting.persons)
    party = turn.state.party(waiting.roles[0]) if waiting.roles else None
    if party is not None and party.unit is not None:
        return (unit_address(party.unit),)
    return (supervisors_address(turn.state.unit),)


def _told(turn: Turn, waiting: Waiting, rung: Rung) -> tuple[str, ...]:
    """Return the addresses of those a rung tells."""
    addresses: list[str] = []
    for told in rung.tell:
        if told == _SUPERVISOR:
            addresses.append(supervisors_address(turn.state.unit))
        elif told == "unit":
            addresses.append(unit_address(turn.state.unit))
        elif told == "asked":
            addresses.extend(_asked(turn, waiting))
        elif holder := turn.state.holder(Role(told)):
            addresses.append(person_address(holder))
    return tuple(dict.fromkeys(addresses))


def _tell(turn: Turn, waiting: Waiting, about: str, addresses: tuple[str, ...], *, level: int) -> None:
    """Raise one notice per address; its identity follows from the wait, since when it is, and the rung (P7)."""
    cause = f"{waiting.key}/{waiting.since.isoformat()}/{about}/{level}"
    for address in addresses:
        turn.happen(
            ev.NoticeRaised,
            by=ENGINE,
            notice=notice_id(turn.state.course, cause, address),
            about=about,
            recipient=address,
            visit=waiting.visit,
            level=level or None,
            waiting=waiting.key,
        )
