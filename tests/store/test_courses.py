from dataclasses import asdict
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from domain import events as ev
from domain.identity import Role
from domain.reach import Reach
from domain.state.course import Status
from domain.state.verdict import Judgement
from domain.state.waiting import WaitingKind
from infra.store.engine import Store
from infra.store.page import Page
from infra.store.queries import course_list, courses
from infra.store.queries.course_filter import CourseFilter
from infra.store.queries.course_list import Cursor, Sort
from infra.store.rows import CourseRow
from tests.store.vocabulary import MONDAY, WHOLE_MUNICIPALITY, RecordedCourse


async def course(
    stored: RecordedCourse, reference: str, *events: ev.Event, unit: str = "job", citizen: str = "c"
) -> RecordedCourse:
    """Start another course in the same municipality."""
    other = RecordedCourse(stored.stores, stored.municipality, reference, unit=unit, citizen=citizen, now=stored.now)
    return await other.starts(*events)


async def listed(
    stored: RecordedCourse,
    wanted: CourseFilter | None = None,
    sort: Sort = Sort.DUE_AT,
    limit: int = 50,
    after: Cursor | None = None,
    reach: Reach = WHOLE_MUNICIPALITY,
) -> Page[CourseRow, Cursor]:
    async with stored.store.municipality(stored.municipality) as connection:
        return await course_list.courses(connection, reach, wanted or CourseFilter(), sort, limit, after)


async def references(stored: RecordedCourse, wanted: CourseFilter | None = None, sort: Sort = Sort.DUE_AT) -> list[str]:
    return [row.reference for row in (await listed(stored, wanted, sort)).items]


@pytest.fixture
async def four(stored: RecordedCourse) -> RecordedCourse:
    """Four courses that differ in all that one may ask for."""
    await course(stored, "plain")
    await course(
        stored,
        "held",
        stored.waits(
            stored.waiting("a", days=2, roles=(Role.CASEWORKER,), persons=("anna",), kind=WaitingKind.REQUIREMENT),
            stored.waiting("b", days=9, roles=(Role.COMPANY_CONSULTANT,), persons=("bo",)),
        ),
        unit="youth",
        citizen="cit_1",
    )
    stored.now += timedelta(days=1)
    await course(
        stored,
        "queued",
        stored.entered(2, "trial"),
        ev.Settled(at=stored.now, by="@fodslag", judgements={2: Judgement(breaches=("length_kept",))}),
        stored.assigned(Role.COMPANY_CONSULTANT, unit="company"),
        stored.waits(
            stored.waiting("a", days=3, is_stalled=True, roles=(Role.COMPANY_CONSULTANT,), persons=()), ahead=("trial",)
        ),
        citizen="citizen-2",
    )
    done = await course(stored, "done", stored.assigned(Role.CASEWORKER, person="carl"))
    await done.does(ev.CourseCompleted(at=stored.now, by="carl", outcome="job"))
    return stored


def named(value: CourseFilter | set[str]) -> str:
    """Name what is asked for, or the courses found, the same in every process."""
    if isinstance(value, CourseFilter):
        asked = asdict(value).items() - asdict(CourseFilter()).items()
        return " ".join(sorted(f"{name}={wanted}" for name, wanted in asked)) or "everything"
    return " ".join(sorted(value)) or "nothing"


@pytest.mark.parametrize(
    ("wanted", "result"),
    [
        (CourseFilter(), {"plain", "held", "queued", "done"}),
        (CourseFilter(step="trial"), {"queued"}),
        (CourseFilter(status=Status.COMPLETED), {"done"}),
        (CourseFilter(waiting_for_role=Role.COMPANY_CONSULTANT), {"held", "queued"}),
        (CourseFilter(waiting_for_person="anna"), {"held"}),
        (CourseFilter(waiting_for_unit="company"), {"queued"}),
        (CourseFilter(waiting_for_unit="job"), set()),
        (CourseFilter(waiting_on=WaitingKind.REQUIREMENT), {"held"}),
        (CourseFilter(waiting_on=WaitingKind.REQUIREMENT, waiting_for_person="bo"), set()),
        (CourseFilter(stalled=True), {"queued"}),
        (CourseFilter(stalled=False), {"plain", "held", "done"}),
        (CourseFilter(breaches=True), {"queued"}),
        (CourseFilter(breaches=False), {"plain", "held", "done"}),
        (CourseFilter(overdue_at=MONDAY + timedelta(days=3)), {"held"}),
        (CourseFilter(overdue_at=MONDAY + timedelta(days=2)), set()),
        (CourseFilter(party="carl"), {"done"}),
        (CourseFilter(q="HE"), {"held"}),
        (CourseFilter(q="cit"), {"held", "queued"}),
        (CourseFilter(q="cit_"), {"held"}),
        (CourseFilter(q="%"), set()),
    ],
    ids=named,
)
async def test_a_list_holds_the_courses_that_were_asked_for(
    four: RecordedCourse, wanted: CourseFilter, result: set[str]
) -> None:
    assert set(await references(four, wanted)) == result


@pytest.mark.parametrize(
    ("person", "units", "result"),
    [
        ("sara", None, {"plain", "held", "queued", "done"}),
        ("sara", {"youth"}, {"held"}),
        ("carl", {"youth"}, {"held", "done"}),
        ("carl", set(), {"done"}),
        ("sara", {"company"}, {"queued"}),
        ("sara", set(), set()),
    ],
)
async def test_a_list_holds_the_courses_of_the_caller_s_units_queues_and_roles(
    four: RecordedCourse, person: str, units: set[str] | None, result: set[str]
) -> None:
    reach = Reach(
        person=person,
        roles=frozenset({Role.CASEWORKER}),
        units=None if units is None else frozenset(units),
        today=MONDAY.date(),
    )

    assert {row.reference for row in (await listed(four, reach=reach)).items} == result


async def test_deadlines_and_waits_come_earliest_first_and_those_without_come_last(four: RecordedCourse) -> None:
    assert (await references(four, sort=Sort.DUE_AT))[:2] == ["held", "queued"]
    assert (await references(four, sort=Sort.WAITING_SINCE))[:2] == ["held", "queued"]


async def test_starts_and_changes_come_newest_first(four: RecordedCourse) -> None:
    assert set((await references(four, sort=Sort.STARTED_ON))[:2]) == {"queued", "done"}
    assert set((await references(four, sort=Sort.UPDATED_AT))[2:]) == {"plain", "held"}


@pytest.mark.parametrize("sort", Sort)
async def test_the_pages_of_a_list_hold_each_course_once_while_others_start(stored: RecordedCourse, sort: Sort) -> None:
    for number in range(7):
        due = stored.waits(stored.waiting("a", days=number // 2)) if number < 5 else stored.waits()
        await course(stored, f"sag-{number}", due)
    expected = await references(stored, sort=sort)

    result: list[str] = []
    page = await listed(stored, sort=sort, limit=2)
    while page.next is not None:
        result += [row.reference for row in page.items]
        await course(stored, f"meanwhile-{len(result)}", stored.waits(stored.waiting("a", days=1)))
        page = await listed(stored, sort=sort, limit=2, after=page.next)
    result += [row.reference for row in page.items]

    assert [reference for reference in result if not reference.startswith("meanwhile")] == expected
    assert len(result) == len(set(result))


async def test_a_list_that_just_fits_has_no_next_page(stored: RecordedCourse) -> None:
    await stored.starts()

    assert (await listed(stored, limit=1)).next is None
    assert (await listed(stored, CourseFilter(q="nothing"), limit=1)) == Page(items=())


async def test_a_course_is_read_with_its_state(stored: RecordedCourse) -> None:
    await stored.starts(stored.waits(stored.waiting("a")))

    async with stored.store.municipality(stored.municipality) as connection:
        result = await courses.course(connection, stored.course)
        assert await courses.course(connection, uuid4()) is None

    assert result is not None
    assert result.state == stored.state
    assert (result.row.revision, result.row.status, result.row.steps) == (1, Status.OPEN, ("intake",))
    assert (result.row.updated_at, result.row.due_at) == (MONDAY, MONDAY + timedelta(days=3))


async def test_an_erased_course_is_still_a_row(stored: RecordedCourse) -> None:
    await stored.starts()
    async with stored.stores.worker.municipality(stored.municipality) as connection:
        await connection.execute(text("UPDATE revision SET snapshot = NULL"))
        result = await courses.course(connection, stored.course)

    assert result is not None
    assert (result.row.reference, result.state) == ("sag-1", None)


async def test_a_reference_leads_to_its_latest_course(stored: RecordedCourse, store: Store) -> None:
    await stored.starts()
    second = RecordedCourse(stored.stores, stored.municipality, ordinal=2)
    await second.starts(follows=stored.course)

    async with store.municipality(stored.municipality) as connection:
        result = await courses.find_by_reference(connection, "sag-1")
        assert await courses.find_by_reference(connection, "sag") is None

    assert result is not None
    assert (result.course_id, result.follows) == (second.course, stored.course)


async def test_a_reference_leads_to_its_open_course_although_a_later_one_was_closed(
    stored: RecordedCourse, store: Store
) -> None:
    await stored.starts()
    second = RecordedCourse(stored.stores, stored.municipality, ordinal=2)
    await second.starts(ev.CourseCompleted(at=MONDAY, by="@fodslag", outcome="moved"), follows=stored.course)

    async with store.municipality(stored.municipality) as connection:
        result = await courses.find_by_reference(connection, "sag-1")

    assert result is not None
    assert result.course_id == stored.course


async def test_what_belongs_to_a_course_is_read_in_order(stored: RecordedCourse) -> None:
    await stored.starts(
        stored.entered(2, "trial"),
        stored.issued(1, 1),
        stored.acknowledged(1, 1, Role.COMPANY_CONSULTANT, "bo", by="sara"),
        stored.acknowledged(1, 1, Role.CASEWORKER, "anna"),
        stored.waits(stored.waiting("b"), stored.waiting("a", is_stalled=True)),
    )

    async with stored.store.municipality(stored.municipality) as connection:
        visits = await courses.visits(connection, stored.course)
        receipts = await courses.receipts(connection, stored.course)
        waiting = await courses.waiting(connection, stored.course)

    assert [(visit.number, visit.step, visit.version) for visit in visits] == [(1, "intake", 1), (2, "trial", 0)]
    assert [(receipt.role, receipt.acted_by) for receipt in receipts] == [
        (Role.CASEWORKER, "anna"),
        (Role.COMPANY_CONSULTANT, "sara"),
    ]
    assert [(wait.what, wait.escalation is not None) for wait in waiting] == [("a", True), ("b", False)]


async def test_visits_that_a_course_has_forgotten_are_still_read(stored: RecordedCourse) -> None:
    await stored.starts()
    for number in range(2, 9):
        await stored.does(stored.entered(number, "trial", number - 1))
        await stored.does(stored.left(number, 0))

    async with stored.store.municipality(stored.municipality) as connection:
        visits = await courses.visits(connection, stored.course)

    assert len(stored.state.visits) < 8
    assert [visit.number for visit in visits] == list(range(1, 9))


async def test_a_course_says_when_its_verdict_was_given_by_time_alone_too(stored: RecordedCourse) -> None:
    await stored.starts()
    stored.now += timedelta(days=1)
    await stored.does(stored.waits())

    async with stored.store.municipality(stored.municipality) as connection:
        visible = await courses.visible_course(connection, WHOLE_MUNICIPALITY, stored.course)

    assert visible is not None
    assert visible.judged_at == stored.now
    assert visible.row.updated_at == MONDAY, "nobody did anything"
