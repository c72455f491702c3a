"""The journal of a municipality as a feed, in an order in which nothing ever comes before what was already shown.

A row's position is taken before its transaction commits, so a row may appear behind one that was read already.
The feed is ordered by transaction, and shows a transaction's rows once no earlier one is still open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    case,
    column,
    exists,
    false,
    func,
    literal_column,
    select,
    true,
)

from domain.reach import Reach
from infra.store import tables as t
from infra.store.engine import Connection, Store
from infra.store.page import Page, read_page
from infra.store.queries.final_briefings import FINAL, FinalBriefing, final_briefings_of, uses_up
from infra.store.queries.journal import JournalEntry
from infra.store.queries.visibility import worked_with_by

_ENDED_BELOW: Final[ColumnElement[int]] = literal_column(
    "pg_snapshot_xmin(pg_current_snapshot())::text::bigint", BigInteger
)
_NOT_BEGUN_FROM: Final[ColumnElement[int]] = literal_column(
    "pg_snapshot_xmax(pg_current_snapshot())::text::bigint", BigInteger
)

_SERIES: Final = func.generate_series(0, uses_up()).table_valued(column("part", Integer)).render_derived(name="parts")
_PART: Final[ColumnElement[int]] = _SERIES.c.part


class Place(NamedTuple):
    """A place in the feed: with `part` 0 an event, with 1 the final briefing that follows from it."""

    tx: int
    position: int
    part: int = 0


class PlaceLostError(Exception):
    """There is no row at the reader's place: the store was restored from an older backup."""


class FeedDisorderedError(Exception):
    """Rows bear transactions that this server has not begun: they were copied from another, and must be renumbered."""


@dataclass(frozen=True, slots=True)
class FeedFilter:
    """Which rows are asked for; every part that is given must hold."""

    kinds: frozenset[str] | None = None
    course: UUID | None = None


class FeedEntry(JournalEntry):
    """A row of the journal with what its course is known by, or the `final` briefing that follows from it."""

    course_id: UUID
    reference: str
    unit: str
    rules_sha256: str
    tx: int
    part: int
    final: FinalBriefing | None = None

    @property
    def place(self) -> Place:
        return Place(self.tx, self.position, self.part)

    @property
    def shown_kind(self) -> str:
        """Return the kind under which the feed shows it."""
        return FINAL if self.final else self.kind

    @property
    def identity(self) -> str:
        """Return the id that is the same for every reader at any time, so that a repeat is recognised (P7)."""
        if self.final:
            return f"{self.course_id}/{FINAL}/{self.visit}/{self.final.version}"
        return f"{self.course_id}/{self.epoch}/{self.revision}/{self.seq}"


async def feed(
    connection: Connection, reach: Reach, wanted: FeedFilter, limit: int, after: Place | None = None
) -> Page[FeedEntry, Place]:
    """Return what has happened in the courses that the caller works with, from what follows `after`.

    Behind each event by which a version of a briefing is used up, that version comes as `briefing.final`.

    Raises PlaceLostError when `after` is no place of this store, FeedDisorderedError when the order cannot be told.
    """
    await _expect_order(connection, after)
    j, c = t.journal.c, t.course.c
    statement = (
        select(t.journal, c.reference, c.unit, c.rules_sha256, _PART)
        .join(t.course, c.course_id == j.course_id)
        .join(_SERIES, true())
        .where(j.tx < _ENDED_BELOW, worked_with_by(reach), *_conditions(wanted))
    )
    if after is not None:
        statement = statement.where(j.tx >= after.tx)  # The index serves this part of the condition.
    keys = [j.tx, j.position, _PART]
    page = await read_page(connection, statement, FeedEntry, keys, lambda entry: entry.place, limit, after)
    return Page(items=await _with_finals(connection, page.items), next=page.next)


async def head(connection: Connection) -> Place | None:
    """Return the last place of the feed, or None while nothing has happened; what comes later comes after it.

    Raises FeedDisorderedError when the order cannot be told.
    """
    await _expect_order(connection, None)
    j = t.journal.c
    newest_first = (j.tx.desc(), j.position.desc(), _PART.desc())
    statement = select(j.tx, j.position, _PART).join(_SERIES, true()).where(j.tx < _ENDED_BELOW)
    row = (await connection.execute(statement.order_by(*newest_first).limit(1))).one_or_none()
    return Place(*row) if row else None


async def head_of(store: Store, municipality: str) -> Place | None:
    """Return the last place of a municipality's feed."""
    async with store.municipality(municipality) as connection:
        return await head(connection)


async def _with_finals(connection: Connection, rows: Sequence[FeedEntry]) -> tuple[FeedEntry, ...]:
    result = await final_briefings_of(connection, [(row.course_id, row) for row in rows if row.part])
    by_place = {Place(row.tx, row.position, 1): result.get((row.course_id, row.position)) for row in rows}
    return tuple(row.model_copy(update={"final": by_place.get(row.place)}) for row in rows)


async def _expect_order(connection: Connection, after: Place | None) -> None:
    j = t.journal.c
    is_ahead = exists().where(j.tx >= _NOT_BEGUN_FROM)
    is_known: ColumnElement[bool] = false()
    if after is not None:
        is_known = exists().where(j.tx == after.tx, j.position == after.position)
    result: Any = (await connection.execute(select(is_ahead, is_known))).one()
    if result[0]:
        raise FeedDisorderedError
    if after is not None and not result[1]:
        raise PlaceLostError


def _conditions(wanted: FeedFilter) -> list[ColumnElement[bool]]:
    result: list[ColumnElement[bool]] = []
    if wanted.kinds is not None:
        result.append(case((_PART == 0, t.journal.c.kind), else_=FINAL).in_(wanted.kinds))
    if wanted.course is not None:
        result.append(t.journal.c.course_id == wanted.course)
    return result
