"""What is known goes from a citizen's former course into the next; here it is taken back in each of them (P10, P13)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from api.courses.read.former import lesson_words
from api.http.idempotency import Envelope, Sender
from api.http.problems import refused
from domain.commands import Command, RemoveFact, RemoveText, RetractNote
from domain.decide.proposals import lesson_of
from domain.errors import Code
from domain.events import NoteAdded
from domain.identity import ACTING, Role
from domain.state.facts import Audience, Fact
from infra.store.engine import Connection
from infra.store.queries import courses, journal
from infra.store.registers import texts
from infra.store.registers.texts import TextKind
from wording.catalog import catalog
from workflows.messages import Answer

_AS_KEEPER: Final = (Role.CASEWORKER,)
"""As whom the caller is followed in other courses: where he acted it was judged that he may, whatever he is here."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A fact, which has a name, or a note, in one of a citizen's courses."""

    course: UUID
    id: UUID
    audience: Audience = Audience.BOTH
    fact: str | None = None


async def remove_everywhere(sender: Sender, course: UUID, entry: UUID) -> None:
    """Have removed as another citizen's what was kept of something, and what it was kept of (P10).

    An observer is no second person who agrees, there as here. Raises ProblemError when one of them refuses it.
    """
    async with sender.services.store.municipality(sender.caller.municipality) as connection:
        known = await _kept_of(connection, course, entry) + await _known_before(connection, course, entry)
        states = await courses.states(connection, {each.course for each in known})
    removed = {removal.entry for state in states.values() for removal in state.removed}
    for each in known:
        if not (_is_observer(sender) and each.id in removed):
            part, envelope, reason = await _part(sender, each)
            _expect_done(await part.ask(each.course, _removal(envelope, each, reason)))


async def take_back_where_kept(sender: Sender, course: UUID, entry: UUID, right: str | None = None) -> None:
    """Have taken back as wrong what was kept of something that proved wrong, for both roles were told it (P13).

    The `right` words of a note, and the lesson as it is now, are put in its place. What was taken back there before
    stays so. Raises ProblemError when such a course refuses it.
    """
    async with sender.services.store.municipality(sender.caller.municipality) as connection:
        kept = await _kept_of(connection, course, entry)
        fact = await journal.statement(connection, course, entry)
    lesson = lesson_of(course, fact) if kept and fact is not None else None
    words = right if lesson is None else await lesson_words(sender.services, sender.caller.municipality, course, lesson)
    async with sender.services.store.municipality(sender.caller.municipality) as connection:
        written = await texts.texts(connection, [each.id for each in kept])
    for each in (each for each in kept if words is None or written.get(each.id) != words):
        part, envelope, reason = await _part(sender, each)
        instead = await part.stage(TextKind.NOTE, words) if words is not None else None
        _expect_done(await part.ask(each.course, RetractNote(**envelope, note=each.id, reason=reason, instead=instead)))


def _expect_done(answer: Answer) -> None:
    if any(problem.code is not Code.NOTHING_TO_RETRACT for problem in answer.refused):
        raise refused(answer.refused)


def _is_observer(sender: Sender) -> bool:
    return ACTING.isdisjoint(sender.envelope["actor"].roles)


async def _part(sender: Sender, known: _Known) -> tuple[Sender, Envelope, UUID]:
    """Return the sender of this part of the request, what its command has, and the id of its reason.

    The caller's own words stay in the course that they were written for: others may read this one.
    """
    why = catalog("da").briefing["corrected_elsewhere"]
    part = replace(sender.for_part(known.course, f"kept/{known.id}", {"reason": why}), expected_revisions=None)
    actor = part.envelope["actor"].model_copy(update={"roles": _AS_KEEPER, "covers": ()})
    return part, Envelope({**part.envelope, "actor": actor}), await part.reason(why)


def _removal(envelope: Envelope, known: _Known, reason: UUID) -> Command:
    if known.fact is not None:
        return RemoveFact(**envelope, fact=known.id, name=known.fact, reason=reason)
    return RemoveText(**envelope, text=known.id, audience=known.audience, reason=reason)


async def _kept_of(connection: Connection, course: UUID, entry: UUID) -> list[_Known]:
    """Return the notes that were kept of a fact or note in the courses that follow."""
    fact = await journal.statement(connection, course, entry)
    lesson = lesson_of(course, fact) if fact is not None else None
    entries = {entry, *await journal.corrected_by(connection, course, entry)}
    return await _kept_as(connection, course, entries if lesson is None else {*entries, lesson})


async def _kept_as(connection: Connection, course: UUID, entries: Collection[UUID]) -> list[_Known]:
    kept: list[_Known] = []
    for place, note in await journal.kept_from(connection, course, entries):
        kept += [_Known(place, note.id, note.audience), *await _kept_as(connection, place, {note.id})]
    return kept


async def _known_before(connection: Connection, course: UUID, entry: UUID) -> list[_Known]:
    """Return the notes of which a note was kept, and of a lesson each statement that it is made of."""
    written = await journal.with_words(connection, course, entry)
    event = written.event if written is not None else None
    if not isinstance(event, NoteAdded) or event.note.id != entry or event.note.former is None:
        return []
    former = event.note.former
    facts = await _facts_of(connection, former.course, former.id)
    if facts:
        return [_Known(former.course, fact.id, fact=fact.fact) for fact in facts]
    note = _Known(former.course, former.id, event.note.audience)
    return [note, *await _known_before(connection, former.course, former.id)]


async def _facts_of(connection: Connection, course: UUID, lesson: UUID) -> list[Fact]:
    """Return the statements of a course that belong to a lesson; nothing when it is none, or the course is erased."""
    states = await courses.states(connection, [course])
    facts = {fact.id: fact for state in states.values() for fact in state.facts}
    for name in await journal.facts_taken_back(connection, course):
        stated = await journal.statement(connection, course, name)
        if stated is not None:
            facts[name] = stated
    return [fact for fact in facts.values() if lesson_of(course, fact) == lesson]
