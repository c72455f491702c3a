"""What was ever said in a course: facts and notes it has itself forgotten too, what was taken back, and who was who."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from api.http.access import may_read
from domain.events import Event, FactRetracted, FactsReported, NoteAdded, NoteRetracted, PartyAssigned
from domain.identity import Role
from domain.state.briefing import ManifestFact
from domain.state.facts import Fact, Note
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import journal
from infra.store.registers import people
from infra.store.registers import texts as text_register
from infra.store.registers.people import Person

_KINDS: Final = ("party_assigned", "facts_reported", "fact_retracted", "note_added", "note_retracted")


@dataclass(frozen=True, slots=True)
class Said:
    """Every fact and note by its id, and what is known of them; `people` are those whom the directory knows."""

    facts: Mapping[UUID, Fact]
    notes: Mapping[UUID, Note]
    taken_back: Mapping[UUID, datetime]
    parties: tuple[PartyAssigned, ...]
    texts: Mapping[UUID, str] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)

    @classmethod
    def told(cls, events: Iterable[Event]) -> "Said":
        """Return what events say; texts and names come from elsewhere."""
        events = tuple(events)
        return cls(
            facts={fact.id: fact for e in events if isinstance(e, FactsReported) for fact in e.facts},
            notes={e.note.id: e.note for e in events if isinstance(e, NoteAdded)},
            taken_back={_what(e): e.at for e in events if isinstance(e, FactRetracted | NoteRetracted)},
            parties=tuple(e for e in events if isinstance(e, PartyAssigned)),
        )

    def name(self, person: str) -> str:
        """Return what a person is called, the id where the directory does not know it."""
        known = self.people.get(person)
        return known.name if known else person

    def roles_of(self, person: str, at: datetime) -> tuple[Role, ...]:
        """Return the roles a person held in the course at an instant, else those of the directory."""
        holders = {party.role: party.to.person for party in self.parties if party.at <= at}
        held = tuple(role for role, holder in holders.items() if holder == person)
        known = self.people.get(person)
        return held or (known.roles if known else ())

    def withdrawn(self, told: ManifestFact) -> datetime | None:
        """Return when a fact as a briefing tells it was taken back, None while anybody's saying so still stands."""
        alike = [
            fact.id
            for fact in self.facts.values()
            if (fact.fact, fact.value, fact.occurred_on.isoformat()) == (told.fact, told.value, told.occurred_on)
        ]
        if not alike or not all(fact in self.taken_back for fact in alike):
            return None
        return max(self.taken_back[fact] for fact in alike)


def _what(event: FactRetracted | NoteRetracted) -> UUID:
    return event.fact if isinstance(event, FactRetracted) else event.note


async def said_in(connection: Connection, course: UUID, caller: Claims, others: Iterable[str] = ()) -> Said:
    """Return what was said in a course that the caller may read, with the names of who said it and of `others`."""
    entries = await journal.of_kinds(connection, course, _KINDS)
    said = Said.told(entry.event for entry in entries if entry.event is not None)
    notes = {id_: note for id_, note in said.notes.items() if may_read(caller, note)}
    persons = {*others, *(entry.actor for entry in entries), *(p.to.person for p in said.parties if p.to.person)}
    return replace(
        said,
        notes=notes,
        texts=await text_register.texts(connection, notes),
        people=await people.some(connection, persons),
    )
