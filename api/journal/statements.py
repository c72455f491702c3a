"""Every fact and note of a course, from its whole journal: the state itself keeps only the newest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.events import CourseRePinned, Event, FactRetracted, FactsReported, NoteAdded, NoteRetracted, PartyAssigned
from domain.identity import Role
from domain.state.briefing import ManifestFact
from domain.state.facts import Fact, Note
from domain.state.verdict import RulesReference
from infra.store.engine import Connection
from infra.store.queries import journal
from infra.store.queries.courses import VisibleCourse
from infra.store.registers import people
from infra.store.registers import texts as text_register
from infra.store.registers.people import Person

_KINDS: Final = (
    "party_assigned",
    "facts_reported",
    "fact_retracted",
    "note_added",
    "note_retracted",
    "course_re_pinned",
)


@dataclass(frozen=True, slots=True)
class StatementIndex:
    """Facts and notes by id, when each was retracted, who held the roles, and the people whom the directory knows.

    `re_pins` say which rules were followed until when.
    """

    facts: Mapping[UUID, Fact]
    notes: Mapping[UUID, Note]
    taken_back: Mapping[UUID, datetime]
    parties: tuple[PartyAssigned, ...]
    re_pins: tuple[CourseRePinned, ...] = ()
    superseded: Mapping[UUID, UUID] = field(default_factory=dict)
    texts: Mapping[UUID, str] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event]) -> "StatementIndex":
        """Index the statements of these events; texts and names come from the store."""
        events = tuple(events)
        return cls(
            facts={fact.id: fact for e in events if isinstance(e, FactsReported) for fact in e.facts},
            notes={e.note.id: e.note for e in events if isinstance(e, NoteAdded)},
            taken_back={_statement_of(e): e.at for e in events if isinstance(e, FactRetracted | NoteRetracted)},
            parties=tuple(e for e in events if isinstance(e, PartyAssigned)),
            re_pins=tuple(e for e in events if isinstance(e, CourseRePinned)),
            superseded=_superseded(e for e in events if isinstance(e, NoteRetracted)),
        )

    def with_planned(self, planned: "StatementIndex") -> "StatementIndex":
        """Return the same with the notes and texts of a report that is not made yet."""
        notes, texts = {**self.notes, **planned.notes}, {**self.texts, **planned.texts}
        return replace(self, notes=notes, texts=texts)

    def name(self, person: str) -> str:
        """Return a person's name, or the id where the directory does not know it."""
        listed = self.people.get(person)
        return listed.name if listed else person

    def rules_at(self, at: datetime) -> RulesReference | None:
        """Return the rules that the course followed at an instant, None for those that it follows now."""
        return next((re_pin.before for re_pin in self.re_pins if at < re_pin.at), None)

    def roles_of(self, person: str, at: datetime) -> tuple[Role, ...]:
        """Return the roles a person held in the course at an instant, else those of the directory."""
        holders = {party.role: party.to.person for party in self.parties if party.at <= at}
        held = tuple(role for role, holder in holders.items() if holder == person)
        listed = self.people.get(person)
        return held or (listed.roles if listed else ())

    def withdrawn(self, fact: ManifestFact) -> datetime | None:
        """Return when a briefing's fact was retracted, None while any statement of it counts."""
        alike = [
            stated.id
            for stated in self.facts.values()
            if (stated.fact, stated.value, stated.occurred_on.isoformat()) == (fact.fact, fact.value, fact.occurred_on)
        ]
        if not alike or not all(statement in self.taken_back for statement in alike):
            return None
        return max(self.taken_back[statement] for statement in alike)


def _superseded(events: Iterable[NoteRetracted]) -> Mapping[UUID, UUID]:
    """Return from each note that was corrected to the one that stands in its place at last."""
    last: dict[UUID, UUID] = {}
    for event in events:
        if event.superseded_by is not None:
            last = {old: event.superseded_by if new == event.note else new for old, new in last.items()}
            last[event.note] = event.superseded_by
    return last


def _statement_of(event: FactRetracted | NoteRetracted) -> UUID:
    return event.fact if isinstance(event, FactRetracted) else event.note


async def statements_in(
    connection: Connection, course: VisibleCourse, others: Iterable[str] = (), reasons: Iterable[UUID] = ()
) -> StatementIndex:
    """Return the facts and notes of a course as it is read, `reasons`, and the names of authors and of `others`."""
    entries = await journal.of_kinds(connection, course.id, _KINDS)
    statements = StatementIndex.of(entry.event for entry in entries if entry.event is not None)
    notes = {id_: note for id_, note in statements.notes.items() if note.audience.includes(course.roles)}
    formerly = {note.former.by for note in notes.values() if note.former is not None}
    persons = {
        *others,
        *formerly,
        *(entry.actor for entry in entries),
        *(p.to.person for p in statements.parties if p.to.person),
    }
    return replace(
        statements,
        notes=notes,
        texts=await text_register.texts(connection, [*notes, *reasons]),
        people=await people.some(connection, persons),
    )
