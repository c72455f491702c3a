"""Reckons what a course waits for, from whom, since when and until when (P5)."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from domain.calendar import start_of_day
from domain.decide.decision import Decision
from domain.decide.settle.eves import tell_on_the_eve
from domain.decide.settle.ladders import Notified, announce, climb, join_escalations
from domain.decide.stories import story_asked
from domain.identity import GATE_ROLES, Role
from domain.state.course import Visit
from domain.state.verdict import Outcome, RequirementVerdict, VisitVerdict
from domain.state.waiting import Waiting, WaitingKey, WaitingKind


def open_waits(decision: Decision, gates: list[tuple[Visit, VisitVerdict]]) -> tuple[Waiting, ...]:
    """Return the waits of the course now, each at its rung of the ladder; raise the notices that are due."""
    if decision.state.is_over:
        return ()
    ready = {visit.number: gate.is_ready for visit, gate in gates}
    notified: Notified = set()
    waits = [*_course_waits(decision), *_story_waits(decision)]
    for visit, gate in gates:
        waits += _visit_waits(decision, visit, gate)
    waits.append(_silence(decision))
    if decision.state.is_paused:
        return (
            climb(decision, _pause(decision), notified, may_notify_supervisor=True),
            *_paused_waits(decision, waits),
        )
    climbed = (climb(decision, w, notified, may_notify_supervisor=_is_last_thing_missing(w, ready)) for w in waits)
    return join_escalations(decision, tuple(tell_on_the_eve(decision, waiting) for waiting in climbed))


def _paused_waits(decision: Decision, waits: list[Waiting]) -> Iterator[Waiting]:
    """Yield the waits that a pause found, each on the rung it was on; new ones begin when the clock runs again.

    They are for those who hold the roles now, and who took one over hears of it at once.
    """
    asked = {waiting.key: {"roles": waiting.roles, "persons": waiting.persons} for waiting in waits}
    for before in decision.state.waiting:
        if before.key in asked:
            waiting = before.model_copy(update={"next_rung_at": None, **asked[before.key]})
            announce(decision, waiting, before)
            yield waiting


def _is_last_thing_missing(waiting: Waiting, ready: dict[int, bool]) -> bool:
    """Say whether a supervisor may hear of it: of a missing receipt only when nothing else is missing (P6)."""
    is_receipt = waiting.kind is WaitingKind.ACKNOWLEDGEMENT
    return not is_receipt or ready.get(waiting.visit or 0, True)


def _waiting(
    decision: Decision,
    key: WaitingKey,
    roles: tuple[Role, ...],
    since: datetime,
    *,
    until: datetime | None = None,
    reckoned: datetime | None = None,
) -> Waiting:
    """Return a wait for the holders of `roles`, and before each of them for who covers today."""
    asked = chain.from_iterable((decision.cover(holder), holder) for holder in decision.holders(roles))
    persons = tuple(dict.fromkeys(person for person in asked if person is not None))
    return Waiting(key=key, roles=roles, persons=persons, since=since, until=until, reckoned=reckoned)


def _pause(decision: Decision) -> Waiting:
    since = decision.state.pauses[-1].since
    key = WaitingKey(kind=WaitingKind.PAUSE, since=since)
    return _waiting(decision, key, (Role.CASEWORKER,), since, until=decision.state.resumes_at)


def _silence(decision: Decision) -> Waiting:
    """Return the wait for any change at all; it is looked at again only when its rung comes, to keep history short."""
    before = next((w for w in decision.state.waiting if w.kind is WaitingKind.SILENCE), None)
    if before is not None and not before.level and before.next_rung_at and before.next_rung_at > decision.now:
        return _waiting(decision, before.key, GATE_ROLES, before.since)
    since = decision.state.updated_at or decision.now
    return _waiting(decision, WaitingKey(kind=WaitingKind.SILENCE, since=since), GATE_ROLES, since)


def _course_waits(decision: Decision) -> Iterator[Waiting]:
    """Yield the waits of the course as a whole: for somebody in each role, for answers.

    What a former course proposes is one wait without a ladder, which ends with the first visit at the latest (P13).
    """
    state = decision.state
    for role in GATE_ROLES:
        party = state.party(role)
        if party is None or party.person is None:
            generation = party.generation if party else 0
            key = WaitingKey(kind=WaitingKind.ASSIGNMENT, what=role.value, generation=generation)
            since = party.since if party else state.started_at or decision.now
            yield _waiting(decision, key, (role,), since)
    if state.open_proposals and state.visits[0].is_open:
        since = state.started_at or decision.now
        yield _waiting(decision, WaitingKey(kind=WaitingKind.PROPOSALS), (Role.CASEWORKER,), since)
    for note in state.notes:
        if note.is_open_question and note.to:
            key = WaitingKey(kind=WaitingKind.QUESTION, visit=note.visit, note=note.id)
            yield _waiting(decision, key, (Role(note.to),), _since_asked(decision, key))


def _story_waits(decision: Decision) -> Iterator[Waiting]:
    """Yield that a good story is asked for, or that one waits for a leader to approve it."""
    asked, story = story_asked(decision), decision.state.story
    if asked is not None and decision.state.holder(asked[1]) is not None:
        visit, role = asked
        yield _waiting(decision, WaitingKey(kind=WaitingKind.STORY, visit=visit.number), (role,), visit.entered_at)
    if story is not None and story.is_waiting:
        yield _waiting(decision, WaitingKey(kind=WaitingKind.STORY_APPROVAL), (), story.at)


def _visit_waits(decision: Decision, visit: Visit, gate: VisitVerdict) -> Iterator[Waiting]:
    """Yield the waits of one visit before it may be advanced; what was refused is a decision to take elsewhere."""
    waited_for = [r for r in gate.requirements if r.is_waited_for]
    for r in (r for r in waited_for if r.outcome is not Outcome.REFUSED):
        key = WaitingKey(kind=WaitingKind.REQUIREMENT, visit=visit.number, what=r.requirement)
        since = _since(decision, visit, key, r.since)
        yield _waiting(decision, key, r.roles or GATE_ROLES, since, **_deadline(decision, visit, key, r, since))
    yield from _refused(decision, visit, [r for r in waited_for if r.outcome is Outcome.REFUSED])
    if gate.route is None and not any(r.holds_back for r in gate.requirements):
        key = WaitingKey(kind=WaitingKind.DECISION, visit=visit.number)
        yield _waiting(decision, key, gate.route_roles or GATE_ROLES, _since(decision, visit, key))
    yield from _receipt_waits(decision, visit, is_ready=gate.is_ready)


def _refused(decision: Decision, visit: Visit, refused: list[RequirementVerdict]) -> Iterator[Waiting]:
    """Yield the one decision that is to be taken of all that was refused; the refusal that it began with names it."""
    keys = {r: WaitingKey(kind=WaitingKind.DECISION, visit=visit.number, what=r.requirement) for r in refused}
    known = {waiting.key for waiting in decision.state.waiting}
    first = next((r for r in refused if keys[r] in known), refused[0] if refused else None)
    if first is not None:
        key = keys[first]
        roles = tuple(dict.fromkeys(role for r in refused for role in (r.roles or GATE_ROLES)))
        since = _since(decision, visit, key, first.since)
        yield _waiting(decision, key, roles, since, **_deadline(decision, visit, key, first, since))


def _deadline(
    decision: Decision, visit: Visit, key: WaitingKey, requirement: RequirementVerdict, since: datetime
) -> dict[str, datetime | None]:
    """Return until when a requirement is waited for, and its deadline as reckoned last.

    One that is asked for, or gets a deadline, only after the visit was entered has some time from then at least (P6).
    A deadline that is not known any more, because its ground is contradicted, stands until it is known again.
    """
    before = next((waiting for waiting in decision.state.waiting if waiting.key == key), None)
    due = requirement.due
    if before is not None and before.until is not None and before.reckoned is not None:
        if due is None:
            return {"until": before.until, "reckoned": before.reckoned}
        return {"until": _held_to(decision, before.until, due, requirement), "reckoned": due}
    asked_at = decision.now if before is not None else since
    if due is None:
        return {"until": None, "reckoned": None}
    if decision.state.re_pinned_at == decision.now:
        return {"until": max(due, _anew(decision, requirement) or due), "reckoned": due}
    least = _fairly(decision, asked_at, requirement) if asked_at > visit.entered_at else None
    return {"until": max(due, least or due), "reckoned": due}


def _held_to(decision: Decision, until: datetime, due: datetime, requirement: RequirementVerdict) -> datetime:
    """Return the deadline of a wait that had time `until`; one that is shortened never ends it early (P6).

    A running wait has the time that it would be given anew, though no longer than it had before.
    """
    anew = _anew(decision, requirement) if due < until else None
    return due if anew is None else min(until, max(due, anew))


def _anew(decision: Decision, requirement: RequirementVerdict) -> datetime | None:
    """Return the end of the whole amount from now on, or of the least that is fair where it is counted back."""
    if requirement.counts_back:
        return _fairly(decision, decision.now, requirement)
    return decision.end_of(decision.now, requirement.span)


def _fairly(decision: Decision, asked_at: datetime, requirement: RequirementVerdict) -> datetime | None:
    """Return when a wait ends at the earliest: a quarter of its time after it is asked for; the law's clock runs on."""
    if requirement.is_law or requirement.span is None:
        return None
    return decision.end_of(asked_at, requirement.span.quarter)


def _since_asked(decision: Decision, key: WaitingKey) -> datetime:
    """Return since when something is asked: as recorded, or now, also when it was answered and waits again (P6)."""
    before = next((waiting for waiting in decision.state.waiting if waiting.key == key), None)
    return before.since if before is not None else decision.now


def _since(decision: Decision, visit: Visit, key: WaitingKey, earlier: datetime | None = None) -> datetime:
    """Return since when: as recorded, or since `earlier` or the day a visit just entered began in reality, or now."""
    if any(waiting.key == key for waiting in decision.state.waiting):
        return _since_asked(decision, key)
    if visit.entered_at != decision.now:
        return decision.now
    if earlier is not None:
        return min(earlier, decision.now)
    return decision.now if visit.entered_on == decision.today else start_of_day(visit.entered_on)


def _receipt_waits(decision: Decision, visit: Visit, *, is_ready: bool) -> Iterator[Waiting]:
    """Yield the open disputes, which both roles settle, and without one the missing receipts of the current version.

    Who took a role over is asked of a version older than that only once nothing else is missing.
    """
    for dispute in visit.open_disputes:
        key = WaitingKey(kind=WaitingKind.DISPUTE, visit=visit.number, role=dispute.roles[0], note=dispute.id)
        yield _waiting(decision, key, GATE_ROLES, _since_asked(decision, key))
    briefing = visit.briefing
    if briefing is None or visit.open_disputes:
        return
    missing = briefing.missing
    for roles in [tuple(missing)] if decision.state.shared_role and missing else [(r,) for r in missing]:
        party = decision.state.party(roles[0])
        if party is None or party.person is None or (party.since > briefing.issued_at and not is_ready):
            continue
        key = WaitingKey(
            kind=WaitingKind.ACKNOWLEDGEMENT,
            visit=visit.number,
            version=briefing.version,
            role=roles[0],
            generation=party.generation,
        )
        since = max(briefing.issued_at, party.since, *(d.ended_at for d in visit.disputes if d.ended_at))
        if party.since > briefing.issued_at:
            since = max(since, _since(decision, visit, key))
        yield _waiting(decision, key, roles, since)
