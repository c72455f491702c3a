"""The journal as somebody reads it who only observes: what was said that he reads, and who came and went (P14)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from api.journal.statements import StatementIndex
from domain import events as ev
from domain.state.reads import Reads
from infra.store.queries.journal import JournalEntry


def statements_read_by(reads: Reads, statements: StatementIndex) -> StatementIndex:
    """Return the facts and notes that an observer reads, with their texts."""
    facts = {id_: reads.fact(fact) for id_, fact in statements.facts.items() if reads.includes_fact(fact)}
    notes = {id_: note for id_, note in statements.notes.items() if reads.includes_note(note)}
    texts = {id_: text for id_, text in statements.texts.items() if id_ in notes}
    return replace(statements, facts=facts, notes=notes, texts=texts)


def entries_read_by(
    reads: Reads, entries: Iterable[JournalEntry], statements: StatementIndex, steps: Mapping[int, str]
) -> Iterator[JournalEntry]:
    """Yield the entries that an observer reads, each without what else came with it; `steps` are those of the visits.

    What is erased, and what nothing here is said of, is not there.
    """
    visits = {visit for visit, step in steps.items() if step in reads.steps}
    for entry in entries:
        event = entry.event
        left = _read_by(reads, event, statements, visits) if event is not None else None
        if left is not None:
            detail = left.model_dump(mode="json", exclude={"kind", "v", "at", "by", "visit"})
            visit = entry.visit if entry.visit in visits else None
            yield entry.model_copy(update={"detail": detail, "visit": visit})


def _read_by(reads: Reads, event: ev.Event, statements: StatementIndex, visits: set[int]) -> ev.Event | None:
    """Return what an observer reads of an event, None for nothing; the words that came with it are withheld apart."""
    return _of_statement(event, statements) or _of_person(event, reads.person) or _of_visit(event, visits)


def _of_statement(event: ev.Event, statements: StatementIndex) -> ev.Event | None:
    match event:
        case ev.FactsReported():
            facts = tuple(statements.facts[fact.id] for fact in event.facts if fact.id in statements.facts)
            return event.model_copy(update={"facts": facts, "source_event_id": None}) if facts else None
        case ev.NoteAdded():
            return event if event.note.id in statements.notes else None
        case ev.FactRetracted() | ev.NoteRetracted():
            named = event.fact if isinstance(event, ev.FactRetracted) else event.note
            return event if named in statements.facts or named in statements.notes else None
    return None


def _of_person(event: ev.Event, observer: str) -> ev.Event | None:
    if isinstance(event, ev.ObserverAdded | ev.ObserverRemoved):
        return event if event.person == observer else None
    return event if isinstance(event, ev.PartyAssigned) else None


def _of_visit(event: ev.Event, visits: set[int]) -> ev.Event | None:
    match event:
        case ev.VisitEntered():
            read: ev.Event = event.model_copy(update={"follows": None})
        case ev.AppointmentMade():
            read = event.model_copy(update={"place": None, "told": ()})
        case ev.AppointmentCancelled() | ev.AppointmentDeclined() | ev.AppointmentAccepted():
            read = event
        case _:
            return None
    return read if event.visit in visits else None
