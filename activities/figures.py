"""Counts the figures of the months that have been over for a whole month, once for ever (P10)."""

from collections.abc import Collection
from datetime import date, datetime

import structlog

from domain.calendar import danish_day
from domain.figures import groups, month_after, month_to_count
from infra.store.engine import Connection, Store
from infra.store.registers import figures
from infra.store.registers.things import first_day, things

_log = structlog.get_logger(__name__)


class FigureCount:
    """Counts in the municipalities whose staff was heard; to count again changes nothing."""

    def __init__(self, store: Store, municipalities: Collection[str]) -> None:
        self._store = store
        self._municipalities = municipalities

    async def count(self, now: datetime) -> int:
        """Count what is not counted yet; return in how many municipalities there was anything to count."""
        return sum([await self._count_if_possible(municipality, now) for municipality in self._municipalities])

    async def _count_if_possible(self, municipality: str, now: datetime) -> bool:
        try:
            async with self._store.municipality(municipality) as connection:
                return await count_month(connection, month_to_count(danish_day(now)), now)
        except Exception:  # noqa: BLE001 - It is logged, and keeps no other from being counted.
            _log.exception("figures could not be counted", municipality=municipality)
            return False


async def count_month(connection: Connection, month: date, now: datetime) -> bool:
    """Count all that is not counted until a month is over; return whether nobody had counted that month."""
    last = await figures.last_counted(connection)
    if (last is not None and last >= month) or not await figures.claim_month(connection, month, now):
        return False
    since = await first_day(connection) if last is None else month_after(last)
    for year in range(since.year, month.year + 1):
        await _count_year(connection, year, month)
    return True


async def _count_year(connection: Connection, year: int, month: date) -> None:
    """Count a year as far as a month; the remainder of a year that is over is counted then, or never."""
    since, until = date(year, 1, 1), min(date(year, 12, 1), month)
    done = await figures.done_since(connection, since)
    found, rules = await things(connection, since, month_after(until))
    for series, of_series in found.items():
        new = [*groups(of_series, series.figure, until, done.get(series, {}))]
        await figures.add(connection, series, rules[series], new)
