"""The journal as an event log for process mining: in which step and by which role what happened, no values (P10)."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select

from domain.reach import Reach
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.visibility import worked_with_by
from infra.store.rows import StoredRow

_ORDER: Final = (t.journal.c.course_id, t.journal.c.epoch, t.journal.c.revision, t.journal.c.seq)


class LoggedEvent(StoredRow):
    """An event of a course: its kind, in which visit, by whom, and what of it says which step and which roles."""

    course_id: UUID
    rules_id: str
    kind: str
    at: datetime
    actor: str
    visit: int | None
    step: str | None
    roles: list[str] | None
    role: str | None
    person: str | None


async def courses_to_log(connection: Connection, reach: Reach, limit: int, after: UUID | None) -> list[UUID]:
    """Return the next courses that a caller works with, by their ids, which say nothing of when (P14)."""
    c = t.course.c
    statement = select(c.course_id).where(worked_with_by(reach)).order_by(c.course_id).limit(limit)
    if after is not None:
        statement = statement.where(c.course_id > after)
    return list(await connection.scalars(statement))


async def logged_events(connection: Connection, courses: Collection[UUID], kinds: Collection[str]) -> list[LoggedEvent]:
    """Return the events of some kinds in some courses, one course after the other and each in its order."""
    j, v = t.journal.c, t.visit.c
    said = j.detail["role"].astext.label("role"), j.detail["to"]["person"].astext.label("person")
    columns: Select[tuple[object, ...]] = select(
        *(j.course_id, t.course.c.rules_id, j.kind, j.at, j.actor, j.visit, v.step, j.detail["roles"].label("roles")),
        *said,
    )
    statement = (
        columns.join(t.course, t.course.c.course_id == j.course_id)
        .join(t.visit, (v.course_id == j.course_id) & (v.number == j.visit), isouter=True)
        .where(j.course_id.in_(courses), j.kind.in_(kinds))
        .order_by(*_ORDER)
    )
    return [LoggedEvent.read(row) for row in await connection.execute(statement)]
