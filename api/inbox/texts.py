"""What is said of waits and notices of many courses, with what people wrote that they are about, loaded all at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Protocol
from uuid import UUID

from api.http.caller import reach_of
from api.http.dependencies import Services
from domain.reach import Reach
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
from wording.absences import absence_text
from wording.catalog import catalog
from wording.causes import with_unknown
from wording.labels import Labels
from wording.naming import naming
from wording.news import facts_put_right, name_of, persons_named
from wording.sentences import InboxEntry, Quote, depends_on_course, inbox_text, quote_of, quoting


class CourseEntry(InboxEntry, Protocol):
    """A notice or a wait of one of many courses, or a notice of none; `waiting` is the key of the wait."""

    @property
    def course_id(self) -> UUID | None: ...
    @property
    def rules_sha256(self) -> str | None: ...
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
    resting = {entry.course_id for entry in entries if entry.course_id and depends_on_course(entry)}
    states = await courses.states(connection, resting)
    own = [states.get(entry.course_id) if entry.course_id else None for entry in entries]
    quotes = [_quote(entry, state, reach_of(caller, now)) for entry, state in zip(entries, own, strict=True)]
    words = await text_register.texts(connection, [quote.words for quote in quotes if quote])
    persons = (persons_named(entry.subject, state) for entry, state in zip(entries, own, strict=True))
    facts = [fact for state in states.values() for fact in state.facts]
    reporters = {fact.reporter for fact in facts}
    waited_for = {entry.course_id for entry in entries if entry.course_id and entry.kind}
    unknown = await unknown_holders(connection, waited_for)
    holders = {holder.person for each in unknown.values() for holder in each}
    authors = {quote.by for quote in quotes if quote}
    known = await people.some(connection, authors.union(reporters, holders, *persons))
    rules = {entry.rules_sha256 for entry in entries if entry.rules_sha256}
    books = await services.rulebooks.books(caller.municipality, rules)
    p_number_facts = {fact for book in books.values() for fact in book.workplaces.p_number_facts}
    queues = {party.unit for state in states.values() for party in state.parties if party.unit}
    named = chain[Fact | ManifestFact](facts, *map(facts_put_right, states.values()))
    names = await naming(connection, p_number_facts, named, known, queues)
    shown = []
    for entry, state, quote in zip(entries, own, quotes, strict=True):
        if entry.rules_sha256 is None:
            shown.append(absence_text(entry.about, entry.subject, known, catalog(language)))
            continue
        labels = Labels(books[entry.rules_sha256], language, names)
        text = inbox_text(entry, state, labels, now, known)
        if _may_answer(entry, state, caller):
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
    holders = unknown[entry.course_id] if entry.kind and entry.course_id else ()
    return [holder for holder in holders if holder.role in (entry.roles or ()) and holder.person != caller.person]


def _quote(entry: CourseEntry, course: CourseState | None, reach: Reach) -> Quote | None:
    """Return what is quoted of a course to somebody who may read it there."""
    quote = quote_of(entry.waiting, course)
    return quote if quote and course and quote.audience.includes(reach.roles_in(course.unit)) else None
