"""Who covers for whom: in each course the first of those named who does not hold a role there himself (P1)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain import events as ev
from domain.address import Address
from domain.calendar import danish_day
from domain.identity import Role
from domain.reach import Reach
from domain.state.waiting import WaitingKind
from infra.store.queries import concerns, courses, renewing
from infra.store.queries.concerns import Concern
from infra.store.queries.covers import covers_in
from infra.store.queries.inbox import inbox
from infra.store.queries.inbox_item import InboxItem
from infra.store.queries.inbox_reader import InboxReader
from infra.store.registers import absences, office_hours, people
from infra.store.registers.people import Person
from rules.calendar.danish_offices import customary
from rules.calendar.data import Absence, NamedCover
from rules.calendar.working_time import WorkingTime
from tests.store.vocabulary import MONDAY, WHOLE_MUNICIPALITY, RecordedCourse

TODAY = MONDAY.date()
TOMORROW = TODAY + timedelta(days=1)
A_DAY = timedelta(days=1)


def cover(person: str, *courses: UUID) -> NamedCover:
    return NamedCover(person=person, courses=courses or None)


async def is_away(
    stored: RecordedCourse, *named: NamedCover, since: date = TODAY, until: date | None = TOMORROW
) -> None:
    """Let Anna be away, with these to cover for her."""
    async with stored.store.municipality(stored.municipality) as connection:
        for person in ("anna", "bo", "carl", "dina"):
            await people.put(connection, Person(person_id=person, name=person, updated_at=MONDAY))
        await absences.replace(connection, "anna", [Absence(since=since, until=until, covers=named)])


async def covered(stored: RecordedCourse, person: str, today: date = TODAY) -> tuple[str, ...]:
    """Return for whom a person covers in a course, which exists for a caseworker of no unit there by that alone."""
    reach = Reach(person=person, roles=frozenset({Role.CASEWORKER}), units=frozenset(), today=today)
    async with stored.store.municipality(stored.municipality) as connection:
        visible = await courses.visible_course(connection, reach, stored.course)
    return visible.covers if visible else ()


async def concerned(stored: RecordedCourse, **reach: Any) -> list[Concern]:
    async with stored.store.municipality(stored.municipality) as connection:
        return await concerns.concerns(connection, WHOLE_MUNICIPALITY.model_copy(update=reach), "anna")


async def read(stored: RecordedCourse, person: str) -> list[InboxItem]:
    async with stored.store.municipality(stored.municipality) as connection:
        reach = WHOLE_MUNICIPALITY.model_copy(update={"person": person, "today": danish_day(stored.now)})
        return list((await inbox(connection, InboxReader(reach, [Address.person(person)], stored.now), 50)).items)


@pytest.mark.parametrize(("days", "expected"), [(-1, ()), (0, ("anna",)), (1, ("anna",)), (2, ())])
async def test_a_cover_covers_on_the_days_of_the_absence_only(
    stored: RecordedCourse, days: int, expected: tuple[str, ...]
) -> None:
    await stored.starts()
    await is_away(stored, cover("carl"))

    assert await covered(stored, "carl", TODAY + days * A_DAY) == expected
    assert await covered(stored, "dina", TODAY + days * A_DAY) == ()


async def test_an_absence_without_an_end_is_covered_until_it_is_taken_back(stored: RecordedCourse) -> None:
    await stored.starts()
    await is_away(stored, cover("carl"), until=None)
    assert await covered(stored, "carl", TODAY + 300 * A_DAY) == ("anna",)

    async with stored.store.municipality(stored.municipality) as connection:
        await absences.replace(connection, "anna", [])
        assert await absences.of_person(connection, "anna") == ()
    assert await covered(stored, "carl", TODAY) == ()


async def test_the_first_one_named_for_the_course_covers(stored: RecordedCourse) -> None:
    await stored.starts()
    elsewhere = await RecordedCourse(stored.stores, stored.municipality, reference="sag-2").starts()
    await is_away(stored, cover("carl", elsewhere.course), cover("dina"))

    assert (await covered(stored, "carl"), await covered(stored, "dina")) == ((), ("anna",))
    assert (await covered(elsewhere, "carl"), await covered(elsewhere, "dina")) == (("anna",), ())


async def test_who_holds_a_role_in_the_course_is_passed_over(stored: RecordedCourse) -> None:
    await stored.starts()
    await is_away(stored, cover("bo"), cover("carl"))

    assert (await covered(stored, "bo"), await covered(stored, "carl")) == ((), ("anna",))

    await is_away(stored, cover("bo"))
    assert await covered(stored, "bo") == ()


async def test_nobody_covers_where_the_absent_person_is_not_a_party(stored: RecordedCourse) -> None:
    await stored.starts()
    await is_away(stored, cover("carl"))
    await stored.does(stored.assigned(Role.CASEWORKER, person="dina"))

    assert await covered(stored, "carl") == ()


async def test_each_course_says_who_covers_or_that_nobody_can(stored: RecordedCourse) -> None:
    await stored.starts()
    others = [
        await RecordedCourse(stored.stores, stored.municipality, reference=f"sag-{number}", unit="other").starts()
        for number in (2, 3)
    ]
    await is_away(stored, cover("bo", stored.course), cover("carl", others[0].course))

    rows = [(c.reference, c.cover, c.holds_a_role) for c in await concerned(stored)]
    assert rows == [("sag-1", "bo", True), ("sag-2", "carl", False), ("sag-3", None, None)]

    assert [c.reference for c in await concerned(stored, units=frozenset({"job"}))] == ["sag-1"]
    assert await concerned(stored, today=TOMORROW + A_DAY) == []


async def test_one_in_both_roles_is_covered_once_and_a_completed_course_concerns_nobody(
    stored: RecordedCourse,
) -> None:
    await stored.starts(stored.assigned(Role.COMPANY_CONSULTANT, person="anna"))
    await is_away(stored, cover("carl"))
    assert [c.cover for c in await concerned(stored)] == ["carl"]
    assert await covered(stored, "carl") == ("anna",)

    closed = ev.CourseCompleted(at=MONDAY, by="@fodslag", outcome="ordinary_job")
    await stored.does(closed)
    assert await concerned(stored) == []


async def test_what_waits_for_the_absent_person_is_counted_by_kind(stored: RecordedCourse) -> None:
    question = stored.waiting("q", kind=WaitingKind.QUESTION, persons=("anna",))
    both = stored.waiting("b", persons=("anna", "bo"))
    await stored.starts(stored.waits(question, both, stored.waiting("bo's")))
    async with stored.store.municipality(stored.municipality) as connection:
        counted = await concerns.waits_for(connection, "anna", [stored.course])

    assert counted == {stored.course: {WaitingKind.ACKNOWLEDGEMENT: 1, WaitingKind.QUESTION: 1}}


async def test_a_cover_reads_what_the_absent_person_is_asked_and_for_whom(stored: RecordedCourse) -> None:
    kinds = (WaitingKind.ACKNOWLEDGEMENT, WaitingKind.QUESTION)
    waits = [stored.waiting(kind.value, kind=kind, persons=("anna",)) for kind in kinds]
    await stored.starts(
        stored.waits(*waits),
        stored.raised("asked", Address.person("anna"), waiting="question", kind=WaitingKind.QUESTION),
    )
    await is_away(stored, cover("carl"))

    read_by_carl = await read(stored, "carl")
    assert {(item.what, item.on_behalf_of) for item in read_by_carl} == {
        ("acknowledgement", "anna"),
        ("question", "anna"),
    }
    assert {(item.what, item.on_behalf_of) for item in await read(stored, "anna")} == {
        (kind.value, None) for kind in kinds
    }
    assert not {item.id for item in read_by_carl} & {item.id for item in await read(stored, "anna")}

    stored.now += 2 * A_DAY
    assert await read(stored, "carl") == []


async def test_a_cover_reads_everything_that_waits_for_the_absent_person_once_whether_named_or_not(
    stored: RecordedCourse,
) -> None:
    asked = {"named": ("carl", "anna"), "not named yet": ("anna",), "of the other": ("bo",)}
    kinds = (WaitingKind.REQUIREMENT, WaitingKind.DISPUTE, WaitingKind.DECISION)
    waits = zip(asked.items(), kinds, strict=True)
    await stored.starts(
        stored.waits(*(stored.waiting(name, kind=kind, persons=persons) for (name, persons), kind in waits))
    )
    await is_away(stored, cover("carl"))

    for person, on_behalf_of in (("carl", "anna"), ("anna", None)):
        items = await read(stored, person)
        assert sorted((i.kind, i.on_behalf_of) for i in items) == [
            ("dispute", on_behalf_of),
            ("requirement", on_behalf_of),
        ]

    stored.now += 2 * A_DAY
    assert await read(stored, "carl") == [], "whoever is named still"
    assert len(await read(stored, "anna")) == 2


async def test_news_to_who_is_away_is_read_by_the_cover_from_its_morning_on_until_either_has_seen_it(
    stored: RecordedCourse,
) -> None:
    tomorrow = MONDAY + A_DAY
    raised, settled = stored.news("anna", tomorrow)
    await stored.starts(raised, settled)
    await is_away(stored, cover("carl"))
    assert await read(stored, "carl") == []

    stored.now = tomorrow
    assert [(i.about, i.on_behalf_of, i.notice) for i in await read(stored, "carl")] == [
        ("news", "anna", raised.notice)
    ]

    gone = ev.Settled(at=tomorrow, by="@fodslag", news_ended=(raised.notice,))
    await stored.does(ev.NoticeSeen(at=tomorrow, by="carl", notice=raised.notice), gone)
    assert await read(stored, "carl") == await read(stored, "anna") == []


async def test_what_who_is_away_reported_is_read_by_the_cover_alone(stored: RecordedCourse) -> None:
    raised, settled = stored.news("anna", MONDAY, for_cover=True)
    await stored.starts(raised, settled)
    await is_away(stored, cover("carl"))

    assert [(i.about, i.on_behalf_of, i.notice) for i in await read(stored, "carl")] == [
        ("news", "anna", raised.notice)
    ]
    assert await read(stored, "anna") == []


@pytest.mark.parametrize("carl_is_away", [None, (0, 0), (1, 1), (-3, 0), (1, None)])
@pytest.mark.parametrize(
    "named",
    [("carl",), ("carl", "dina"), ("bo", "carl"), ("bo",), ("elsewhere", "dina"), ("elsewhere",), ()],
    ids=lambda named: "+".join(named) or "nobody",
)
async def test_the_store_and_the_calendar_name_the_same_cover_on_every_day(
    stored: RecordedCourse, named: tuple[str, ...], carl_is_away: tuple[int, int | None] | None
) -> None:
    await stored.starts()
    elsewhere = cover("carl", UUID(int=1))
    await is_away(stored, *(elsewhere if name == "elsewhere" else cover(name, stored.course) for name in named))
    async with stored.store.municipality(stored.municipality) as connection:
        if carl_is_away is not None:
            since, until = (None if day is None else TODAY + day * A_DAY for day in carl_is_away)
            await absences.replace(connection, "carl", [Absence(since=since or TODAY, until=until)])
        own_times = await office_hours.own_times(connection)
    calendar = WorkingTime(customary()).with_own_times(own_times)

    for day in (TODAY + passed * A_DAY for passed in range(-2, 4)):
        by_calendar = [c.person for c in calendar.covers("anna", stored.course, ("anna", "bo")) if c.is_on(day)]
        by_store = [person for person in ("bo", "carl", "dina") if await covered(stored, person, day)]
        async with stored.store.municipality(stored.municipality) as connection:
            read_today = await covers_in(connection, stored.course, day)
        assert by_calendar == by_store == [*read_today.values()], day


async def test_a_cover_who_is_away_when_an_absence_begins_is_not_promised_to_act(stored: RecordedCourse) -> None:
    await stored.starts()
    await is_away(stored, cover("carl"), cover("dina"), since=TOMORROW, until=TOMORROW)
    async with stored.store.municipality(stored.municipality) as connection:
        await absences.replace(connection, "carl", [Absence(since=TOMORROW, until=TOMORROW)])

    assert [(c.cover, c.holds_a_role) for c in await concerned(stored)] == [("dina", False)]


async def test_a_cover_whose_time_changes_moves_the_courses_of_who_is_away(stored: RecordedCourse) -> None:
    await stored.starts()
    await is_away(stored, cover("carl"))

    async with stored.store.municipality(stored.municipality) as connection:
        moved = {person: await renewing.to_renew(connection, {person}) for person in ("anna", "bo", "carl", "dina")}
    assert {person for person, rows in moved.items() if rows} == {"anna", "bo", "carl"}


async def test_a_cover_reads_what_the_absent_person_is_told_while_away_and_it_stays_new_to_her(
    stored: RecordedCourse,
) -> None:
    await stored.starts(stored.raised("before", Address.person("anna")))
    stored.now += A_DAY
    meeting = stored.raised("appointment", Address.person("anna"))
    await stored.does(meeting, stored.raised("to others", Address.person("dina")))
    await is_away(stored, cover("carl"), since=TOMORROW)

    assert [(item.about, item.on_behalf_of) for item in await read(stored, "carl")] == [("appointment", "anna")]
    assert sorted(str(item.about) for item in await read(stored, "anna")) == ["appointment", "before"]

    await stored.does(ev.NoticeSeen(at=stored.now, by="anna", notice=meeting.notice))
    assert await read(stored, "carl") == []
