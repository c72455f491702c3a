"""What is known goes from a citizen's former course into the next; here it is taken back in each of them (P10, P13)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from api.http.idempotency import Envelope, Sender
from api.http.problems import refused
from domain.commands import Command, RemoveFact, RemoveText, RetractNote
from domain.decide.proposals import lesson_of
from domain.errors import Code
from domain.events import NoteAdded
from domain.state.facts import Audience, Fact, RetractionGround
from infra.store.engine import Connection
from infra.store.queries import courses, journal


@dataclass(frozen=True, slots=True)
class _Known:
    """A fact, which has a name, or a note, in one of a citizen's courses."""

    course: UUID
    id: UUID
    audience: Audience = Audience.BOTH
    fact: str | None = None


async def remove_everywhere(sender: Sender, course: UUID, entry: UUID, reason: str) -> None:
    """Have removed as another citizen's what was kept of something, and what it was kept of (P10).

    Whoever may see those courses. Raises ProblemError when one of them refuses it.
    """
    async with sender.services.store.municipality(sender.caller.municipality) as connection:
        known = await _kept_of(connection, course, entry) + await _known_before(connection, course, entry)
    for each in known:
        part, staged = await _part(sender, each, reason)
        answer = await part.ask(each.course, _removal(part.envelope, each, staged))
        if answer.refused:
            raise refused(answer.refused)


async def take_back_where_kept(sender: Sender, course: UUID, entry: UUID, reason: str) -> None:
    """Have taken back as wrong what was kept of something that proved wrong, for both roles were told it (P13).

    What was taken back there before stays so. Raises ProblemError when such a course refuses it.
    """
    async with sender.services.store.municipality(sender.caller.municipality) as connection:
        kept = await _kept_of(connection, course, entry)
    for each in kept:
        part, staged = await _part(sender, each, reason)
        ground = RetractionGround.WAS_WRONG
        answer = await part.ask(each.course, RetractNote(**part.envelope, note=each.id, reason=staged, ground=ground))
        if any(problem.code is not Code.NOTHING_TO_RETRACT for problem in answer.refused):
            raise refused(answer.refused)


async def _part(sender: Sender, known: _Known, reason: str) -> tuple[Sender, UUID]:
    """Return the sender of this part of the request, and the id of its reason."""
    part = replace(sender.for_part(known.course, f"kept/{known.id}", {"reason": reason}), expected_revisions=None)
    return part, await part.reason(reason)


def _removal(envelope: Envelope, known: _Known, reason: UUID) -> Command:
    if known.fact is not None:
        return RemoveFact(**envelope, fact=known.id, name=known.fact, reason=reason)
    return RemoveText(**envelope, text=known.id, audience=known.audience, reason=reason)


async def _kept_of(connection: Connection, course: UUID, entry: UUID) -> list[_Known]:
    """Return the notes that were kept of a fact or note in the courses that follow."""
    fact = await journal.statement(connection, course, entry)
    lesson = lesson_of(course, fact) if fact is not None else None
    return await _kept_as(connection, course, {entry} if lesson is None else {entry, lesson})


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
