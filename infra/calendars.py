"""The working time of municipalities: Danish public holidays and closing days as data, kept by hash (P6, P8)."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from dateutil.easter import easter
from holidays import country_holidays

from infra.kept import KeptDocuments
from infra.store.documents import DocumentKind
from infra.store.engine import Store
from rules.calendars import CalendarData, ClosedDay
from rules.text import Text
from rules.working_time import WorkingTime

YEARS: Final = range(2015, 2046)
"""The years whose closed days are known; in others every weekday counts as open."""

_DAYS_FROM_EASTER_TO_DAY_AFTER_ASCENSION: Final = 40
_CLOSING: Final = Text(da="Lukkedag", en="Closing day")


def public_holidays() -> Iterator[ClosedDay]:
    """Yield the Danish public holidays by name in both languages (never matched on: names depend on a locale)."""
    danish = country_holidays("DK", years=YEARS, language="da")
    english = country_holidays("DK", years=YEARS, language="en_US")
    for day in sorted(danish):
        yield ClosedDay(on=day, label=Text(da=danish[day], en=english[day]))


def closing_days() -> Iterator[ClosedDay]:
    """Yield the days on which municipal offices are closed by custom: local policy, not law."""
    for year in YEARS:
        after_ascension = easter(year) + timedelta(days=_DAYS_FROM_EASTER_TO_DAY_AFTER_ASCENSION)
        for day in (after_ascension, date(year, 6, 5), date(year, 12, 24), date(year, 12, 31)):
            yield ClosedDay(on=day, label=_CLOSING)


@cache
def customary() -> CalendarData:
    """Return the calendar of a municipality that has said nothing else."""
    days = {closed.on: closed for closed in (*closing_days(), *public_holidays())}
    return CalendarData(closed_days=tuple(days[day] for day in sorted(days)))


class Calendars:
    """Working time by municipality, and by hash for what was reckoned earlier."""

    def __init__(self, store: Store, cache_folder: Path) -> None:
        """Take the store and the folder of the disk cache."""
        self._kept = KeptDocuments(store, cache_folder, DocumentKind.CALENDAR)
        self._current = WorkingTime(customary())
        self._by_hash = {self._current.reference: self._current}

    async def publish(self) -> None:
        """Put the customary calendar into the store and the cache."""
        await self._kept.publish("customary", customary().sha256, customary().canonical)

    async def calendar(self, _municipality: str) -> WorkingTime:
        """Return the working time in force."""
        return self._current

    async def reckoned_by(self, municipality: str, sha256: str) -> WorkingTime:
        """Return the calendar that an earlier reckoning used; raises UnknownDocumentError when nobody has it."""
        known = self._by_hash.get(sha256)
        if known is None:
            known = WorkingTime(CalendarData.model_validate_json(await self._kept.find(municipality, sha256)))
            self._by_hash[sha256] = known
        return known
