"""Deciding the content of a briefing: material facts, notes for both, what heads it, what went before taught (P3)."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from domain import events as ev
from domain.decide.decision import Decision
from domain.identity import ENGINE
from domain.state.briefing import Manifest, ManifestFact
from domain.state.course import CourseState, Visit
from domain.state.facts import Audience, Carried, Fact, Note
from domain.state.verdict import VisitVerdict


def issue_if_changed(decision: Decision, visit: Visit, gate: VisitVerdict) -> None:
    """Issue a version when the gate is otherwise met or one was asked for, and at each material change (P3)."""
    if visit.briefing is None and not (gate.is_ready or visit.asked_early):
        return
    if visit.briefing is not None:
        content = _manifest(decision, visit, gate, with_waiting=False)
        if visit.briefing.manifest.has_content_of(content):
            return
    manifest = _manifest(decision, visit, gate, with_waiting=True)
    decision.record(
        ev.BriefingIssued,
        by=ENGINE,
        visit=visit.number,
        version=visit.versions + 1,
        digest=manifest.digest,
        manifest=manifest,
    )


def _manifest(decision: Decision, visit: Visit, gate: VisitVerdict, *, with_waiting: bool) -> Manifest:
    """Return the content of a visit's briefing, the last one of every visit that it ends.

    What may wait is content once something else makes a version.
    """
    taught = _taught(decision, visit)
    route = gate.route
    is_last = route is not None and route.closing is not None
    briefed = decision.state.open_visits if is_last else (visit,)
    return Manifest(
        course=decision.state.course,
        visit=visit.number,
        step=visit.step,
        facts=_stated(_material(decision, visit)),
        notes=_notes(decision.state, briefed, with_waiting=with_waiting or is_last),
        first_notes=_first_notes(decision),
        knowledge=_knowledge(decision.state, visit, briefed, with_waiting=with_waiting or is_last),
        waivers=tuple(waiver for place in briefed for waiver in place.waivers),
        follows=taught.number if taught else None,
        learned=_stated(_carried_facts(decision, taught)) if taught else (),
        learned_notes=tuple(note.id for note in _carried_notes(decision, taught)) if taught else (),
        to=route.to if route else None,
        closing=route.closing if route else None,
        stays=route.stays if route else False,
        rules=decision.rules.reference,
    )


def _notes(state: CourseState, briefed: tuple[Visit, ...], *, with_waiting: bool) -> tuple[UUID, ...]:
    """Return the notes for both roles that are content of the briefing of some visits."""
    places = {visit.number for visit in briefed}
    elsewhere = {visit.number for visit in state.open_visits} - places

    def is_content(note: Note) -> bool:
        if note.waits_for_version:
            return with_waiting and note.visit not in elsewhere
        return note.briefed_with in places

    return tuple(note.id for note in state.notes if note.audience is Audience.BOTH and is_content(note))


def _knowledge(state: CourseState, visit: Visit, briefed: tuple[Visit, ...], *, with_waiting: bool) -> tuple[UUID, ...]:
    """Return the knowledge from other visits than those that are briefed; what may wait causes no version here."""
    places = {place.number for place in briefed}
    on_record = visit.briefing.manifest.knowledge if visit.briefing is not None else ()

    def is_content(note: Note) -> bool:
        if note.waits_for_version or note.briefed_with in places:
            return False
        return with_waiting or not note.may_wait or note.id in on_record

    return tuple(note.id for note in state.notes if note.is_knowledge and is_content(note))


def _stated(facts: Iterable[Fact]) -> tuple[ManifestFact, ...]:
    ordered = sorted(facts, key=lambda fact: (fact.visit or 0, fact.fact))
    return tuple(ManifestFact(fact=f.fact, value=f.value, occurred_on=f.occurred_on.isoformat()) for f in ordered)


def _material(decision: Decision, visit: Visit) -> Iterator[Fact]:
    """Yield the facts that count for the briefing: the course's, the visit's and those reality ran ahead with."""
    stated_here = [f for f in decision.state.facts if f.visit == visit.number]
    stated_ahead = [f for f in decision.state.facts if f.visit is None and f.step != visit.step]
    for name, place in {(f.fact, f.visit) for f in (*stated_here, *stated_ahead)}:
        rule = decision.rules.fact(name)
        on_record = decision.state.on_record(name, place)
        if rule is not None and on_record is not None and (rule.is_material or rule.carried is Carried.FIRST):
            yield on_record.fact


def _first_notes(decision: Decision) -> tuple[UUID, ...]:
    """Return the newest note of each kind that heads every briefing."""
    newest = {note.kind: note.id for note in decision.state.notes if note.heads_briefings}
    return tuple(newest[kind] for kind in sorted(newest))


def _taught(decision: Decision, visit: Visit) -> Visit | None:
    """Return the nearest visit with something to teach on a way here: that of the last to join, else its own."""
    for last in (visit.joined_by, visit.follows):
        for earlier in _way_of(decision.state, last):
            if any(_carried_facts(decision, earlier)) or any(_carried_notes(decision, earlier)):
                return earlier
    return None


def _way_of(state: CourseState, number: int | None) -> Iterator[Visit]:
    """Yield a visit and, one after the other, those that led to it."""
    visit = state.visit(number) if number is not None else None
    while visit is not None:
        yield visit
        visit = state.visit(visit.follows) if visit.follows is not None else None


def _carried_facts(decision: Decision, visit: Visit) -> Iterator[Fact]:
    for name in {f.fact for f in decision.state.facts if f.visit == visit.number}:
        rule = decision.rules.fact(name)
        on_record = decision.state.on_record(name, visit.number)
        if rule is not None and rule.carried is Carried.NEXT and on_record is not None:
            yield on_record.fact


def _carried_notes(decision: Decision, visit: Visit) -> Iterator[Note]:
    shared_notes = (
        note for note in decision.state.notes if note.visit == visit.number and note.audience is Audience.BOTH
    )
    return (note for note in shared_notes if note.carried is Carried.NEXT)
