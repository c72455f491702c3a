"""Deciding what a briefing says: the material facts and notes, what heads it, and what went before taught (P3)."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from domain import events as ev
from domain.decide.turn import Turn
from domain.identity import ENGINE
from domain.state.briefing import Manifest, ManifestFact
from domain.state.course import CourseState, Visit
from domain.state.facts import Audience, Carried, Fact, Note
from domain.state.verdict import VisitVerdict


def issue_if_changed(turn: Turn, visit: Visit, gate: VisitVerdict) -> None:
    """Issue a version when the gate is otherwise met or one was asked for, and at each material change (P3)."""
    if visit.briefing is None and not (gate.is_ready or visit.asked_early):
        return
    manifest = _manifest(turn, visit, gate)
    if visit.briefing is not None and visit.briefing.digest == manifest.digest:
        return
    turn.happen(
        ev.BriefingIssued,
        by=ENGINE,
        visit=visit.number,
        version=visit.versions + 1,
        digest=manifest.digest,
        manifest=manifest,
    )


def _manifest(turn: Turn, visit: Visit, gate: VisitVerdict) -> Manifest:
    taught = _taught(turn, visit)
    route = gate.route
    return Manifest(
        course=turn.state.course,
        visit=visit.number,
        step=visit.step,
        facts=_stated(_material(turn, visit)),
        notes=tuple(note.id for note in turn.state.notes if note.visit == visit.number and note.is_material),
        first_notes=_first_notes(turn),
        follows=taught.number if taught else None,
        learned=_stated(_carried_facts(turn, taught)) if taught else (),
        learned_notes=tuple(note.id for note in _carried_notes(turn, taught)) if taught else (),
        to=route.to if route else None,
        closing=route.closing if route else None,
        stays=route.stays if route else False,
        rules=turn.rules.reference,
    )


def _stated(facts: Iterable[Fact]) -> tuple[ManifestFact, ...]:
    ordered = sorted(facts, key=lambda fact: (fact.visit or 0, fact.fact))
    return tuple(ManifestFact(fact=f.fact, value=f.value, occurred_on=f.occurred_on.isoformat()) for f in ordered)


def _material(turn: Turn, visit: Visit) -> Iterator[Fact]:
    """Yield the facts that count for the briefing: the course's, the visit's and those reality ran ahead with."""
    stated_here = [f for f in turn.state.facts if f.visit == visit.number]
    stated_ahead = [f for f in turn.state.facts if f.visit is None and f.step != visit.step]
    for name, place in {(f.fact, f.visit) for f in (*stated_here, *stated_ahead)}:
        rule = turn.rules.fact(name)
        known = turn.state.known(name, place)
        if rule is not None and rule.is_material and known is not None:
            yield known.fact


def _first_notes(turn: Turn) -> tuple[UUID, ...]:
    """Return the newest note of each kind that heads every briefing."""
    newest = {note.kind: note.id for note in turn.state.notes if note.heads_briefings}
    return tuple(newest[kind] for kind in sorted(newest))


def _taught(turn: Turn, visit: Visit) -> Visit | None:
    """Return the nearest visit with something to teach on a way here: that of the last to join, else its own."""
    for last in (visit.joined_by, visit.follows):
        for earlier in _way_of(turn.state, last):
            if any(_carried_facts(turn, earlier)) or any(_carried_notes(turn, earlier)):
                return earlier
    return None


def _way_of(state: CourseState, number: int | None) -> Iterator[Visit]:
    """Yield a visit and, one after the other, those that led to it."""
    visit = state.visit(number) if number is not None else None
    while visit is not None:
        yield visit
        visit = state.visit(visit.follows) if visit.follows is not None else None


def _carried_facts(turn: Turn, visit: Visit) -> Iterator[Fact]:
    for name in {f.fact for f in turn.state.facts if f.visit == visit.number}:
        rule = turn.rules.fact(name)
        known = turn.state.known(name, visit.number)
        if rule is not None and rule.carried is Carried.NEXT and known is not None:
            yield known.fact


def _carried_notes(turn: Turn, visit: Visit) -> Iterator[Note]:
    told = (note for note in turn.state.notes if note.visit == visit.number and note.audience is Audience.BOTH)
    return (note for note in told if note.carried is Carried.NEXT)
