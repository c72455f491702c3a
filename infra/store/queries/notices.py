"""Notices as they are read: one, those that are not done, and those about some visits (P4)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from domain.reach import Reach
from domain.state.notice import NEWS
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.visibility import worked_with_by
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
    """Return a notice of a course that the caller works with, or of no course, whoever it is to."""
    of_course = t.course.c.course_id == t.notice.c.course_id
    is_visible = or_(t.notice.c.course_id.is_(None), worked_with_by(reach))
    of_visible = select(t.notice).join(t.course, of_course, isouter=True).where(is_visible)
    row = (await connection.execute(of_visible.where(t.notice.c.notice_id == notice))).one_or_none()
    return NoticeRow.read(row) if row else None


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


def has_come(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a notice is in its recipient's list by now: news is from its morning on."""
    return or_(t.notice.c.about != NEWS, t.notice.c.queued_at <= now)


def is_listed() -> ColumnElement[bool]:
    """Whether a notice that is not done is still its recipient's: its wait goes on, or it is unseen.

    Not what is for who covers alone, because the recipient reported it.
    """
    n = t.notice.c
    is_for_cover = func.coalesce(n.subject["for_cover"].as_boolean(), False)
    return and_(or_(n.waiting.is_not(None), n.seen_at.is_(None)), ~is_for_cover)
