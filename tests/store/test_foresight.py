"""Which courses an audit looks ahead of: few at a time, and each once a day (P5)."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from uuid import UUID

import pytest

from domain import events as ev
from infra.store.finding_rows import FindingKind, Found
from infra.store.queries import audit
from infra.store.registers import findings
from tests.store.vocabulary import MONDAY, RecordedCourse, settled
from tests.stores import Stores

LATER = MONDAY + timedelta(days=1)
A_DAY = timedelta(days=1)
SOON = timedelta(minutes=1)


@pytest.fixture
async def courses(stored: RecordedCourse) -> list[RecordedCourse]:
    """Some courses that changed on Monday and wake soon."""
    return [await _course(stored.stores, stored.municipality, number) for number in range(12)]


async def _course(stores: Stores, municipality: str, number: int) -> RecordedCourse:
    course = await RecordedCourse(stores, municipality, reference=f"sag-{number}").starts()
    await course.does(settled(course, LATER))
    return course


async def to_foresee(courses: list[RecordedCourse], since: datetime, now: datetime) -> list[UUID]:
    async with courses[0].stores.worker.municipality(courses[0].municipality) as connection:
        return await audit.to_foresee(connection, since, now)


async def recorded(courses: list[RecordedCourse], among: list[UUID], now: datetime, *seen: RecordedCourse) -> None:
    """Record that of some courses these and no others are found."""
    found = [_found(course) for course in seen]
    async with courses[0].stores.worker.municipality(courses[0].municipality) as connection:
        await findings.record(connection, [FindingKind.RUNG_TO_NOBODY], found, now, among)


def _found(course: RecordedCourse) -> Found:
    return Found(FindingKind.RUNG_TO_NOBODY, course.course, course.course, "a wait")


@pytest.mark.parametrize("steps", [(5,), (1, 7, 180, 13), (1439,)])
async def test_each_course_has_its_turn_once_a_day_however_often_is_audited(
    courses: list[RecordedCourse], steps: tuple[int, ...]
) -> None:
    begun = LATER + timedelta(hours=5)
    minutes = accumulate(steps[number % len(steps)] for number in range(1440))
    audits = [begun, *(begun + timedelta(minutes=each) for each in minutes if each < 1440), begun + A_DAY]

    turns = Counter([course for since, now in pairwise(audits) for course in await to_foresee(courses, since, now)])

    assert turns == {course.course: 1 for course in courses}


async def test_what_has_changed_is_looked_ahead_of_at_once(courses: list[RecordedCourse]) -> None:
    assert set(await to_foresee(courses, MONDAY, MONDAY + SOON)) == {course.course for course in courses}


async def test_a_course_that_does_not_wake_soon_is_not_looked_ahead_of(courses: list[RecordedCourse]) -> None:
    late = courses[0]
    await late.does(settled(late, MONDAY + audit.AHEAD + 2 * SOON))

    assert set(await to_foresee(courses, MONDAY, MONDAY + SOON)) == {course.course for course in courses[1:]}


async def test_an_audit_looks_ahead_of_a_bounded_number_and_comes_to_all_that_was_found_by_turns(
    courses: list[RecordedCourse], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [course.course for course in courses]
    await recorded(courses, ids, LATER, *courses)
    monkeypatch.setattr(audit, "MOST", 3)
    seen: set[UUID] = set()

    for number in range(1, 5):
        at = LATER + number * SOON
        looked_at = await to_foresee(courses, at, at)
        assert len(looked_at) == 3
        seen.update(looked_at)
        await recorded(courses, looked_at, at, *(course for course in courses if course.course in looked_at))

    assert seen == set(ids)
    assert len(await to_foresee(courses, MONDAY, LATER - SOON)) <= 6


async def test_what_was_found_of_a_course_that_was_not_looked_at_stays_until_it_is_over(
    courses: list[RecordedCourse],
) -> None:
    mended, stays, over = courses[:3]
    await recorded(courses, [], LATER, mended, stays, over)
    await over.does(ev.CourseCompleted(at=MONDAY, by="anna", outcome="ordinary_job"))

    await recorded(courses, [mended.course], LATER + SOON)

    assert await to_foresee(courses, LATER, LATER) == [stays.course]
