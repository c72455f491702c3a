"""What is said of working time becomes a calendar by hash, in force with the very change (P6, P8)."""

import asyncio
import json
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from domain.calendar import Span, TimeUnit
from infra.documents.cache import DocumentCache, UnknownDocumentError
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.store import tables as t
from infra.store.engine import Connection, Store, create_engine
from infra.store.logins import Login
from infra.store.registers import absences, documents, office_hours, people
from infra.store.registers.documents import DocumentKind
from infra.store.registers.people import Person
from infra.store.rows import InForce
from rules.calendar.danish_offices import ClosingCustom, Office, customary, person_times
from rules.calendar.data import Absence, CalendarData, Hours, NamedCover, PersonTime
from tests.store.vocabulary import MONDAY

TODAY = MONDAY.date()
MORNINGS = Hours(opens=time(9), closes=time(12))


@dataclass
class Registers:
    """The registers of one municipality that make its working time."""

    store: Store
    code: str
    calendars: Calendars
    today: date = field(default=TODAY)

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[Connection]:
        """Change its working time."""
        async with self.calendars.changing(self.code, self.today) as connection:
            yield connection

    async def sets_office_hours(self, **office: object) -> None:
        """Say what holds of its offices."""
        async with self.changing() as connection:
            await office_hours.put_office(connection, Office.model_validate(office))

    async def knows(self, *persons: str, **more: object) -> None:
        """Put people into the directory."""
        for person in persons:
            entry = Person.model_validate({"person_id": person, "name": person, "updated_at": MONDAY, **more})
            async with self.changing() as connection:
                await people.put(connection, entry)

    async def is_without(self, person: str, *away: Absence) -> None:
        """Register when somebody is away."""
        async with self.changing() as connection:
            await absences.replace(connection, person, away)

    async def in_force(self) -> str:
        """Return the hash of the calendar in force."""
        async with self.store.municipality(self.code) as connection:
            return (await self.calendars.in_force(connection)).reference

    async def calendar(self) -> CalendarData:
        """Return the calendar of its own that is in force."""
        async with self.store.municipality(self.code) as connection:
            sha256 = (await office_hours.in_force(connection)).calendar
            assert sha256 is not None
            document = await documents.get(connection, sha256)
        assert document is not None
        return CalendarData.model_validate_json(json.dumps(document.body))

    async def own_times(self) -> dict[str, PersonTime]:
        """Return whose time differs from that of the offices."""
        async with self.store.municipality(self.code) as connection:
            office, people_ = await office_hours.office(connection), await office_hours.own_times(connection)
        return dict(person_times(office.hours, people_))

    async def due(self, person: str) -> datetime:
        """Return when a working day from now is over for somebody, by the working time in force."""
        async with self.store.municipality(self.code) as connection:
            in_force = await self.calendars.in_force(connection)
        return in_force.after(MONDAY, Span(amount=1, unit=TimeUnit.WORKING_DAYS), person=person)

    async def moved(self) -> list[str | None]:
        """Return whose courses are to be renewed."""
        async with self.store.municipality(self.code) as connection:
            return await office_hours.moved(connection)


def away(since: date, days: int | None = None) -> Absence:
    """Return an absence of so many days, or without end."""
    return Absence(since=since, until=None if days is None else since + timedelta(days=days - 1))


@pytest.fixture
def registers(store: Store, municipality: str, tmp_path: Path) -> Registers:
    """A municipality that has said nothing yet."""
    return Registers(store, municipality, Calendars(store, tmp_path / "calendars"))


async def test_a_municipality_that_has_said_nothing_has_the_customary_calendar(registers: Registers) -> None:
    assert await registers.in_force() == customary().sha256

    await registers.knows("anna")
    assert await registers.in_force() == customary().sha256, "and knowing people says nothing of their time"
    async with registers.store.municipality(registers.code) as connection:
        assert await office_hours.in_force(connection) == InForce(), "a later release may know more holidays"


async def test_what_is_said_of_the_office_is_in_force_at_once(registers: Registers) -> None:
    await registers.sets_office_hours(
        hours={1: MORNINGS}, customs=(ClosingCustom.CHRISTMAS_EVE,), longest_postponement=4
    )

    calendar = await registers.calendar()
    assert await registers.in_force() == calendar.sha256
    assert (calendar.office_hours, calendar.longest_postponement) == ({1: MORNINGS}, 4)
    async with registers.store.municipality(registers.code) as connection:
        assert (await office_hours.office(connection)).customs == (ClosingCustom.CHRISTMAS_EVE,)


async def test_who_takes_everything_back_has_the_customary_calendar_again(registers: Registers) -> None:
    await registers.sets_office_hours(longest_postponement=4)
    await registers.sets_office_hours()

    assert await registers.in_force() == customary().sha256


async def test_own_days_and_absences_count_for_those_who_differ(registers: Registers) -> None:
    leave = away(TODAY, 5)
    await registers.knows("anna", "carl")
    await registers.knows("bo", working_days=(1,), working_hours={1: MORNINGS})
    await registers.is_without("carl", leave)

    assert await registers.own_times() == {
        "bo": PersonTime(hours={1: MORNINGS}),
        "carl": PersonTime(absences=(leave,)),
    }


async def test_an_absence_counts_at_once_and_no_calendar_names_anybody(registers: Registers) -> None:
    await registers.sets_office_hours(longest_postponement=4)
    await registers.knows("anna", "bo")
    offices, at_work = await registers.in_force(), await registers.due("anna")

    await registers.is_without("anna", away(TODAY, 3))

    assert await registers.due("anna") > at_work
    assert await registers.due("bo") == at_work
    assert await registers.in_force() == offices
    async with registers.store.municipality(registers.code) as connection:
        d = t.document.c
        own = select(d.body).where(d.kind == "calendar", d.municipality == registers.code)
        kept = list(await connection.scalars(own))
    assert len(kept) == 1
    assert "anna" not in str(kept)
    await registers.is_without("anna")
    assert await registers.due("anna") == at_work


async def test_a_change_notes_whom_it_moves(registers: Registers) -> None:
    await registers.knows("anna", "bo")
    assert await registers.moved() == []

    await registers.is_without("anna", away(TODAY, 3))
    await registers.is_without("anna", away(TODAY, 3))
    assert await registers.moved() == ["anna"]

    await registers.sets_office_hours(longest_postponement=4)
    assert await registers.moved() == ["anna", None]


async def test_the_absences_of_a_person_are_those_told_last(registers: Registers) -> None:
    await registers.knows("anna")
    await registers.is_without("anna", away(TODAY, 5), away(date(2026, 12, 1)))
    await registers.is_without("anna", away(date(2026, 12, 1), 3))

    async with registers.store.municipality(registers.code) as connection:
        assert await absences.of_person(connection, "anna") == (away(date(2026, 12, 1), 3),)
    await registers.is_without("anna")
    assert await registers.in_force() == customary().sha256


async def test_nobody_is_away_whom_the_directory_does_not_know(registers: Registers) -> None:
    with pytest.raises(IntegrityError):
        await registers.is_without("nobody", away(TODAY))


async def test_an_absence_long_over_is_forgotten_with_the_next_change(registers: Registers) -> None:
    over, open_ended = away(TODAY, 1), away(TODAY + timedelta(days=1))
    await registers.knows("anna", "bo")
    await registers.is_without("anna", over)
    await registers.is_without("bo", open_ended)

    registers.today = TODAY + timedelta(days=400)
    await registers.sets_office_hours()
    assert set(await registers.own_times()) == {"anna", "bo"}

    registers.today += timedelta(days=1)
    await registers.sets_office_hours()
    assert set(await registers.own_times()) == {"bo"}
    async with registers.store.municipality(registers.code) as connection:
        assert await absences.of_person(connection, "anna") == ()


async def test_two_who_change_at_the_same_time_lose_nothing(registers: Registers) -> None:
    names = [f"person-{n}" for n in range(8)]
    await registers.knows(*names)

    await asyncio.gather(
        registers.sets_office_hours(longest_postponement=3),
        *(registers.is_without(name, away(TODAY, n + 1)) for n, name in enumerate(names)),
    )

    calendar = await registers.calendar()
    assert calendar.longest_postponement == 3
    assert {name: time.absences for name, time in (await registers.own_times()).items()} == {
        name: (away(TODAY, n + 1),) for n, name in enumerate(names)
    }


async def test_a_change_that_fails_leaves_calendar_and_absences_as_they_were(registers: Registers) -> None:
    await registers.knows("anna")
    before = await registers.in_force()

    with pytest.raises(IntegrityError):
        await registers.is_without("anna", away(TODAY), away(TODAY, 3))

    assert await registers.in_force() == before
    async with registers.store.municipality(registers.code) as connection:
        assert await absences.of_person(connection, "anna") == ()


async def test_another_cover_moves_who_is_away(registers: Registers) -> None:
    await registers.knows("anna", "carl", "dina")
    for changes, named in enumerate(("carl", "dina", "dina")):
        await registers.is_without("anna", Absence(since=TODAY, covers=(NamedCover(person=named),)))
        assert await registers.moved() == ["anna"] * min(changes + 1, 2), "the same again moves nobody"
        async with registers.store.municipality(registers.code) as connection:
            calendar = await registers.calendars.in_force(connection)
        assert [c.person for c in calendar.covers("anna", UUID(int=1), ("anna", "bo"))] == [named]


async def test_every_calendar_that_was_in_force_is_read_again_by_its_hash(registers: Registers, tmp_path: Path) -> None:
    await registers.sets_office_hours(longest_postponement=4)
    first = await registers.in_force()
    await registers.sets_office_hours(longest_postponement=5)

    elsewhere = Calendars(registers.store, tmp_path / "elsewhere")

    assert (await elsewhere.reckoned_by(registers.code, first)).reference == first
    assert first != await registers.in_force()


async def test_a_calendar_is_kept_on_disk_for_when_the_store_is_away(registers: Registers, tmp_path: Path) -> None:
    await registers.sets_office_hours(longest_postponement=4)
    sha256 = await registers.in_force()
    nowhere = Store(create_engine("postgresql://nobody@127.0.0.1:1/nowhere", Login.API))

    assert (await Calendars(nowhere, tmp_path / "calendars").reckoned_by(registers.code, sha256)).reference == sha256


async def test_a_machine_keeps_the_newest_documents_only(registers: Registers, tmp_path: Path) -> None:
    small_cache = DocumentCache(registers.store, tmp_path / "few", DocumentKind.CALENDAR, at_most=2)
    hashes = []
    for most in (1, 2, 3):
        await registers.sets_office_hours(longest_postponement=most)
        hashes.append(await registers.in_force())
        await small_cache.find(registers.code, hashes[-1])

    assert {file.stem for file in (tmp_path / "few").iterdir()} == set(hashes[1:])
    assert await small_cache.find(registers.code, hashes[0]), "the store has it still"


@contextmanager
def full_disk() -> Iterator[None]:
    """Let this process write nothing to any file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_full_disk_costs_a_copy_and_never_a_command(registers: Registers, tmp_path: Path) -> None:
    await registers.sets_office_hours(longest_postponement=4)
    sha256 = await registers.in_force()

    with full_disk(), capture_logs() as logs:
        references = await Calendars(registers.store, tmp_path / "full").reckoned_by(registers.code, sha256)

    assert references.reference == sha256
    assert list((tmp_path / "full").iterdir()) == []
    assert [log["log_level"] for log in logs] == ["warning"]


async def test_a_cache_folder_that_cannot_be_used_costs_only_copies(registers: Registers, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder")
    calendars = Calendars(registers.store, tmp_path / "taken")
    rulebooks = Rulebooks(registers.store, tmp_path / "taken" / "rules")
    await registers.sets_office_hours(longest_postponement=4)
    sha256 = await registers.in_force()

    await calendars.publish()
    await rulebooks.publish()

    assert (await calendars.reckoned_by(registers.code, sha256)).reference == sha256


@pytest.mark.parametrize("spoilt", [b"", b"{}", b'{"truncat'])
async def test_a_spoilt_copy_is_as_good_as_none(registers: Registers, tmp_path: Path, spoilt: bytes) -> None:
    await registers.sets_office_hours(longest_postponement=4)
    sha256 = await registers.in_force()
    folder = tmp_path / "spoilt"
    folder.mkdir()
    (folder / f"{sha256}.json").write_bytes(spoilt)

    assert (await Calendars(registers.store, folder).reckoned_by(registers.code, sha256)).reference == sha256


async def test_the_calendar_of_another_municipality_does_not_exist(registers: Registers, tmp_path: Path) -> None:
    await registers.sets_office_hours(longest_postponement=4)
    sha256 = await registers.in_force()

    with pytest.raises(UnknownDocumentError):
        await Calendars(registers.store, tmp_path / "elsewhere").reckoned_by("6999", sha256)


async def test_calendars_are_forgotten_and_found_again(registers: Registers) -> None:
    hashes = []
    for n in range(70):
        await registers.sets_office_hours(closing_days=[{"on": TODAY + timedelta(days=n), "label": {"da": "Lukket"}}])
        hashes.append(await registers.in_force())

    references = [(await registers.calendars.reckoned_by(registers.code, sha256)).reference for sha256 in hashes]

    assert references == hashes
    assert len(set(hashes)) == 70
