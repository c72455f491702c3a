"""Courses as they are read, row and state of the same revision."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy import Row as SqlRow

from domain.identity import Role
from domain.model import Model
from domain.reach import Reach
from domain.state.course import CourseState, Status
from domain.state.reads import Reads
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.visibility import (
    CALLERS,
    covered_persons,
    is_party,
    observed_as,
    readable_name,
    visible_to,
)
from infra.store.rows import CourseRow, ReceiptRow, VisitRow, WaitingRow
from infra.store.whole import WHOLE, state_of


class StoredCourse(Model):
    """A course's row, and its state unless that has been erased."""

    row: CourseRow
    state: CourseState | None


@dataclass(frozen=True)
class VisibleCourse:
    """A course that exists for a caller; the row names the citizen's name only where the caller may read it (P10).

    `whole` is its state, as JSON until somebody asks for it: most commands only ask whether the course exists.
    `judged_at` is when its verdict was given that it stands at now, by time alone too; `roles` are those that the
    caller has in it, and `covers` those for whom he is the registered cover in it. `reads` is what the caller reads
    who only observes it, None for the whole.
    """

    row: CourseRow
    whole: CourseState | str
    judged_at: datetime
    roles: frozenset[Role]
    covers: tuple[str, ...] = ()
    reads: Reads | None = None

    @property
    def id(self) -> UUID:
        return self.row.course_id

    @cached_property
    def state(self) -> CourseState:
        """Return the course's state as the caller reads it (P14)."""
        whole = CourseState.model_validate_json(self.whole) if isinstance(self.whole, str) else self.whole
        return whole if self.reads is None else self.reads.of(whole)

    def read_by(self, reads: Reads) -> "VisibleCourse":
        """Return the course as an observer reads it (P14)."""
        return replace(self, row=self.row.read_by(reads), reads=reads)


_AN_APPOINTMENT: Final[ColumnElement[Any]] = literal_column("'$.visits[*].appointments[*]'::jsonpath")


async def course(connection: Connection, course: UUID) -> StoredCourse | None:
    """Return a course, row and state of the same revision, or None when this municipality has no such course."""
    row = (await connection.execute(_in_full().where(t.course.c.course_id == course))).one_or_none()
    return _stored(row) if row else None


async def visible_course(connection: Connection, reach: Reach, course: UUID) -> VisibleCourse | None:
    """Return a course if it exists for the caller and has not been erased."""
    row = (await connection.execute(_visible(reach), {"course": course})).one_or_none()
    if row is None or row.whole is None:
        return None
    read = CourseRow.read(row)
    return VisibleCourse(read, row.whole, row.recorded_at, read.roles_of(reach), tuple(row.covers))


@lru_cache(CALLERS)
def _visible(reach: Reach) -> Select[tuple[Any, ...]]:
    """Return the statement by which a caller is given a `course`."""
    as_it_is = (column for column in t.course.c if column is not t.course.c.citizen_text)
    as_read = (*as_it_is, readable_name(reach), observed_as(reach))
    statement = _at_head(select(*as_read, WHOLE, t.revision.c.recorded_at, covered_persons(reach)))
    return statement.where(t.course.c.course_id == bindparam("course"), visible_to(reach))


async def states(connection: Connection, courses: Collection[UUID]) -> dict[UUID, CourseState]:
    """Return the states of some courses, without the erased ones; asks nothing when there are none."""
    if not courses:
        return {}
    every = await several(connection, courses)
    return {course: stored.state for course, stored in every.items() if stored.state is not None}


async def several(connection: Connection, courses: Collection[UUID]) -> dict[UUID, StoredCourse]:
    """Return some courses, rows and states of the same revision, by id."""
    rows = await connection.execute(_in_full().where(t.course.c.course_id.in_(courses)))
    return {stored.row.course_id: stored for stored in map(_stored, rows)}


async def with_appointments(connection: Connection, reach: Reach, limit: int) -> list[StoredCourse]:
    """Return the courses in which the caller holds a role and meetings were planned, the last changed first."""
    has_some = func.jsonb_path_exists(t.revision.c.snapshot, _AN_APPOINTMENT)
    newest = (t.course.c.updated_at.desc(), t.course.c.course_id)
    own = _in_full().where(visible_to(reach), is_party(reach.person), has_some)
    return [_stored(row) for row in await connection.execute(own.order_by(*newest).limit(limit))]


def _in_full() -> Select[tuple[Any, ...]]:
    return _at_head(select(t.course, WHOLE))


def _at_head(columns: Select[tuple[Any, ...]]) -> Select[tuple[Any, ...]]:
    """Return some columns of each course and of its newest revision."""
    c, r = t.course.c, t.revision.c
    is_newest = (r.course_id == c.course_id) & (r.epoch == c.epoch) & (r.revision == c.revision)
    return columns.join_from(t.course, t.revision, is_newest)


def _stored(row: SqlRow[tuple[Any, ...]]) -> StoredCourse:
    return StoredCourse(row=CourseRow.read(row), state=state_of(row.whole))


async def how_many(connection: Connection) -> int:
    """Return how many courses a municipality has."""
    return await connection.scalar(select(func.count()).select_from(t.course)) or 0


async def not_over(connection: Connection) -> list[CourseRow]:
    """Return every course that is not completed, by its reference."""
    c = t.course.c
    statement = select(t.course).where(c.status != Status.COMPLETED).order_by(c.reference, c.ordinal)
    return [CourseRow.read(row) for row in await connection.execute(statement)]


async def find_by_reference(connection: Connection, reference: str) -> CourseRow | None:
    """Return the open course under the caller's case reference, or else the latest one."""
    c = t.course.c
    is_over = c.status == Status.COMPLETED
    statement = select(t.course).where(c.reference == reference).order_by(is_over, c.ordinal.desc()).limit(1)
    row = (await connection.execute(statement)).one_or_none()
    return CourseRow.read(row) if row else None


async def visits(connection: Connection, course: UUID) -> list[VisitRow]:
    """Return every visit of a course, those it has itself forgotten too, in order."""
    result = await connection.execute(_of_course(t.visit, course).order_by(t.visit.c.number))
    return [VisitRow.read(row) for row in result]


async def receipts(connection: Connection, course: UUID) -> list[ReceiptRow]:
    """Return the receipts of every version of every visit, in the order of the versions."""
    r = t.receipt.c
    result = await connection.execute(_of_course(t.receipt, course).order_by(r.visit, r.version, r.role, r.person))
    return [ReceiptRow.read(row) for row in result]


async def times_on_behalf(connection: Connection, courses: Collection[UUID]) -> dict[UUID, dict[Role, int]]:
    """Return how often others acknowledged on behalf of who holds a role, by course and role; never is left out."""
    r, p = t.receipt.c, t.party.c
    holds = and_(p.course_id == r.course_id, p.role == r.role, p.person == r.person)
    statement = (
        select(r.course_id, r.role, func.count())
        .join(t.party, holds)
        .where(r.course_id.in_(courses), r.on_behalf.is_not(None), r.acknowledged_at.is_not(None))
        .group_by(r.course_id, r.role)
        .order_by(r.course_id, r.role)
    )
    times: dict[UUID, dict[Role, int]] = {course: {} for course in courses}
    for course, role, number in await connection.execute(statement):
        times[course][Role(role)] = number
    return times


async def waiting(connection: Connection, course: UUID) -> list[WaitingRow]:
    """Return the waits of a course, the oldest first."""
    w = t.waiting.c
    result = await connection.execute(_of_course(t.waiting, course).order_by(w.since, w.key))
    return [WaitingRow.read(row) for row in result]


def _of_course(table: Table, course: UUID) -> Select[tuple[Any, ...]]:
    return select(table).where(table.c.course_id == course)
