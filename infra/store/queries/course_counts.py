"""How many courses a list has, in all and by what they wait for, step, unit and person awaited."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, distinct, func, select

from domain.reach import Reach
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.course_filter import CourseFilter, conditions
from infra.store.queries.visibility import visible_to


class CountedBy(StrEnum):
    """By what courses are counted; one that waits for several things counts for each."""

    CAUSE = "cause"
    STEP = "step"
    UNIT = "unit"
    PERSON = "person"


_COURSE: Final = t.course.c
_WAITING: Final = t.waiting.c


async def total(connection: Connection, reach: Reach, wanted: CourseFilter) -> int:
    """Return how many courses, of those that exist for the caller, `wanted` describes."""
    statement = select(func.count()).select_from(t.course).where(visible_to(reach), *conditions(wanted))
    return int(await connection.scalar(statement) or 0)


async def counts(
    connection: Connection, reach: Reach, wanted: CourseFilter, by: Collection[CountedBy]
) -> dict[CountedBy, list[tuple[str, str, int]]]:
    """Return for each of `by` the names, the rules of one of its courses, and how many it has, the most first."""
    described = select(_COURSE.course_id).where(visible_to(reach), *conditions(wanted))
    return {one: await _counted(connection, _NAMES[one], described) for one in by}


async def _counted(
    connection: Connection, names: tuple[Any, ColumnElement[Any]], described: Select[Any]
) -> list[tuple[str, str, int]]:
    source, name = names
    named = (
        select(name.label("name"), _COURSE.course_id, _COURSE.rules_sha256)
        .select_from(source)
        .where(_COURSE.course_id.in_(described))
        .subquery()
    )
    number = func.count(distinct(named.c.course_id))
    statement = (
        select(named.c.name, func.max(named.c.rules_sha256), number)
        .group_by(named.c.name)
        .order_by(number.desc(), named.c.name)
    )
    return [(row[0], row[1], row[2]) for row in await connection.execute(statement)]


_WITH_WAITS: Final = t.course.join(t.waiting, _WAITING.course_id == _COURSE.course_id)
_NAMES: Final[dict[CountedBy, tuple[Any, ColumnElement[Any]]]] = {
    CountedBy.CAUSE: (_WITH_WAITS, _WAITING.kind),
    CountedBy.STEP: (t.course, func.unnest(_COURSE.steps)),
    CountedBy.UNIT: (t.course, _COURSE.unit),
    CountedBy.PERSON: (_WITH_WAITS, func.unnest(_WAITING.persons)),
}
"""The rows in which each name stands."""
