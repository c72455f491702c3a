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
from infra.store.queries import concerns, courses
from infra.store.queries.concerns import Concern
from infra.store.queries.inbox import InboxItem, inbox
from infra.store.registers import absences, people
from infra.store.registers.absences import Cover
from infra.store.registers.people import Person
from rules.calendar.data import Absence
from tests.store.vocabulary import MONDAY, WHOLE_MUNICIPALITY, RecordedCourse

TODAY = MONDAY.date()
TOMORROW = TODAY + timedelta(days=1)
A_DAY = timedelta(days=1)


def cover(person: str, *courses: UUID) -> Cover:
    return Cover(person=person, courses=courses or None)


async def is_away(stored: RecordedCourse, *named: Cover, since: date = TODAY, until: date | None = TOMORROW) -> None:
    """Let Anna be away, with these to cover for her."""
    async with stored.store.municipality(stored.municipality) as connection:
        for person in ("anna", "bo", "carl", "dina"):
            await people.put(connection, Person(person_id=person, name=person, updated_at=MONDAY))
        await absences.replace(connection, "anna", [Absence(since=since, until=until)])
        await absences.add_covers(connection, "anna", {since: named})


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
        return list((await inbox(connection, reach, [Address.person(person)], stored.now, 50)).items)


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
        assert await absences.covers_of(connection, "anna") == {}
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
