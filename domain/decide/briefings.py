"""Deciding the content of a briefing: material facts, notes for both, what heads it, what went before taught (P3)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from uuid import UUID

from domain import events as ev
from domain.calendar import Calendar
from domain.decide.breaches import breaches_of
from domain.decide.decision import Decision
from domain.decide.former_content import FormerContent, former_content
from domain.identity import ENGINE, ENGINE_ACTOR
from domain.rules_port import FactRule, RuleBook
from domain.state.briefing import Correction, Lesson, Manifest, ManifestFact
from domain.state.course import CourseState, Visit
from domain.state.facts import Audience, Carried, Fact, Note
from domain.state.verdict import Task, VisitVerdict


def gates(decision: Decision) -> list[tuple[Visit, VisitVerdict]]:
    """Return the gate of each visit that waits to be advanced; a course that ends waits at its newest visit only."""
    verdicts = {verdict.visit: verdict for verdict in decision.verdict.visits}
    visits = decision.state.open_visits
    if decision.state.closing_outcome is not None:
        visits = visits[-1:]
    return [(visit, verdicts[visit.number]) for visit in visits]


def gate_of(decision: Decision, number: int) -> VisitVerdict:
    """Return the gate of an open visit."""
    return next(verdict for verdict in decision.verdict.visits if verdict.visit == number)


def issue_versions(decision: Decision) -> None:
    """Issue what must be told of each visit."""
    for visit, gate in gates(decision):
        issue_if_changed(decision, visit, gate)


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


def is_shown_with(decision: Decision, visit: Visit, gate: VisitVerdict, read: Iterable[Manifest]) -> bool:
    """Say whether the version of a visit shows its content, but for lessons which the others that were read show."""
    if visit.briefing is None:
        return False
    other = {manifest.visit: manifest for manifest in read}
    content = _manifest(decision, visit, gate, with_waiting=False)
    if not all(other[lesson.visit].teaches(lesson) for lesson in content.lessons if lesson.visit in other):
        return False
    lessons = tuple(lesson for lesson in content.lessons if lesson.visit not in other)
    return visit.briefing.manifest.has_content_of(content.model_copy(update={"lessons": lessons}))


def preview(state: CourseState, number: int, rules: RuleBook, now: datetime, calendar: Calendar) -> Manifest:
    """Return what the briefing of an open visit would say if a version were issued now; nothing is issued by it."""
    decision = Decision(state, rules, calendar, now, ENGINE_ACTOR, state.course)
    return _manifest(decision, decision.open_visit(number), gate_of(decision, number), with_waiting=True)


def _manifest(decision: Decision, visit: Visit, gate: VisitVerdict, *, with_waiting: bool) -> Manifest:
    """Return the content of a visit's briefing, the last one of every visit that it ends.

    What may wait is content once something else makes a version, and so is what only other rules make content.
    """
    route, former = gate.way, None if with_waiting else former_content(decision.state, visit)
    is_last = route is not None and route.closing is not None
    briefed = briefed_visits(decision.state, visit, gate)
    elsewhere = _notes_elsewhere(decision.state, visit, briefed, with_waiting=with_waiting or is_last)
    return Manifest(
        course=decision.state.course,
        visit=visit.number,
        step=visit.step,
        facts=_stated(_material(decision, visit, former)),
        notes=_notes(decision.state, briefed, with_waiting=with_waiting or is_last),
        first_notes=_first_notes(decision),
        knowledge=tuple(note.id for note in elsewhere if note.is_knowledge),
        waivers=tuple(waiver for place in briefed for waiver in place.waivers),
        breaches=_breaches(decision, briefed, former),
        disputes=tuple(dispute.content for place in briefed for dispute in place.disputes),
        corrections=_corrections(decision.state, visit),
        lessons=tuple(_lessons(decision, visit, briefed, [note for note in elsewhere if note.is_lesson], former)),
        to=route.to if route else None,
        closing=route.closing if route else None,
        stays=route.stays if route else False,
        tasks=_tasks(decision, visit, gate),
        rules=decision.rules.reference,
    )


def _breaches(decision: Decision, briefed: tuple[Visit, ...], former: FormerContent | None) -> tuple[str, ...]:
    """Return what of the law was not met in the visits that a briefing is of.

    What was noted is content until the next version, though other rules no longer ask it, unless it has come (P3).
    """
    verdicts = {verdict.visit: verdict for verdict in decision.verdict.visits}
    each = (breaches_of(decision.state, visit, verdicts[visit.number], decision.now) for visit in briefed)
    has_come = {r.requirement for visit in briefed for r in verdicts[visit.number].requirements if not r.is_open}
    noted = (name for name in former.manifest.breaches if name not in has_come) if former is not None else ()
    return tuple(dict.fromkeys((*noted, *chain.from_iterable(each))))


def briefed_visits(state: CourseState, visit: Visit, gate: VisitVerdict) -> tuple[Visit, ...]:
    """Return the visits whose content a visit's briefing has: by the last one every open visit ends."""
    is_last = gate.route is not None and gate.route.closing is not None
    return state.open_visits if is_last else (visit,)


def _notes(state: CourseState, briefed: tuple[Visit, ...], *, with_waiting: bool) -> tuple[UUID, ...]:
    """Return the notes for both roles that are content of the briefing of some visits."""
    places = {visit.number for visit in briefed}
    elsewhere = {visit.number for visit in state.open_visits} - places

    def is_content(note: Note) -> bool:
        if note.waits_for_version:
            return with_waiting and note.visit not in elsewhere
        return note.briefed_with in places

    return tuple(note.id for note in state.notes if note.audience is Audience.BOTH and is_content(note))


def _notes_elsewhere(
    state: CourseState, visit: Visit, briefed: tuple[Visit, ...], *, with_waiting: bool
) -> tuple[Note, ...]:
    """Return the notes for both roles of other visits than those briefed; what may wait causes no version here."""
    places = {place.number for place in briefed}
    on_record = visit.briefing.manifest.notes_elsewhere if visit.briefing is not None else frozenset()

    def is_content(note: Note) -> bool:
        if note.audience is not Audience.BOTH or note.waits_for_version or note.briefed_with in places:
            return False
        return with_waiting or not note.may_wait or note.id in on_record

    return tuple(note for note in state.notes if is_content(note))


def _stated(facts: Iterable[Fact]) -> tuple[ManifestFact, ...]:
    ordered = sorted(facts, key=lambda fact: (fact.visit or 0, fact.fact))
    return tuple(as_content(fact) for fact in ordered)


def as_content(fact: Fact) -> ManifestFact:
    """Return a fact as a briefing states it."""
    return ManifestFact(fact=fact.fact, value=fact.value, occurred_on=fact.occurred_on.isoformat())


def _corrections(state: CourseState, visit: Visit) -> tuple[Correction, ...]:
    """Return what proved wrong, since a visit was entered, of that on which those that are left rested (P13)."""
    left = (other for other in state.visits if not other.is_open)
    return tuple(made for other in left for made in other.corrections if made.at >= visit.entered_at)


def _material(decision: Decision, visit: Visit, former: FormerContent | None) -> Iterator[Fact]:
    """Yield the facts that count for the briefing: the course's, the visit's and those reality ran ahead with."""
    stated_here = [f for f in decision.state.facts if f.visit == visit.number]
    stated_ahead = [f for f in decision.state.facts if f.visit is None and f.step != visit.step]
    for name, place in {(f.fact, f.visit) for f in (*stated_here, *stated_ahead)}:
        rule = decision.rules.fact(name)
        on_record = decision.state.on_record(name, place)
        if on_record is not None and _is_content(on_record.fact, rule, former):
            yield on_record.fact


def _is_content(fact: Fact, rule: FactRule | None, former: FormerContent | None) -> bool:
    """Say whether a fact is content; until the next version other rules change nothing of what was said before (P3)."""
    shown = former.says_of(fact) if former is not None else None
    return (rule is not None and (rule.is_material or rule.carried is Carried.FIRST)) if shown is None else shown


def _first_notes(decision: Decision) -> tuple[UUID, ...]:
    """Return the newest note of each kind that heads every briefing."""
    newest = {note.kind: note.id for note in decision.state.notes if note.heads_briefings}
    return tuple(newest[kind] for kind in sorted(newest))


def _lessons(
    decision: Decision, visit: Visit, briefed: Iterable[Visit], notes: Iterable[Note], former: FormerContent | None
) -> Iterator[Lesson]:
    """Yield what each visit that is left taught, and each that this briefing ends; the newest first (P13)."""
    taught_by = (f for f in decision.state.facts if _is_lesson(decision, f, former))
    facts = {(f.visit, f.fact) for f in taught_by if f.visit is not None}
    taught = {place for place, _ in facts} | {note.visit for note in notes}
    beside = {place.number for place in decision.state.open_visits} - {place.number for place in briefed}
    for place in sorted(taught - beside - {visit.number}, reverse=True):
        stated = (decision.state.on_record(name, place) for number, name in facts if number == place)
        yield Lesson(
            visit=place,
            p_number=decision.rules.workplaces.of(decision.state, place),
            facts=_stated(on_record.fact for on_record in stated if on_record is not None),
            notes=tuple(note.id for note in notes if note.visit == place),
        )


def _tasks(decision: Decision, visit: Visit, gate: VisitVerdict) -> tuple[Task, ...]:
    """Return what holds the next steps, and by whom it is to be done; a step that is joined is under way already."""
    if gate.way is None:
        return ()
    beside = {other.step for other in decision.state.open_visits if other.number != visit.number}
    entered = (step for step in gate.way.to if not (gate.way.joins and step in beside))
    return tuple(task for step in entered for task in decision.rules.tasks(step))


def _is_lesson(decision: Decision, fact: Fact, former: FormerContent | None) -> bool:
    """Say whether a fact of a visit is what it taught; until the next version other rules change nothing of that."""
    rule, place = decision.rules.fact(fact.fact), decision.state.visit(fact.visit or 0)
    taught = former.teaches(fact, place) if former is not None else None
    return (rule is not None and rule.carried is Carried.NEXT) if taught is None else taught
