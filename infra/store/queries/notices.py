"""Notices as they are read: one, those still to be delivered, and those about some visits (P4)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from domain.reach import Reach
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.visibility import visible_to
from infra.store.rows import NoticeRow


async def undone_since(connection: Connection, course: UUID, revision: int) -> list[NoticeRow]:
    """Return the notices raised after `revision` that are not done, oldest first."""
    statement = (
        select(t.notice)
        .where(t.notice.c.course_id == course, t.notice.c.revision > revision, t.notice.c.done_at.is_(None))
        .order_by(t.notice.c.queued_at, t.notice.c.notice_id)
    )
    return [NoticeRow.read(row) for row in await connection.execute(statement)]


async def notice(connection: Connection, notice: UUID) -> NoticeRow | None:
    """Return a notice."""
    result = await connection.execute(select(t.notice).where(t.notice.c.notice_id == notice))
    row = result.one_or_none()
    return NoticeRow.read(row) if row else None


async def visible_notice(connection: Connection, reach: Reach, notice: UUID) -> NoticeRow | None:
    """Return a notice of a course that exists for the caller, whoever it is to."""
    of_visible = select(t.notice).join(t.course, t.course.c.course_id == t.notice.c.course_id).where(visible_to(reach))
    row = (await connection.execute(of_visible.where(t.notice.c.notice_id == notice))).one_or_none()
    return NoticeRow.read(row) if row else None


async def due(connection: Connection, notice_id: UUID) -> NoticeRow | None:
    """Return a notice that is still to be delivered, or None when it is unknown or done."""
    row = await notice(connection, notice_id)
    return row if row and row.done_at is None else None


async def of_visits(connection: Connection, course: UUID, visits: Collection[int]) -> dict[int, list[NoticeRow]]:
    """Return every notice about some visits by the visit, those that are done too, oldest first."""
    statement = (
        select(t.notice)
        .where(t.notice.c.course_id == course, t.notice.c.visit.in_(visits))
        .order_by(t.notice.c.queued_at, t.notice.c.notice_id)
    )
    result: dict[int, list[NoticeRow]] = {visit: [] for visit in visits}
    for row in map(NoticeRow.read, await connection.execute(statement)):
        if row.visit is not None:
            result[row.visit].append(row)
    return result
