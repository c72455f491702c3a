"""What is said of waits and notices of many courses, with what people wrote that they are about, loaded all at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Protocol
from uuid import UUID

from api.http.dependencies import Services
from domain.state.briefing import ManifestFact
from domain.state.course import CourseState
from domain.state.facts import Fact
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import courses
from infra.store.queries.unknown_holders import UnknownHolder, unknown_holders
from infra.store.registers import people
from infra.store.registers import texts as text_register
from rules.language.formats import Language
from wording.causes import with_unknown
from wording.labels import Labels
from wording.naming import naming
from wording.news import facts_put_right, name_of, persons_named
from wording.sentences import InboxEntry, Quote, depends_on_course, inbox_text, quote_of, quoting


class CourseEntry(InboxEntry, Protocol):
    """A notice or a wait of one of many courses; `waiting` is the key of the wait."""

    @property
    def course_id(self) -> UUID: ...
    @property
    def rules_sha256(self) -> str: ...
    @property
    def waiting(self) -> str | None: ...


async def texts_of(
    connection: Connection,
    services: Services,
    caller: Claims,
    entries: Sequence[CourseEntry],
    now: datetime,
    language: Language,
) -> list[str]:
    """Return what is to be known or done of each entry; what the caller may not read is not quoted."""
    states = await courses.states(connection, {entry.course_id for entry in entries if depends_on_course(entry)})
    quotes = [_readable(quote_of(entry.waiting, states.get(entry.course_id)), caller) for entry in entries]
    words = await text_register.texts(connection, [quote.words for quote in quotes if quote])
    persons = (persons_named(entry.subject, states.get(entry.course_id)) for entry in entries)
    facts = [fact for state in states.values() for fact in state.facts]
    reporters = {fact.reporter for fact in facts}
    unknown = await unknown_holders(connection, {entry.course_id for entry in entries if entry.kind})
    holders = {holder.person for each in unknown.values() for holder in each}
    authors = {quote.by for quote in quotes if quote}
    known = await people.some(connection, authors.union(reporters, holders, *persons))
    books = await services.rulebooks.books(caller.municipality, {entry.rules_sha256 for entry in entries})
    p_number_facts = {fact for book in books.values() for fact in book.workplaces.p_number_facts}
    queues = {party.unit for state in states.values() for party in state.parties if party.unit}
    named = chain[Fact | ManifestFact](facts, *map(facts_put_right, states.values()))
    names = await naming(connection, p_number_facts, named, known, queues)
    shown = []
    for entry, quote in zip(entries, quotes, strict=True):
        labels = Labels(books[entry.rules_sha256], language, names)
        text = inbox_text(entry, states.get(entry.course_id), labels, now, known)
        if _may_answer(entry, states.get(entry.course_id), caller):
            text = labels.catalog.fill(labels.catalog.inbox["may_answer"], {"text": text.rstrip(".")})
        text = with_unknown(text, _others_asked(entry, unknown, caller), labels)
        shown.append(quoting(text, name_of(quote.by, known), words.get(quote.words), labels) if quote else text)
    return shown


def _may_answer(entry: CourseEntry, course: CourseState | None, caller: Claims) -> bool:
    """Whether the caller is reminded of what he may answer by saying on whom he waits."""
    waits = course.waiting if course is not None and entry.level else ()
    return any(str(w.key) == entry.waiting and w.may_be_answered and caller.person in w.persons for w in waits)


def _others_asked(
    entry: CourseEntry, unknown: Mapping[UUID, Sequence[UnknownHolder]], caller: Claims
) -> list[UnknownHolder]:
    """Return who is asked beside the caller and is unknown to the directory."""
    holders = unknown[entry.course_id] if entry.kind else ()
    return [holder for holder in holders if holder.role in (entry.roles or ()) and holder.person != caller.person]


def _readable(quote: Quote | None, caller: Claims) -> Quote | None:
    return quote if quote is not None and quote.audience.includes(caller.roles) else None
