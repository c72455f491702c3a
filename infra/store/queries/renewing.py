"""The courses whose waits are to be reckoned anew because somebody's working time has moved (P6)."""

from collections.abc import Collection

from sqlalchemy import or_, select

from domain.state.course import Status
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import CourseRow


async def to_renew(connection: Connection, persons: Collection[str] | None) -> list[CourseRow]:
    """Return the courses that are not completed in which any of `persons` holds a role; all of them for None.

    So are those of whom they are named to cover for, where the time of a cover counts (P6).
    """
    c, p, n = t.course.c, t.party.c, t.absence_cover.c
    statement = select(t.course).where(c.status != Status.COMPLETED).order_by(c.course_id)
    if persons is not None:
        covered = select(n.person_id).where(n.cover.in_(persons))
        is_moved = or_(p.person.in_(persons), p.person.in_(covered))
        statement = statement.where(c.course_id.in_(select(p.course_id).where(is_moved)))
    return [CourseRow.read(row) for row in await connection.execute(statement)]
