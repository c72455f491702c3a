"""Looks once a day who is to be told of an absence: who will be away, who covers, and who leads where nobody does."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from domain.address import Address
from domain.calendar import danish_day
from domain.falling_due import falling_due, window
from domain.identity import absence_notice_id
from domain.state.notice import HAND_OVER, HANDED_OVER, WITHOUT_COVER, AbsenceSubject
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.store.courses import absence_notices
from infra.store.courses.absence_notices import AbsenceNotice
from infra.store.engine import Connection, Store
from infra.store.queries import concerns, courses
from infra.store.queries.concerns import Concern
from infra.store.registers import absences
from infra.store.registers.absences import AbsenceRow

DAYS_BEFORE: Final = 5
"""How many working days before an absence those are told who are to prepare it."""

_LOOKED_AHEAD: Final = timedelta(days=21)
"""How many days hold so many working days, whatever holidays there are."""

_log = structlog.get_logger(__name__)


class AbsenceLook:
    """Raises the notices of absences and ends those whose cause is over; looking again changes nothing."""

    def __init__(self, store: Store, calendars: Calendars, rulebooks: Rulebooks, channels: Collection[str]) -> None:
        self._store = store
        self._calendars = calendars
        self._rulebooks = rulebooks
        self._channels = channels

    async def look(self, now: datetime) -> int:
        """Look at every absence that was not looked at today; return how many there were. Raises StoreAwayError."""
        today = danish_day(now)
        async with self._store.anywhere() as connection:
            municipalities = await absences.municipalities_to_look_at(connection, today, today + _LOOKED_AHEAD)
        return sum([await self._look_in(municipality, today, now) for municipality in municipalities])

    async def _look_in(self, municipality: str, today: date, now: datetime) -> int:
        async with self._store.municipality(municipality) as connection:
            await absence_notices.end_those_over(connection, today, now)
            rows = await absences.to_look_at(connection, today, today + _LOOKED_AHEAD)
        for row in rows:
            try:
                async with self._store.municipality(municipality) as connection:
                    await self._look_at(connection, municipality, row, today, now)
            except Exception:  # noqa: BLE001 - It is logged, and keeps no other from being looked at.
                _log.exception("absence could not be looked at", municipality=municipality)
        return len(rows)

    async def _look_at(
        self, connection: Connection, municipality: str, found: AbsenceRow, today: date, now: datetime
    ) -> None:
        calendar = await self._calendars.in_force(connection)
        row = await absences.look_at(connection, found, today)
        if row is None or calendar.working_days_between(today, row.since) > DAYS_BEFORE:
            return
        every = await concerns.of_absence(connection, row.person_id, row.since, today)
        due = await self._with_dates(connection, municipality, row, [one.course_id for one in every], today)
        wanted = [
            AbsenceNotice(
                id=absence_notice_id(municipality, about, row.person_id, row.since, to),
                about=about,
                recipient=to,
                subject=AbsenceSubject(
                    person=row.person_id,
                    since=row.since,
                    until=row.until,
                    courses=len(of_them),
                    due=len(due.intersection(one.course_id for one in of_them)),
                ),
            )
            for about, to, of_them in _to_tell(row, every, today)
        ]
        wanted = [notice for notice in wanted if notice.about != HAND_OVER or notice.subject.due]
        await absence_notices.settle(connection, row.person_id, row.since, wanted, self._channels, now)

    async def _with_dates(
        self, connection: Connection, municipality: str, row: AbsenceRow, ids: Collection[UUID], today: date
    ) -> set[UUID]:
        """Return the courses in which something falls due in the days that are left of an absence."""
        stored = await courses.several(connection, ids)
        books = await self._rulebooks.books(municipality, {each.row.rules_sha256 for each in stored.values()})
        days, calendar = window(row.since, row.until, today), await self._calendars.in_force(connection)
        return {
            course
            for course, each in stored.items()
            if each.state is not None and falling_due(each.state, books[each.row.rules_sha256], calendar, *days)
        }


def _to_tell(
    row: AbsenceRow, every: Sequence[Concern], today: date
) -> Iterator[tuple[str, Address, Sequence[Concern]]]:
    """Yield about what whom to tell of an absence, with the courses that it concerns there."""
    if row.handed_over_at is not None:
        for cover, of_cover in _by(every, {one.course_id: one.acting for one in every}).items():
            yield HANDED_OVER, Address.person(cover), of_cover
    elif today < row.since:
        yield HAND_OVER, Address.person(row.person_id), every
    uncovered = {one.course_id: one.unit for one in every if one.acting is None}
    for unit, of_unit in _by(every, uncovered).items():
        yield WITHOUT_COVER, Address.supervisors(unit), of_unit


def _by(every: Sequence[Concern], names: Mapping[UUID, str | None]) -> Mapping[str, list[Concern]]:
    grouped: defaultdict[str, list[Concern]] = defaultdict(list)
    for one in every:
        if (name := names.get(one.course_id)) is not None:
            grouped[name].append(one)
    return grouped
