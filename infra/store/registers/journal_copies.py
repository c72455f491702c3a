"""Up to where somebody said that the journal of a course was copied into another, and when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow


class JournalCopy(StoredRow):
    """The last copy."""

    position: int
    copied_by: str
    copied_at: datetime


async def last(connection: Connection, course: UUID) -> JournalCopy | None:
    """Return how far the journal of a course was copied, None while it never was."""
    statement = select(t.journal_copy).where(t.journal_copy.c.course_id == course)
    row = (await connection.execute(statement)).one_or_none()
    return JournalCopy.read(row) if row else None


async def remember(connection: Connection, course: UUID, position: int, by: str, at: datetime) -> JournalCopy:
    """Write a copy up to a position or the last line before it; one that goes no further changes nothing."""
    end = select(func.max(t.journal.c.position)).where(t.journal.c.course_id == course)
    up_to = min(position, await connection.scalar(end) or position)
    values = {"position": up_to, "copied_by": by, "copied_at": at}
    statement = insert(t.journal_copy).values(course_id=course, **values)
    over = statement.on_conflict_do_update(
        constraint=t.journal_copy.primary_key, set_=values, where=t.journal_copy.c.position < up_to
    )
    await connection.execute(over)
    return await last(connection, course) or JournalCopy.model_validate(values)
