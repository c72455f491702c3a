"""The working time in force in each municipality, and earlier calendars by hash (P6, P8)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TypeVar

from infra.documents.cache import DocumentCache
from infra.store.engine import Connection, Store
from infra.store.registers import absences, documents, office_hours
from infra.store.registers.documents import DocumentKind
from infra.store.rows import InForce
from rules.calendar.danish_offices import calendar_of, customary
from rules.calendar.data import CalendarData
from rules.calendar.working_time import WorkingTime

ABSENCES_RETAINED_FOR: Final = timedelta(days=400)
"""How long an absence that is over is kept: waits that began meanwhile are reckoned with it."""

_READY: Final = 64
"""How many calendars stay in memory, with people's own times and without."""

_ON_DISK: Final = 256
"""How many calendars stay on the disk of a machine."""


K = TypeVar("K", str, InForce)


class Calendars:
    """Working time by municipality, and by hash for earlier reckonings."""

    def __init__(self, store: Store, cache_folder: Path) -> None:
        """Take the store and the folder of the disk cache."""
        self._store = store
        self._cache = DocumentCache(store, cache_folder, DocumentKind.CALENDAR, _ON_DISK)
        self._customary = WorkingTime(customary())
        self._by_hash: dict[str, WorkingTime] = {}
        self._with_people: dict[InForce, WorkingTime] = {}

    async def publish(self) -> None:
        """Put the customary calendar into the store and the cache."""
        await self._cache.publish("customary", customary().sha256, customary().canonical)

    async def in_force(self, connection: Connection) -> WorkingTime:
        """Return the working time of the municipality of a transaction, by one small statement."""
        return await self.named(connection, await office_hours.in_force(connection))

    def ready(self, in_force: InForce) -> WorkingTime | None:
        """Return the working time that was named before, if it is in memory."""
        if in_force.own_times is not None:
            return self._with_people.get(in_force)
        return self._customary if in_force.calendar is None else self._compiled(in_force.calendar)

    async def named(self, connection: Connection, in_force: InForce) -> WorkingTime:
        """Return the working time of a calendar in the store, with people's own times as they are now."""
        if in_force.own_times is None:
            return await self._offices(connection, in_force.calendar)
        ready = self._with_people.get(in_force)
        if ready is None:
            offices = await self._offices(connection, in_force.calendar)
            ready = offices.with_own_times(await office_hours.own_times(connection))
            _keep(self._with_people, in_force, ready)
        return ready

    async def _offices(self, connection: Connection, sha256: str | None) -> WorkingTime:
        if sha256 is None:
            return self._customary
        return self._compiled(sha256) or self._remember(sha256, await self._cache.find_within(connection, sha256))

    async def reckoned_by(self, municipality: str, sha256: str) -> WorkingTime:
        """Return the offices' calendar of an earlier reckoning; raises UnknownDocumentError when it is nowhere."""
        return self._compiled(sha256) or self._remember(sha256, await self._cache.find(municipality, sha256))

    @asynccontextmanager
    async def changing(self, municipality: str, today: date) -> AsyncIterator[Connection]:
        """Open a transaction that changes office hours, closing days, or the days or absences of a person.

        The working time that follows is in force with it, for the very next command of any course.
        Changes of one municipality come one after the other, so that none is lost.
        """
        async with self._store.municipality(municipality) as connection:
            await office_hours.lock(connection)
            await absences.forget(connection, today - ABSENCES_RETAINED_FOR)
            before = await office_hours.own_times(connection)
            yield connection
            calendar = await _stored(connection, calendar_of(await office_hours.office(connection)))
            await office_hours.put_in_force(connection, calendar, before, await office_hours.own_times(connection))

    def _compiled(self, sha256: str) -> WorkingTime | None:
        return self._customary if sha256 == self._customary.reference else self._by_hash.get(sha256)

    def _remember(self, sha256: str, content: bytes) -> WorkingTime:
        """Compile the working time of a document."""
        compiled = WorkingTime(CalendarData.model_validate_json(content))
        _keep(self._by_hash, sha256, compiled)
        return compiled


def _keep(ready: dict[K, WorkingTime], key: K, compiled: WorkingTime) -> None:
    """Keep a working time in memory, in place of the oldest one."""
    if len(ready) >= _READY:
        del ready[next(iter(ready))]
    ready[key] = compiled


async def _stored(connection: Connection, data: CalendarData) -> str | None:
    """Store a calendar and return its hash; the customary one stays that of the release, which may know more."""
    if data == customary():
        return None
    await documents.put(connection, DocumentKind.CALENDAR, "municipal", data.model_dump(mode="json"), data.sha256)
    return data.sha256
