"""Lists of the courses that exist for a caller, which stay in order while others write."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column, select

from domain.reach import Reach
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.queries.course_filter import CourseFilter, conditions
from infra.store.queries.visibility import observed_as, unless_observed
from infra.store.rows import CourseRow

Cursor = tuple[datetime | date | None, UUID]
"""The sort key and the id of the last course of a page."""

_NEVER: Final[ColumnElement[datetime]] = literal_column("'infinity'::timestamptz")


class Sort(StrEnum):
    """By which a list is sorted: deadlines and waits the earliest first and none last, the others the newest first."""

    DUE_AT = "due_at"
    WAITING_SINCE = "waiting_since"
    STARTED_ON = "started_on"
    UPDATED_AT = "updated_at"

    @property
    def is_earliest_first(self) -> bool:
        return self in (Sort.DUE_AT, Sort.WAITING_SINCE)


async def courses(
    connection: Connection, reach: Reach, wanted: CourseFilter, sort: Sort, limit: int, after: Cursor | None = None
) -> Page[CourseRow, Cursor]:
    """Return the courses, of those that exist for the caller, that `wanted` describes, from what follows `after`.

    A course that comes or goes elsewhere in the list moves no other to another page.
    """
    return await read_page(
        connection,
        select(*_as_listed(reach)).where(*conditions(reach, wanted)),
        CourseRow,
        [_key(reach, sort), t.course.c.course_id],
        lambda row: (getattr(row, sort), row.course_id),
        limit,
        after and (_NEVER if after[0] is None else after[0], after[1]),
        newest_first=not sort.is_earliest_first,
    )


def _as_listed(reach: Reach) -> list[ColumnElement[Any]]:
    """Return the columns of a course in a list, without the times of what it waits for where it is only observed."""
    timed = (t.course.c.due_at, t.course.c.waiting_since)
    as_it_is = (column for column in t.course.c if column not in set(timed))
    return [*as_it_is, observed_as(reach), *(unless_observed(reach, column).label(column.key) for column in timed)]


def _key(reach: Reach, sort: Sort) -> ColumnElement[Any]:
    column = t.course.c[sort]
    return func.coalesce(unless_observed(reach, column), _NEVER) if column.nullable else column
