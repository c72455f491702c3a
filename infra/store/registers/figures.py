"""The figures that were counted, of whole months and of five people at least; they are only added to (P10)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.figures import Figure, Group, Series
from domain.identity import Unit
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow

_F: Final = t.counted_figure.c
_MONTH: Final = insert(t.counted_month).on_conflict_do_nothing().returning(t.counted_month.c.month)
_DONE: Final = (
    select(_F.figure, _F.rules_id, _F.step, _F.unit, func.max(_F.last_month).label("last_month"))
    .where(_F.last_month >= bindparam("since"))
    .group_by(_F.figure, _F.rules_id, _F.step, _F.unit)
)


class CountedFigure(StoredRow):
    """Things that were counted as one: days, or for a share 1 or 0; `rules_sha256` has the name of the step."""

    figure: Figure
    rules_id: str
    step: str
    unit: str
    first_month: date
    last_month: date
    rules_sha256: str
    amounts: tuple[int, ...]


async def last_counted(connection: Connection) -> date | None:
    """Return the newest month that was counted."""
    month: date | None = await connection.scalar(select(func.max(t.counted_month.c.month)))
    return month


async def claim_month(connection: Connection, month: date, now: datetime) -> bool:
    """Note that a month is counted in this transaction; return whether nobody else has counted it."""
    return await connection.scalar(_MONTH, {"month": month, "counted_at": now}) is not None


async def done_since(connection: Connection, since: date) -> Mapping[Series, Mapping[str, date]]:
    """Return the last month that is counted of each series and unit, if that is not before `since`."""
    done: defaultdict[Series, dict[str, date]] = defaultdict(dict)
    for row in await connection.execute(_DONE, {"since": since}):
        done[Series(Figure(row.figure), row.rules_id, row.step)][row.unit] = row.last_month
    return done


async def add(connection: Connection, series: Series, rules_sha256: str, groups: Sequence[Group]) -> None:
    """Add what was counted of a series."""
    rows = [{**series._asdict(), "rules_sha256": rules_sha256, **group._asdict()} for group in groups]
    if rows:
        await connection.execute(insert(t.counted_figure), [{**row, "amounts": [*row["amounts"]]} for row in rows])


async def counted_figures(
    connection: Connection, first: date, last: date, units: Collection[Unit] | None
) -> list[CountedFigure]:
    """Return what was counted wholly within some months, of some units or, with None, of all and of several."""
    statement = select(t.counted_figure).where(_F.first_month >= first, _F.last_month <= last)
    if units is not None:
        statement = statement.where(_F.unit.in_(units))
    ordered = statement.order_by(_F.figure, _F.rules_id, _F.step, _F.first_month, _F.unit)
    return [CountedFigure.read(row) for row in await connection.execute(ordered)]
