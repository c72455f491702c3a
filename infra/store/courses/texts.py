"""Adopts the staged texts that a course's events name."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import any_, bindparam, func, or_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from domain.events import CitizenDescribed, CourseStarted, Event, NoteAdded, SheetIssued, StoryAnswered
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.errors import TextMissingError

_IDS: Final = bindparam("ids", type_=ARRAY(Uuid))
_ADOPT: Final = (
    update(t.personal_text)
    .where(
        t.personal_text.c.text_id == any_(_IDS),
        or_(t.personal_text.c.course_id.is_(None), t.personal_text.c.course_id == bindparam("course")),
    )
    .values(course_id=bindparam("course"), adopted_at=func.coalesce(t.personal_text.c.adopted_at, bindparam("now")))
    .returning(t.personal_text.c.text_id)
)


async def adopt(connection: Connection, course: UUID, events: Iterable[Event], now: datetime) -> None:
    """Make the texts that `events` name the course's own; raises TextMissingError."""
    named = frozenset(text for event in events for text in _named(event))
    if not named:
        return
    adopted = await connection.scalars(_ADOPT, {"ids": list(named), "course": course, "now": now})
    missing = named - frozenset(adopted)
    if missing:
        raise TextMissingError(missing)


def _named(event: Event) -> list[UUID]:
    """Return the ids of the texts that came with `event`."""
    ids = [getattr(event, "reason", None)]
    if isinstance(event, CourseStarted | CitizenDescribed):
        ids.append(event.citizen_text)
    if isinstance(event, NoteAdded):
        ids.append(event.note.id)
    if isinstance(event, StoryAnswered):
        ids.append(event.story)
    if isinstance(event, SheetIssued):
        ids.append(event.details)
    return [text for text in ids if text is not None]
