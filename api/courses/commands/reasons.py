"""Reasons in words, as several commands take them, and taking back with a reason."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final
from uuid import UUID

from pydantic import StrictBool

from api.http.fields import Body, PersonalText, examples
from api.http.idempotency import CommandDone, Sender
from api.http.problems import refused
from domain.commands import RemoveText, RetractFact, RetractNote
from domain.decide.proposals import kept_as
from domain.errors import Code
from infra.store.queries import journal
from infra.store.queries.courses import VisibleCourse
from infra.store.queries.journal import JournalEntry

_REASON: Final = {"reason": "Det var et andet forløb."}


class ReasonBody(Body):
    """Why, in words."""

    reason: PersonalText

    model_config = examples(_REASON)


class RetractBody(ReasonBody):
    """Why it is taken back; what is of another citizen is hidden, and erased when a second person agrees."""

    wrong_citizen: StrictBool = False

    model_config = examples(_REASON, {"reason": "Noten hører til en anden borger.", "wrong_citizen": True})


async def take_back(
    sender: Sender, course: VisibleCourse, command: RetractFact | RetractNote, reason: str
) -> CommandDone:
    """Have a statement or a note taken back; one that was so already is answered as done (P7).

    Raises ProblemError when the course refuses it.
    """
    done = await _taken_back(sender, course.id, command)
    if command.wrong_citizen:
        entry = command.fact if isinstance(command, RetractFact) else command.note
        await remove_kept(sender, course.id, kept_as(course.state, entry), reason)
    return done


async def remove_kept(sender: Sender, course: UUID, entries: Collection[UUID], reason: str) -> None:
    """Have removed, in each course that follows, what was kept there of entries that are removed (P10).

    Raises ProblemError when such a course refuses it.
    """
    async with sender.services.store.municipality(sender.caller.municipality) as connection:
        kept = await journal.kept_from(connection, course, entries)
    for place, note in kept:
        part = replace(sender.for_part(place, f"kept/{note.id}", {"reason": reason}), expected_revisions=None)
        staged = await part.reason(reason)
        command = RemoveText(**part.envelope, text=note.id, audience=note.audience, reason=staged)
        answer = await part.ask(place, command)
        if answer.refused:
            raise refused(answer.refused)
        await remove_kept(sender, place, {note.id}, reason)


async def _taken_back(sender: Sender, course: UUID, command: RetractFact | RetractNote) -> CommandDone:
    answer = await sender.ask(course, command)
    if not answer.refused:
        return sender.done(course, answer)
    if all(problem.code is Code.NOTHING_TO_RETRACT for problem in answer.refused):
        entry = command.fact if isinstance(command, RetractFact) else command.note
        async with sender.services.store.municipality(sender.caller.municipality) as connection:
            before = await journal.taken_back(connection, course, entry)
        if before is not None and _is_as_much(before, command):
            return sender.done(course, answer.model_copy(update={"revision": before.revision, "refused": ()}))
    raise refused(answer.refused)


def _is_as_much(before: JournalEntry, command: RetractFact | RetractNote) -> bool:
    """Say whether what happened before leaves nothing to do: what is of another citizen is removed as well (P10)."""
    return not command.wrong_citizen or bool(before.detail and before.detail.get("wrong_citizen"))
