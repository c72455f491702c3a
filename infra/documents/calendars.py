"""The working time in force in each municipality, and earlier calendars by hash (P6, P8)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from infra.documents.cache import DocumentCache
from infra.store.engine import Connection, Store
from infra.store.registers import documents, office_hours
from infra.store.registers.documents import DocumentKind
from rules.calendar.danish_offices import calendar_of, customary
from rules.calendar.data import CalendarData
from rules.calendar.working_time import WorkingTime

ABSENCES_RETAINED_FOR: Final = timedelta(days=400)
"""How long an absence that is over stays in new calendars: waits that began meanwhile are reckoned with it."""

_READY: Final = 64
"""How many calendars stay in memory; every registered absence makes another one."""

_ON_DISK: Final = 256
"""How many calendars stay on the disk of a machine."""


class Calendars:
    """Working time by municipality, and by hash for earlier reckonings."""

    def __init__(self, store: Store, cache_folder: Path) -> None:
        """Take the store and the folder of the disk cache."""
        self._store = store
        self._cache = DocumentCache(store, cache_folder, DocumentKind.CALENDAR, _ON_DISK)
        self._customary = WorkingTime(customary())
        self._by_hash: dict[str, WorkingTime] = {}

    async def publish(self) -> None:
        """Put the customary calendar into the store and the cache."""
        await self._cache.publish("customary", customary().sha256, customary().canonical)

    async def in_force(self, connection: Connection) -> WorkingTime:
        """Return the working time of the municipality of a transaction, by one small statement."""
        return await self.named(connection, await office_hours.in_force(connection))

    async def named(self, connection: Connection, sha256: str | None) -> WorkingTime:
        """Return the working time of a calendar in the store, the customary one for None."""
        if sha256 is None:
            return self._customary
        return self._compiled(sha256) or self._remember(sha256, await self._cache.find_within(connection, sha256))

    async def reckoned_by(self, municipality: str, sha256: str) -> WorkingTime:
        """Return the calendar of an earlier reckoning; raises UnknownDocumentError when it is nowhere."""
        return self._compiled(sha256) or self._remember(sha256, await self._cache.find(municipality, sha256))

    @asynccontextmanager
    async def changing(self, municipality: str, today: date) -> AsyncIterator[Connection]:
        """Open a transaction that changes office hours, closing days, or the days or absences of a person.

        The calendar that follows is in force with it, for the very next command of any course.
        Changes of one municipality come one after the other, so that none is lost.
        """
        async with self._store.municipality(municipality) as connection:
            await office_hours.lock(connection)
            yield connection
            office = await office_hours.office(connection)
            own_times = await office_hours.own_times(connection, today - ABSENCES_RETAINED_FOR)
            await _put_in_force(connection, calendar_of(office, own_times))

    def _compiled(self, sha256: str) -> WorkingTime | None:
        return self._customary if sha256 == self._customary.reference else self._by_hash.get(sha256)

    def _remember(self, sha256: str, content: bytes) -> WorkingTime:
        """Compile the working time of a document, in place of the oldest one in memory."""
        if len(self._by_hash) >= _READY:
            del self._by_hash[next(iter(self._by_hash))]
        return self._by_hash.setdefault(sha256, WorkingTime(CalendarData.model_validate_json(content)))


async def _put_in_force(connection: Connection, data: CalendarData) -> None:
    """Store a calendar and put it in force; the customary one stays that of the release, which may know more."""
    if data == customary():
        await office_hours.put_in_force(connection, None)
        return
    body = data.model_dump(mode="json")
    await documents.put(connection, DocumentKind.CALENDAR, "municipal", body, data.sha256)
    await office_hours.put_in_force(connection, data.sha256)
