"""Deciding what proved wrong of that on which left visits rested, and who is told at once (P13)."""

from collections.abc import Iterator
from uuid import UUID

from domain import events as ev
from domain.address import Address
from domain.decide.briefings import as_content
from domain.decide.decision import Decision
from domain.identity import GATE_ROLES
from domain.state.briefing import Correction
from domain.state.course import Visit
from domain.state.facts import Audience, Fact, Note, RetractionGround
from domain.state.notice import CORRECTION, CorrectionSubject
from domain.state.verdict import CLOSING_OUTCOME


def correct_left_visits(decision: Decision) -> None:
    """Record which facts and notes proved wrong on which a left visit rested, and tell both roles at once (P13)."""
    for statement, correction in (*_facts_corrected(decision), *_notes_corrected(decision)):
        decision.record(ev.BasisCorrected, correction=correction)
        holders = (decision.state.holder(role) for role in GATE_ROLES)
        subject = CorrectionSubject(visit=correction.visit, fact=correction.fact, statement=statement)
        for person in dict.fromkeys(person for person in holders if person is not None):
            decision.notify(Address.person(person), CORRECTION, subject)


def _facts_corrected(decision: Decision) -> Iterator[tuple[UUID, Correction]]:
    """Yield each statement on which a left visit rested and that proved wrong, with its correction."""
    for fact in _put_right(decision):
        visit = _rested_on(decision, fact)
        after = decision.state.on_record(fact.fact, fact.visit)
        if visit is None or (after is not None and after.fact.value == fact.value):
            continue
        hidden = any(isinstance(e, ev.FactRetracted) and e.wrong_citizen and e.fact == fact.id for e in decision.events)
        correction = Correction(
            visit=visit.number,
            fact=fact.fact,
            before=None if hidden else as_content(fact),
            after=as_content(after.fact) if after is not None else None,
            by=decision.actor.person,
            at=decision.now,
        )
        yield fact.id, correction


def _notes_corrected(decision: Decision) -> Iterator[tuple[UUID, Correction]]:
    """Yield each note for both of a left visit's briefing that proved wrong, with its correction."""
    notes = {note.id: note for note in decision.before.notes if note.audience is Audience.BOTH}
    for event in decision.events:
        if not isinstance(event, ev.NoteRetracted) or event.ground is not RetractionGround.WAS_WRONG:
            continue
        note = notes.get(event.note)
        visit = decision.state.visit(note.briefed_with) if note is not None and note.briefed_with is not None else None
        if note is not None and visit is not None and _was_left_on(note, visit):
            correction = Correction(
                visit=visit.number,
                note=note.id,
                note_kind=note.kind,
                instead=event.superseded_by,
                by=decision.actor.person,
                at=decision.now,
            )
            yield note.id, correction


def _was_left_on(note: Note, visit: Visit) -> bool:
    """Whether a visit was left on a note, or on one that stands in its place since."""
    if visit.left_at is None or visit.withdrawn:
        return False
    return note.at <= visit.left_at or any(made.instead == note.id for made in visit.corrections)


def _put_right(decision: Decision) -> Iterator[Fact]:
    """Yield the statements that counted before the command, of what it took back or reported of a visit anew."""
    gone = {event.fact for event in decision.events if isinstance(event, ev.FactRetracted)}
    stated = {(f.fact, f.visit) for e in decision.events if isinstance(e, ev.FactsReported) for f in e.facts if f.visit}
    for name, place in {(f.fact, f.visit): None for f in decision.before.facts}:
        on_record = decision.before.on_record(name, place)
        if on_record is not None and (on_record.fact.id in gone or (name, place) in stated):
            yield on_record.fact


def _rested_on(decision: Decision, fact: Fact) -> Visit | None:
    """Return the visit that rested on a fact when it was left: its own, or of a fact of the course the last one."""
    rule = decision.rules.fact(fact.fact)
    if rule is None or not rule.is_material or fact.fact == CLOSING_OUTCOME or (fact.visit is None and fact.step):
        return None
    left = (visit for visit in decision.state.visits if visit.left_at is not None and not visit.withdrawn)
    rested = [visit for visit in left if fact.visit in (None, visit.number) and _is_basis(fact, visit)]
    return rested[-1] if rested else None


def _is_basis(fact: Fact, visit: Visit) -> bool:
    """Whether a visit was left on a fact, or on what was put right to it since."""
    is_known_then = visit.left_at is not None and fact.recorded_at <= visit.left_at
    return is_known_then or any(made.fact == fact.fact for made in visit.corrections)
