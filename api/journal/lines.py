"""The journal in words, ready to be copied into a case system: date, who in which role, and what happened (P8)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from api.courses.read.load import visits_read_by
from api.journal.models import JournalLine
from api.journal.observing import entries_read_by, statements_read_by
from api.journal.sentences import JournalWords
from api.journal.statements import StatementIndex, statements_in
from api.journal.visibility import detail_for, is_for
from api.text.templates import render_text
from domain.address import Address, AddressKind
from domain.commands import PartyClaim
from domain.events import (
    Event,
    NoteAdded,
    NoteRetracted,
    NoticeRaised,
    NoticeSeen,
    Settled,
    StoryAnswered,
    StoryApproved,
    StoryRemoved,
    TextRemoved,
)
from domain.identity import ENGINE
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import courses
from infra.store.queries.courses import VisibleCourse
from infra.store.queries.journal import JournalEntry
from infra.store.registers import texts as text_register
from infra.store.tables.history import RECONCILED
from wording.labels import Labels
from wording.naming import naming

_ENGINES_NAME: Final = "Fodslag"


@dataclass(frozen=True, slots=True)
class JournalText:
    """The entries of one course's journal in words for one reader."""

    reader: Claims
    course: VisibleCourse
    statements: StatementIndex
    texts: Mapping[UUID, str]
    words: JournalWords
    labels: Labels
    entries: tuple[JournalEntry, ...]

    def who(self, entry: JournalEntry) -> str:
        """Return who acted, and in which role."""
        if entry.actor == ENGINE:
            return _ENGINES_NAME
        event, name = entry.event, self.statements.name(entry.actor)
        spoken_for = event.note.by_roles if isinstance(event, NoteAdded) else ()
        roles = self.statements.roles_of(entry.actor, entry.at) or spoken_for
        if not roles:
            return name
        who = {"name": name, "roles": self.labels.listed(map(self.labels.catalog.term, roles))}
        return self.labels.catalog.fill(self.labels.catalog.journal["who"], who)

    def what(self, entry: JournalEntry) -> str:
        event = entry.event
        if event is None:
            return self.words.reconciled() if entry.kind == RECONCILED else self.words.erased()
        return self.words.of(event, self.written(entry)) if is_for(self.course.roles, entry) else self.words.hidden()

    def written(self, entry: JournalEntry) -> str | None:
        """Return the text that came with an event, if there is one for the reader."""
        named = self._words_id(entry)
        return self.texts.get(named) if named else None

    def _words_id(self, entry: JournalEntry) -> UUID | None:
        """Return the id of the text that came with an event, if it is for the reader.

        Why a note for caseworkers only was corrected, taken back or removed is for them only too; of reasons an
        observer reads his own.
        """
        event, is_own = entry.event, entry.actor == self.reader.person
        if self.course.reads is not None and not is_own and not isinstance(event, NoteAdded):
            return None
        is_withheld = (isinstance(event, NoteRetracted) and event.note not in self.statements.notes) or (
            isinstance(event, TextRemoved) and not event.audience.includes(self.course.roles)
        )
        return text_of(event) if is_for(self.course.roles, entry) and not is_withheld else None

    def line(self, entry: JournalEntry) -> JournalLine:
        """Return an entry as the reader sees it."""
        words_id = self._words_id(entry)
        is_withheld = words_id is None and text_of(entry.event) is not None
        return JournalLine.of(
            entry,
            by=entry.actor,
            who=self.who(entry),
            text=self.what(entry),
            detail=detail_for(self.course.roles, entry, self.labels.book, hides_reason=is_withheld),
            words=self.written(entry),
            words_id=words_id,
        )

    def as_text(self, now: datetime) -> str:
        """Return the entries as one text, without those that are of no use in another journal."""
        row, name = self.course.row, self.course.row.open_name
        return render_text(
            "journal",
            self.labels,
            reference=row.reference,
            citizen=(self.texts.get(name) if name else None) or row.citizen,
            rules=self.labels.rules(),
            now=now,
            lines=[self.line(entry) for entry in self._useful],
        )

    @property
    def is_useful(self) -> bool:
        """Whether there is anything for another journal."""
        return bool(self._useful)

    @property
    def _useful(self) -> list[JournalEntry]:
        return _without_passing_decisions([entry for entry in self.entries if not _is_for_this_journal_alone(entry)])


def text_of(event: Event | None) -> UUID | None:
    """Return the id of the text that came with an event."""
    if isinstance(event, NoteAdded):
        return event.note.id
    named: UUID | None = getattr(event, "reason", None)
    return named


def _is_for_this_journal_alone(entry: JournalEntry) -> bool:
    """Whether an entry is about notices, waits, the store or a story, and nothing that was done about the citizen."""
    event = entry.event
    is_without_decision = isinstance(event, Settled) and not event.judgements
    is_of_here = isinstance(event, NoticeRaised | NoticeSeen | StoryAnswered | StoryApproved | StoryRemoved)
    return is_without_decision or is_of_here or entry.kind == RECONCILED


def _without_passing_decisions(entries: Sequence[JournalEntry]) -> list[JournalEntry]:
    """Return the entries without the holds that are followed by another decision on the same visits."""
    useful: list[JournalEntry] = []
    later: set[int] = set()
    for entry in reversed(entries):
        judged = entry.event.judgements if isinstance(entry.event, Settled) else {}
        is_passing = later.issuperset(judged) and not any(judgement.ready for judgement in judged.values())
        if not judged or not is_passing:
            useful.append(entry)
        later.update(judged)
    return useful[::-1]


async def journal_text(
    connection: Connection, course: VisibleCourse, entries: Iterable[JournalEntry], reader: Claims, labels: Labels
) -> JournalText:
    """Return the words for those of some entries of a course's journal that the reader reads."""
    entries = tuple(entries)
    visits = {row.number: row for row in await courses.visits(connection, course.id)}
    persons = {person for entry in entries for person in (entry.actor, *persons_in(entry.event))}
    statements = await statements_in(connection, course, persons)
    if course.reads is not None:
        statements, steps = statements_read_by(course.reads, statements), {n: row.step for n, row in visits.items()}
        entries = tuple(entries_read_by(course.reads, entries, statements, steps))
        visits = {row.number: row for row in visits_read_by(course.reads, visits.values())}
    units = {unit for entry in entries for unit in units_in(entry.event)}
    facts, p_number_facts = statements.facts.values(), labels.book.workplaces.p_number_facts
    names = await naming(connection, p_number_facts, facts, statements.people, units)
    labels = replace(labels, names=names)
    named = {text_of(entry.event) for entry in entries if is_for(course.roles, entry)}
    texts = await text_register.texts(connection, {*(text for text in named if text), *_named_by(course)})
    return JournalText(reader, course, statements, texts, JournalWords(statements, visits, labels), labels, entries)


def persons_in(event: Event | None) -> Iterator[str]:
    """Yield the persons whom an event names beside who acted."""
    recipient, to = getattr(event, "recipient", None), getattr(event, "to", None)
    if isinstance(recipient, Address) and recipient.kind is AddressKind.PERSON:
        yield recipient.name
    if isinstance(to, PartyClaim) and to.person:
        yield to.person
    yield from (person for person in (getattr(event, "person", None),) if person)


def units_in(event: Event | None) -> Iterator[str]:
    recipient, to = getattr(event, "recipient", None), getattr(event, "to", None)
    if isinstance(recipient, Address) and recipient.kind is not AddressKind.PERSON:
        yield recipient.name
    if isinstance(to, PartyClaim) and to.unit:
        yield to.unit


def _named_by(course: VisibleCourse) -> Iterator[UUID]:
    if course.row.citizen_text is not None:
        yield course.row.citizen_text
