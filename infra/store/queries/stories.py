"""The good stories of the courses that a caller works with: approved ones, own ones, and those of governed units."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from domain.identity import PersonId
from domain.reach import Reach
from domain.state.stories import StoryFields
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.queries.visibility import governed_by, worked_with_by
from infra.store.rows import StoredRow

_FIELDS: Final = t.personal_text.c["text"]
_IS_ITS_TEXT: Final = and_(
    t.personal_text.c.text_id == t.course.c.story, t.personal_text.c.course_id == t.course.c.course_id
)


class StoryRow(StoredRow):
    """A story and who told it; `fields` are its closed fields as JSON."""

    story: UUID
    is_approved: bool
    by: PersonId
    fields: str


class StoryPlace(StoredRow):
    """Of which course a story is, also one that was removed, and who told it."""

    course_id: UUID
    unit: str
    by: PersonId


async def story_to_tell(connection: Connection, unit: str, reader: str, today: date) -> tuple[UUID, StoryFields] | None:
    """Return an approved story of a unit for the list of a reader, by another person and not the one told last.

    None where there is none, and where the reader was told one today.
    """
    c, p, last = t.course.c, t.personal_text.c, t.story_told.c
    is_new = and_(c.story.is_distinct_from(last.story), or_(last.told_on.is_(None), last.told_on < today))
    statement = (
        select(c.story, _FIELDS.label("fields"))
        .join(t.personal_text, _IS_ITS_TEXT)
        .join(t.story_told, last.person_id == reader, isouter=True)
        .where(c.unit == unit, c.story_approved, _FIELDS.is_not(None), p.staged_by != reader, is_new)
        .order_by(func.md5(func.concat(c.story, reader, today)))
        .limit(1)
    )
    row = (await connection.execute(statement)).one_or_none()
    return (row.story, StoryFields.model_validate_json(row.fields)) if row else None


async def stories(connection: Connection, reach: Reach, limit: int, after: UUID | None = None) -> Page[StoryRow, UUID]:
    """Return the stories that a caller reads, in the order of their random ids, which says nothing of when (P10, P14).

    One that no leader has approved is read by who told it, and by who governs the unit.
    """
    c, p = t.course.c, t.personal_text.c
    statement = (
        select(c.story, c.story_approved.label("is_approved"), p.staged_by.label("by"), _FIELDS.label("fields"))
        .join(t.personal_text, _IS_ITS_TEXT)
        .where(_FIELDS.is_not(None), _is_known_to(reach))
    )
    return await read_page(
        connection, statement, StoryRow, [c.story], lambda row: row.story, limit, None if after is None else (after,)
    )


async def story_place(connection: Connection, reach: Reach, story: UUID) -> StoryPlace | None:
    """Return where a story is that the caller reads, or may have removed."""
    c, p = t.course.c, t.personal_text.c
    columns: Select[tuple[object, ...]] = select(c.course_id, c.unit, p.staged_by.label("by"))
    statement = columns.join(t.personal_text, _IS_ITS_TEXT).where(c.story == story, _is_known_to(reach))
    row = (await connection.execute(statement)).one_or_none()
    return StoryPlace.read(row) if row else None


def _is_known_to(reach: Reach) -> ColumnElement[bool]:
    """Return that a story exists for a caller: it is removed for all but who told it and who governs the unit (P14)."""
    is_read_by_unit = and_(t.course.c.story_approved, _FIELDS.is_not(None))
    return and_(
        worked_with_by(reach), or_(is_read_by_unit, t.personal_text.c.staged_by == reach.person, governed_by(reach))
    )
