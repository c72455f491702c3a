"""How much waits in courses, by its kind."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from domain.state.waiting import WaitingKind
from infra.store import tables as t
from infra.store.engine import Connection


async def by_kind(
    connection: Connection, courses: Collection[UUID], asked: ColumnElement[bool]
) -> Mapping[UUID, Mapping[WaitingKind, int]]:
    """Return how much of each kind waits in each course, of the waits that are asked for."""
    w = t.waiting.c
    statement = (
        select(w.course_id, w.kind, func.count())
        .where(w.course_id.in_(courses), asked, t.IS_SHOWN)
        .group_by(w.course_id, w.kind)
        .order_by(w.kind)
    )
    waits: defaultdict[UUID, dict[WaitingKind, int]] = defaultdict(dict)
    for course, kind, count in await connection.execute(statement):
        waits[course][WaitingKind(kind)] = count
    return waits
