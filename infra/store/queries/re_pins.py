"""The courses that follow a rule set and may be moved to another, and those that were (P14)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from domain.commands import RePinCourse
from domain.reach import Reach
from domain.state.course import Status
from infra.store import tables as t
from infra.store.bulk_rows import BulkItem, BulkKind
from infra.store.engine import Connection

_C = t.course.c
_I = t.bulk_item.c


async def following(
    connection: Connection,
    reach: Reach,
    sha256: str,
    units: Collection[str] | None,
    after: UUID | None = None,
    at_most: int | None = None,
) -> dict[UUID, str]:
    """Return the courses, each with its unit, that follow a set, are not closed and of units that the caller governs.

    They are in a fixed order.
    """
    statement = (
        select(_C.course_id, _C.unit).where(*_follow(reach, sha256, units)).order_by(_C.course_id).limit(at_most)
    )
    if after is not None:
        statement = statement.where(_C.course_id > after)
    return {row.course_id: row.unit for row in await connection.execute(statement)}


async def count(connection: Connection, reach: Reach, sha256: str, units: Collection[str] | None) -> int:
    """Return how many courses `following` has in all."""
    counted = select(func.count()).where(*_follow(reach, sha256, units))
    return await connection.scalar(counted) or 0


async def re_pinned(connection: Connection, reach: Reach, bulk: UUID) -> list[tuple[UUID, str, RePinCourse]]:
    """Return the courses of a re-pin in units that the caller governs, with unit and the command each was given."""
    act = (t.bulk_act.c.bulk_id == bulk) & (t.bulk_act.c.kind == BulkKind.RE_PIN)
    items: Select[tuple[Any, ...]] = (
        select(t.bulk_item, _C.unit)
        .join(t.bulk_act, act & (_I.bulk_id == t.bulk_act.c.bulk_id))
        .join(t.course, _C.course_id == _I.course_id)
        .where(_I.command.is_not(None), *_governed(reach))
        .order_by(_I.ordinal)
    )
    read = [(BulkItem.read(row), row.unit) for row in await connection.execute(items)]
    return [(item.course_id, unit, item.command) for item, unit in read if isinstance(item.command, RePinCourse)]


def _follow(reach: Reach, sha256: str, units: Collection[str] | None) -> list[ColumnElement[bool]]:
    asked = [_C.rules_sha256 == sha256, _C.status != Status.COMPLETED, *_governed(reach)]
    return asked if units is None else [*asked, _C.unit.in_(units)]


def _governed(reach: Reach) -> list[ColumnElement[bool]]:
    governed = reach.governed_units
    return [] if governed is None else [_C.unit.in_(governed)]
