"""What was removed because it was of another citizen, by whom, when and why, and who had been shown it (P10)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from domain.reach import Reach
from domain.state.facts import FactValue
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.queries.visibility import worked_with_by
from infra.store.rows import StoredRow

RemovalCursor = tuple[datetime, UUID]
"""When the last removal of a page was made, and which it is."""


class Removal(StoredRow):
    """Something that was removed; `entry` is what it was: a fact, a note or another text, and `name` of which kind."""

    removal_id: UUID
    course_id: UUID
    reference: str
    entry: str
    name: str
    said_by: str
    said_at: datetime
    removed_by: str
    removed_at: datetime
    reason: UUID
    shown_to: tuple[str, ...]
    content: FactValue | None
    agreed_by: str | None
    agreed_at: datetime | None


async def removals(
    connection: Connection, reach: Reach, limit: int, after: RemovalCursor | None = None
) -> Page[Removal, RemovalCursor]:
    """Return what was removed in the courses that the caller works with, the first removal first."""
    r, c = t.removal.c, t.course.c
    statement = select(t.removal, c.reference).join(t.course, c.course_id == r.course_id).where(worked_with_by(reach))
    keys = [r.removed_at, r.removal_id]
    return await read_page(
        connection, statement, Removal, keys, lambda row: (row.removed_at, row.removal_id), limit, after
    )
