"""The journal of a course: everything that has happened, in order, for as long as the store lives."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, TypeAdapter

from api.access import may_read
from api.caller import Caller
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
_INTERNAL: Final = frozenset({"citizen_key", "citizen_text"})


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
        named = {entry.position: _text_of(entry) for entry in shown if _is_for(caller, entry)}
        texts = await content.texts(connection, [text for text in named.values() if text])
    lines = [_line(entry, named, texts) for entry in shown]
    return paging.page(lines, shown[-1].position if len(found) > len(shown) else None, _POSITION)


def _is_for(caller: Claims, entry: JournalEntry) -> bool:
    event = entry.event
    return not isinstance(event, NoteAdded) or may_read(caller, event.note)


def _text_of(entry: JournalEntry) -> UUID | None:
    """Return the id of the text that came with an event."""
    event = entry.event
    if isinstance(event, NoteAdded):
        return event.note.id
    named: UUID | None = getattr(event, "reason", None)
    return named


def _line(entry: JournalEntry, named: dict[int, UUID | None], texts: dict[UUID, str]) -> JournalLine:
    text = named.get(entry.position)
    is_shown = entry.position in named and entry.detail is not None
    detail = {k: v for k, v in (entry.detail or {}).items() if k not in _INTERNAL}
    return JournalLine(
        position=entry.position,
        revision=entry.revision,
        kind=entry.kind,
        at=entry.at,
        by=entry.actor,
        visit=entry.visit,
        detail=detail if is_shown else None,
        words=texts.get(text) if text else None,
    )
