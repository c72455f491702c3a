"""Removing words that are of another citizen, whatever they belong to and however the course stands (P10)."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from api.courses.commands.kept import remove_everywhere
from api.courses.commands.reasons import ReasonBody
from api.courses.commands.representation import command_router
from api.courses.visible import GivenCourse
from api.http.access import Worker
from api.http.idempotency import CommandDone, GivenSender, Sender
from api.http.problems import wrong
from api.http.responses import command_problems
from domain.commands import RemoveText
from domain.errors import Code
from domain.events import NoteAdded, NoteRetracted, TextRemoved
from domain.state.facts import Audience
from infra.store.engine import Connection
from infra.store.queries import journal
from infra.store.queries.courses import VisibleCourse

router = command_router("reporting")

_Text = Annotated[UUID, Path(description="The `words_id` of the words in the journal; of a note its id.")]


@router.post(
    "/v1/courses/{course}/texts/{text}/remove", summary="This is of another citizen", responses=command_problems()
)
async def remove_text(
    _caller: Worker, text: _Text, body: ReasonBody, course: GivenCourse, sender: GivenSender
) -> CommandDone:
    """Remove words of another citizen: a note, also one that was corrected or taken back, or a reason or comment.

    They are hidden at once, also in a course that is closed, come on the list for data protection, and are erased
    there too when a second person removes them; so is a note in each course in which it was kept.
    """
    return await remove_words(sender, course, text, body.reason, "text")


async def remove_words(sender: Sender, course: VisibleCourse, text: UUID, reason: str, field: str) -> CommandDone:
    """Have words removed that came with an event of the course; raises ProblemError, naming `field`, for others."""
    async with sender.services.store.municipality(sender.caller.municipality) as connection:
        audience = await _audience(connection, course.id, text)
    if audience is None or not audience.includes(course.roles):
        raise wrong(Code.NOTHING_TO_RETRACT, field)
    staged = await sender.reason(reason)
    command = RemoveText(**sender.envelope, text=text, audience=audience, reason=staged)
    done = await sender.send(course.id, command)
    await remove_everywhere(sender, course.id, text)
    return done


async def _audience(connection: Connection, course: UUID, text: UUID) -> Audience | None:
    """Return whom words are for, None where there are none: what is said about a note is for whom the note is."""
    entry = await journal.with_words(connection, course, text)
    match entry.event if entry is not None else None:
        case None:
            return None
        case NoteAdded() as event:
            return event.note.audience
        case NoteRetracted() as event:
            return await _audience(connection, course, event.note)
        case TextRemoved() as event:
            return event.audience
        case _:
            return Audience.BOTH
