"""The working time in force in each municipality, and that of earlier reckonings by hash (P6, P8)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from infra.documents.cache import KeptDocuments
from infra.store.engine import Connection, Store
from infra.store.registers import documents, office_hours
from infra.store.registers.documents import DocumentKind
from rules.calendar.danish_offices import calendar_of, customary
from rules.calendar.data import CalendarData
from rules.calendar.working_time import WorkingTime

KEPT_AFTER_END: Final = timedelta(days=400)
"""How long an absence that is over stays in new calendars: what was asked meanwhile is reckoned with it."""

_READY: Final = 64
"""How many calendars are kept in memory; every absence that is registered makes another one."""

_ON_DISK: Final = 256
"""How many calendars a machine keeps on its disk."""


class Calendars:
    """Working time by municipality, and by hash for what was reckoned earlier."""

    def __init__(self, store: Store, cache_folder: Path) -> None:
        """Take the store, and the folder in which this machine keeps the newest calendars."""
        self._store = store
        self._kept = KeptDocuments(store, cache_folder, DocumentKind.CALENDAR, _ON_DISK)
        self._customary = WorkingTime(customary())
        self._by_hash: dict[str, WorkingTime] = {}

    async def publish(self) -> None:
        """Put the customary calendar into the store and the cache."""
        await self._kept.publish("customary", customary().sha256, customary().canonical)

    async def in_force(self, connection: Connection) -> WorkingTime:
        """Return the working time of the municipality whose transaction this is, by one small statement."""
        return await self.named(connection, await office_hours.in_force(connection))

    async def named(self, connection: Connection, sha256: str | None) -> WorkingTime:
        """Return the working time that the store says is in force, the customary one when it names none."""
        if sha256 is None:
            return self._customary
        return self._known(sha256) or self._remember(sha256, await self._kept.find_within(connection, sha256))

    async def reckoned_by(self, municipality: str, sha256: str) -> WorkingTime:
        """Return the calendar that an earlier reckoning used; raises UnknownDocumentError when nobody has it."""
        return self._known(sha256) or self._remember(sha256, await self._kept.find(municipality, sha256))

    @asynccontextmanager
    async def changing(self, municipality: str, today: date) -> AsyncIterator[Connection]:
        """Open a transaction that changes office hours, closing days, somebody's days or absences.

        The calendar that follows is in force with it, for the very next command of any course.
        Changes of one municipality come one after the other, so that none is lost.
        """
        async with self._store.municipality(municipality) as connection:
            await office_hours.lock(connection)
            yield connection
            office = await office_hours.office(connection)
            own_times = await office_hours.own_times(connection, today - KEPT_AFTER_END)
            await _put_in_force(connection, calendar_of(office, own_times))

    def _known(self, sha256: str) -> WorkingTime | None:
        return self._customary if sha256 == self._customary.reference else self._by_hash.get(sha256)

    def _remember(self, sha256: str, content: bytes) -> WorkingTime:
        """Return the working time of a document; the one that was remembered first is forgotten for it."""
        if len(self._by_hash) >= _READY:
            del self._by_hash[next(iter(self._by_hash))]
        return self._by_hash.setdefault(sha256, WorkingTime(CalendarData.model_validate_json(content)))


async def _put_in_force(connection: Connection, data: CalendarData) -> None:
    """Keep a calendar and let it be in force; the customary one stays that of the release, which may know more."""
    if data == customary():
        await office_hours.put_in_force(connection, None)
        return
    body = data.model_dump(mode="json")
    await documents.put(connection, DocumentKind.CALENDAR, "municipal", body, data.sha256)
    await office_hours.put_in_force(connection, data.sha256)
