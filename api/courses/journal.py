"""The journal of a course: everything that has happened, in order, for as long as the store lives."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, TypeAdapter

from api.caller import Caller
from api.courses.event_detail import detail_for, is_for
from api.courses.seen import GivenCourse
from api.docs import problems
from api.paging import GivenPaging, PageOf
from api.parts import GivenParts
from api.reading import GivenReading
from domain.events import NoteAdded
from infra.security.tokens import Claims
from infra.store import content, journal
from infra.store.journal import JournalEntry

router = APIRouter(tags=["courses"])

_POSITION: Final[TypeAdapter[int]] = TypeAdapter(int)


class JournalLine(BaseModel):
    """One event; `detail` is absent when it is erased or not for the caller, `words` is the text that came with it."""

    position: int
    revision: int
    kind: str
    at: datetime
    by: str
    visit: int | None
    detail: dict[str, Any] | None = Field(description="The event's own fields, which differ by its kind.")
    words: str | None


@router.get("/v1/courses/{course}/journal", summary="Read the journal", responses=problems(404))
async def read_journal(
    course: GivenCourse, parts: GivenParts, caller: Caller, paging: GivenPaging, _reading: GivenReading
) -> PageOf[JournalLine]:
    """Return what has happened to the course, the first event first."""
    after = paging.position(_POSITION)
    async with parts.store.municipality(caller.municipality) as connection:
        found = await journal.journal(connection, course.id, paging.limit + 1, after or 0)
        shown = found[: paging.limit]
        named = {entry.position: _text_of(entry) for entry in shown if is_for(caller, entry)}
        texts = await content.texts(connection, [text for text in named.values() if text])
    words = {position: texts.get(text) for position, text in named.items() if text}
    lines = [_line(entry, caller, words.get(entry.position)) for entry in shown]
    return paging.page(lines, shown[-1].position if len(found) > len(shown) else None, _POSITION)


def _text_of(entry: JournalEntry) -> UUID | None:
    """Return the id of the text that came with an event."""
    event = entry.event
    if isinstance(event, NoteAdded):
        return event.note.id
    named: UUID | None = getattr(event, "reason", None)
    return named


def _line(entry: JournalEntry, caller: Claims, words: str | None) -> JournalLine:
    return JournalLine(
        position=entry.position,
        revision=entry.revision,
        kind=entry.kind,
        at=entry.at,
        by=entry.actor,
        visit=entry.visit,
        detail=detail_for(caller, entry),
        words=words,
    )
