"""Why a course stands where it stands, and everything that has happened to it (P8)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, TypeAdapter

from api.access import may_read
from api.caller import Caller
from api.courses.seen import GivenCourse
from api.docs import not_modified, problems
from api.paging import GivenPaging, PageOf
from api.parts import GivenParts
from api.reading import GivenReading
from domain.events import NoteAdded
from infra.security.tokens import Claims
from infra.store import journal
from infra.store.journal import JournalEntry
from rules.explained import Explanation
from rules.explanation import explain

router = APIRouter(tags=["courses"])

_POSITION: TypeAdapter[int] = TypeAdapter(int)


class JournalRead(BaseModel):
    """One event of the journal: its envelope, and what it said unless that is erased."""

    position: int
    revision: int
    kind: str
    at: datetime
    actor: str
    visit: int | None
    detail: Annotated[dict[str, Any] | None, Field(description="Absent when it is erased, or not for the caller.")]


@router.get(
    "/v1/courses/{course}/explanation",
    summary="Why does it stand where it stands?",
    responses={**not_modified(), **problems(404)},
)
async def read_explanation(
    course: GivenCourse, parts: GivenParts, caller: Caller, reading: GivenReading
) -> Explanation:
    """Return each requirement with what it asks and found, the routes, the deadlines, and what would move it.

    It is recomputed from the course as it was last changed, with the rules and the calendar of then.
    """
    reading.expect_news(course.row.revision)
    book = await parts.rulebooks.book(caller.municipality, course.row.rules_sha256)
    calendar = await parts.calendars.reckoned_by(caller.municipality, course.state.calendar)
    return explain(book, course.state, course.row.changed_at, calendar)


@router.get("/v1/courses/{course}/journal", summary="What has happened?", responses=problems(404))
async def read_journal(
    course: GivenCourse,
    parts: GivenParts,
    caller: Caller,
    paging: GivenPaging,
    _reading: GivenReading,
) -> PageOf[JournalRead]:
    """Return every event in order, the oldest first."""
    after = paging.position(_POSITION) or 0
    async with parts.store.municipality(caller.municipality) as connection:
        entries = await journal.journal(connection, course.id, paging.limit + 1, after)
    shown = entries[: paging.limit]
    position = shown[-1].position if len(entries) > paging.limit else None
    hidden = {note.id for note in course.state.notes if not may_read(caller, note)}
    return paging.page([_read(entry, caller, hidden) for entry in shown], position, _POSITION)


def _read(entry: JournalEntry, caller: Claims, hidden: set[UUID]) -> JournalRead:
    event = entry.event
    is_hidden = isinstance(event, NoteAdded) and (event.note.id in hidden or not may_read(caller, event.note))
    return JournalRead(
        position=entry.position,
        revision=entry.revision,
        kind=entry.kind,
        at=entry.at,
        actor=entry.actor,
        visit=entry.visit,
        detail=None if is_hidden else entry.detail,
    )
