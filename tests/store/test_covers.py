"""Who covers for whom: in each course the first of those named who does not hold a role there himself (P1)."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from domain import events as ev
from domain.identity import Role
from domain.state.waiting import WaitingKind
from infra.store.queries import covers
from infra.store.queries.course_filter import CourseFilter
from infra.store.queries.covers import Concern
from infra.store.queries.inbox import InboxItem, inbox
from infra.store.registers import absences, people
from infra.store.registers.absences import Cover
from infra.store.registers.people import Person
from rules.calendar.data import Absence
from tests.store.vocabulary import MONDAY, RecordedCourse

TODAY = MONDAY.date()
TOMORROW = TODAY + timedelta(days=1)
A_DAY = timedelta(days=1)


def cover(person: str, *courses: UUID) -> Cover:
    return Cover(person=person, courses=courses or None)


async def is_away(telling: RecordedCourse, *named: Cover, since: date = TODAY, until: date | None = TOMORROW) -> None:
    """Let Anna be away, with these to cover for her."""
    async with telling.store.municipality(telling.municipality) as connection:
        for person in ("anna", "bo", "carl", "dina"):
            await people.put(connection, Person(person_id=person, name=person, updated_at=MONDAY))
        await absences.replace(connection, "anna", [Absence(since=since, until=until)])
        await absences.add_covers(connection, "anna", {since: named})


async def covered(telling: RecordedCourse, person: str, today: date = TODAY) -> tuple[str, ...]:
    async with telling.store.municipality(telling.municipality) as connection:
        return await covers.covered_in(connection, telling.course, person, today)


async def concerned(telling: RecordedCourse, seen: CourseFilter | None = None, today: date = TODAY) -> list[Concern]:
    async with telling.store.municipality(telling.municipality) as connection:
        return await covers.concerns(connection, "anna", today, seen or CourseFilter())


async def read(telling: RecordedCourse, person: str) -> list[InboxItem]:
    async with telling.store.municipality(telling.municipality) as connection:
        return list((await inbox(connection, [f"person/{person}"], person, telling.now, 50)).items)


@pytest.mark.parametrize(("days", "expected"), [(-1, ()), (0, ("anna",)), (1, ("anna",)), (2, ())])
async def test_a_cover_covers_on_the_days_of_the_absence_only(
    telling: RecordedCourse, days: int, expected: tuple[str, ...]
) -> None:
    await telling.starts()
    await is_away(telling, cover("carl"))

    assert await covered(telling, "carl", TODAY + days * A_DAY) == expected
    assert await covered(telling, "dina", TODAY + days * A_DAY) == ()


async def test_an_absence_without_an_end_is_covered_until_it_is_taken_back(telling: RecordedCourse) -> None:
    await telling.starts()
    await is_away(telling, cover("carl"), until=None)
    assert await covered(telling, "carl", TODAY + 300 * A_DAY) == ("anna",)

    async with telling.store.municipality(telling.municipality) as connection:
        await absences.replace(connection, "anna", [])
        assert await absences.covers_of(connection, "anna") == {}
    assert await covered(telling, "carl", TODAY) == ()


async def test_the_first_one_named_for_the_course_covers(telling: RecordedCourse) -> None:
    await telling.starts()
    elsewhere = await RecordedCourse(telling.store, telling.municipality, reference="sag-2").starts()
    await is_away(telling, cover("carl", elsewhere.course), cover("dina"))

    assert (await covered(telling, "carl"), await covered(telling, "dina")) == ((), ("anna",))
    assert (await covered(elsewhere, "carl"), await covered(elsewhere, "dina")) == (("anna",), ())


async def test_who_holds_a_role_in_the_course_is_passed_over(telling: RecordedCourse) -> None:
    await telling.starts()
    await is_away(telling, cover("bo"), cover("carl"))

    assert (await covered(telling, "bo"), await covered(telling, "carl")) == ((), ("anna",))

    await is_away(telling, cover("bo"))
    assert await covered(telling, "bo") == ()


async def test_nobody_covers_where_the_absent_person_is_not_a_party(telling: RecordedCourse) -> None:
    await telling.starts()
    await is_away(telling, cover("carl"))
    await telling.does(telling.assigned(Role.CASEWORKER, person="dina"))

    assert await covered(telling, "carl") == ()


async def test_each_course_says_who_covers_or_that_nobody_can(telling: RecordedCourse) -> None:
    await telling.starts()
    others = [
        await RecordedCourse(telling.store, telling.municipality, reference=f"sag-{number}", unit="other").starts()
        for number in (2, 3)
    ]
    await is_away(telling, cover("bo", telling.course), cover("carl", others[0].course))

    found = [(c.reference, c.cover, c.holds_a_role) for c in await concerned(telling)]
    assert found == [("sag-1", "bo", True), ("sag-2", "carl", False), ("sag-3", None, None)]

    in_sight = CourseFilter(units=frozenset({"job"}), person="sara")
    assert [c.reference for c in await concerned(telling, in_sight)] == ["sag-1"]
    assert await concerned(telling, today=TOMORROW + A_DAY) == []


async def test_one_in_both_roles_is_covered_once_and_a_completed_course_concerns_nobody(
    telling: RecordedCourse,
) -> None:
    await telling.starts(telling.assigned(Role.COMPANY_CONSULTANT, person="anna"))
    await is_away(telling, cover("carl"))
    assert [c.cover for c in await concerned(telling)] == ["carl"]
    assert await covered(telling, "carl") == ("anna",)

    closed = ev.CourseCompleted(at=MONDAY, by="fodslag", outcome="ordinary_job")
    await telling.does(closed)
    assert await concerned(telling) == []


async def test_what_waits_for_the_absent_person_is_counted_by_kind(telling: RecordedCourse) -> None:
    question = telling.waiting("q", kind=WaitingKind.QUESTION, persons=("anna",))
    both = telling.waiting("b", persons=("anna", "bo"))
    await telling.starts(telling.waits(question, both, telling.waiting("bo's")))
    async with telling.store.municipality(telling.municipality) as connection:
        counted = await covers.waits_for(connection, "anna", [telling.course])

    assert counted == {telling.course: {WaitingKind.ACKNOWLEDGEMENT: 1, WaitingKind.QUESTION: 1}}


async def test_a_cover_reads_what_the_absent_person_is_asked_and_for_whom(telling: RecordedCourse) -> None:
    kinds = (WaitingKind.ACKNOWLEDGEMENT, WaitingKind.QUESTION, WaitingKind.CATCH_UP)
    waits = [telling.waiting(kind.value, kind=kind, persons=("anna",)) for kind in kinds]
    await telling.starts(telling.waits(*waits), telling.raised("asked", "person/anna", waiting="question"))
    await is_away(telling, cover("carl"))

    read_by_carl = await read(telling, "carl")
    assert {(item.waiting, item.on_behalf_of) for item in read_by_carl} == {
        ("acknowledgement", "anna"),
        ("question", "anna"),
    }
    assert {(item.waiting, item.on_behalf_of) for item in await read(telling, "anna")} == {
        (kind.value, None) for kind in kinds
    }
    assert not {item.id for item in read_by_carl} & {item.id for item in await read(telling, "anna")}

    telling.now += 2 * A_DAY
    assert await read(telling, "carl") == []


async def test_a_cover_reads_what_the_absent_person_is_told_while_away_and_it_stays_new_to_her(
    telling: RecordedCourse,
) -> None:
    await telling.starts(telling.raised("before", "person/anna"))
    telling.now += A_DAY
    meeting = telling.raised("appointment", "person/anna")
    await telling.does(meeting, telling.raised("to others", "person/dina"))
    await is_away(telling, cover("carl"), since=TOMORROW)

    assert [(item.about, item.on_behalf_of) for item in await read(telling, "carl")] == [("appointment", "anna")]
    assert sorted(str(item.about) for item in await read(telling, "anna")) == ["appointment", "before"]

    await telling.does(ev.NoticeSeen(at=telling.now, by="anna", notice=meeting.notice))
    assert await read(telling, "carl") == []
