"""The journal of a municipality as a feed, in an order in which nothing ever comes before what was already shown.

A row's position is taken before its transaction commits, so a row may appear behind one that was read already.
The feed is ordered by transaction, and shows a transaction's rows once no earlier one is still open.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, exists, false, literal_column, select, tuple_

from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.journal import JournalEntry
from infra.store.rows import Page

_ENDED_BELOW: Final[ColumnElement[int]] = literal_column(
    "pg_snapshot_xmin(pg_current_snapshot())::text::bigint", BigInteger
)
_NOT_BEGUN_FROM: Final[ColumnElement[int]] = literal_column(
    "pg_snapshot_xmax(pg_current_snapshot())::text::bigint", BigInteger
)


class Place(NamedTuple):
    """Where a row stands in the feed."""

    tx: int
    position: int


class PlaceLostError(Exception):
    """No row stands where the reader was: the store was restored from before he read it."""


class FeedDisorderedError(Exception):
    """Rows bear transactions that this server has not begun: they were copied from another, and must be renumbered."""


@dataclass(frozen=True, slots=True)
class FeedFilter:
    """Which rows are asked for; every part that is given must hold."""

    kinds: frozenset[str] | None = None
    course: UUID | None = None
    units: frozenset[str] | None = None


class FeedEntry(JournalEntry):
    """A row of the journal with what is needed to find its course elsewhere."""

    course_id: UUID
    reference: str
    tx: int

    @property
    def place(self) -> Place:
        return Place(self.tx, self.position)


async def feed(
    connection: Connection, wanted: FeedFilter, limit: int, after: Place | None = None
) -> Page[FeedEntry, Place]:
    """Return what has happened in the municipality, from the row that follows `after`; `next` when there is more.

    Raises PlaceLostError when `after` is no place of this store, FeedDisorderedError when the order cannot be told.
    """
    await _expect_order(connection, after)
    j, c = t.journal.c, t.course.c
    statement = (
        select(t.journal, c.reference)
        .join(t.course, c.course_id == j.course_id)
        .where(j.tx < _ENDED_BELOW, *_conditions(wanted))
        .order_by(j.tx, j.position)
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(tuple_(j.tx, j.position) > after)
    rows = [FeedEntry.read(row) for row in await connection.execute(statement)]
    items = tuple(rows[:limit])
    return Page(items=items, next=items[-1].place if len(rows) > limit else None)


async def _expect_order(connection: Connection, after: Place | None) -> None:
    j = t.journal.c
    is_ahead = exists().where(j.tx >= _NOT_BEGUN_FROM)
    is_known: ColumnElement[bool] = false()
    if after is not None:
        is_known = exists().where(j.tx == after.tx, j.position == after.position)
    found: Any = (await connection.execute(select(is_ahead, is_known))).one()
    if found[0]:
        raise FeedDisorderedError
    if after is not None and not found[1]:
        raise PlaceLostError


def _conditions(wanted: FeedFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kinds is not None:
        found.append(t.journal.c.kind.in_(wanted.kinds))
    if wanted.course is not None:
        found.append(t.journal.c.course_id == wanted.course)
    if wanted.units is not None:
        found.append(t.course.c.unit.in_(wanted.units))
    return found
