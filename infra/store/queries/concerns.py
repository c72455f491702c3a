"""What the absences of somebody concern: each course, who covers there, and how much waits (P1)."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, select, true, tuple_

from domain.reach import Reach
from domain.state.course import Status
from domain.state.waiting import WaitingKind
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries import waits
from infra.store.queries.covers import covers_by_course, lasts_until
from infra.store.queries.visibility import governed_by, worked_with_by
from infra.store.rows import StoredRow


class Concern(StoredRow):
    """A course of somebody absent from `since` on, and the one who covers there.

    When nobody can, `cover` is the first of those named, who `holds_a_role` there already, or None.
    """

    absent: str
    since: date
    course_id: UUID
    unit: str
    reference: str
    cover: str | None
    holds_a_role: bool | None

    @property
    def acting(self) -> str | None:
        """Return who covers in the course, None where nobody can."""
        return self.cover if self.holds_a_role is False else None


async def concerns(connection: Connection, reach: Reach, absent: str) -> list[Concern]:
    """Return the courses not completed, of those the caller sees, that a person's absences touch from today on."""
    is_of = t.absence.c.person_id == absent
    return await _concerns(connection, reach.today, is_of, lasts_until(reach.today), seen=worked_with_by(reach))


async def of_absence(
    connection: Connection, absent: str, since: date, today: date, reach: Reach | None = None
) -> list[Concern]:
    """Return the courses not completed that an absence touches: all, or those that a caller sees."""
    a = t.absence.c
    seen = true() if reach is None else worked_with_by(reach)
    return await _concerns(connection, today, a.person_id == absent, a.since == since, seen=seen)


async def governed(connection: Connection, reach: Reach, absences: Collection[tuple[str, date]]) -> list[Concern]:
    """Return the courses not completed that some absences touch in the units that the caller governs."""
    a = t.absence.c
    is_one = tuple_(a.person_id, a.since).in_(absences)
    return await _concerns(connection, reach.today, is_one, seen=and_(worked_with_by(reach), governed_by(reach)))


async def _concerns(
    connection: Connection, today: date, *of_absence: ColumnElement[bool], seen: ColumnElement[bool]
) -> list[Concern]:
    matches, c = covers_by_course(today, *of_absence).subquery(), t.course.c
    statement = (
        select(matches, c.reference, c.unit)
        .join(t.course, c.course_id == matches.c.course_id)
        .where(c.status != Status.COMPLETED, seen)
        .order_by(matches.c.since, matches.c.absent, c.reference, c.course_id)
    )
    return [Concern.read(row) for row in await connection.execute(statement)]


async def waits_for(
    connection: Connection, person: str, courses: Collection[UUID]
) -> Mapping[UUID, Mapping[WaitingKind, int]]:
    """Return how much of each kind waits for a person in each of these courses."""
    return await waits.by_kind(connection, courses, any_(t.waiting.c.persons) == person)
