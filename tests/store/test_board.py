"""The board in the store: each course by its foremost wait, and every number of it is that of the rows below."""

import random
from datetime import date, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest

from api.board.wanted import FIGURES, WantedBoard, number, numbers
from domain import events as ev
from domain.identity import Role
from domain.reach import Reach
from domain.state.waiting import Waiting, WaitingKind, WaitingOn
from infra.store.queries import board, board_beside
from infra.store.queries.board import BoardRow, Cell
from infra.store.queries.board_filter import HeldUpBy, TakenBy
from infra.store.registers import absences, people
from infra.store.registers.people import Person
from rules.calendar.data import Absence, NamedCover
from tests.store.vocabulary import MONDAY, WHOLE_MUNICIPALITY, RecordedCourse
from tests.stores import Stores

DAY: Final = timedelta(days=1)
TODAY: Final = MONDAY.date()
STEPS: Final = ("intake", "visit", "trial")
PEOPLE: Final = ("anna", "bo", "carl", "dina", "erik")


def governing(*units: str) -> Reach:
    """Return who leads some units, or the whole municipality."""
    return WHOLE_MUNICIPALITY.model_copy(update={"units": frozenset(units) if units else None})


ALL: Final = WantedBoard()
WHOLE: Final = governing()


class Board:
    """A board as it stands on Monday."""

    def __init__(self, stored: RecordedCourse) -> None:
        self.stored = stored

    async def rows(self, wanted: WantedBoard = ALL, reach: Reach = WHOLE, size: int = 7) -> list[BoardRow]:
        """Return the courses, page by page."""
        rows: list[BoardRow] = []
        asked, after = wanted.as_filter(MONDAY, MONDAY - DAY, TODAY + 28 * DAY), None
        while True:
            async with self.stored.store.municipality(self.stored.municipality) as connection:
                page = await board.board(connection, reach, asked, size, after)
            rows += page.items
            if page.next is None:
                return rows
            after = page.next

    async def cells(self, reach: Reach = WHOLE) -> list[Cell]:
        """Return how many there are of each kind."""
        asked = WantedBoard().as_filter(MONDAY, MONDAY - DAY, TODAY + 28 * DAY)
        async with self.stored.store.municipality(self.stored.municipality) as connection:
            return await board.cells(connection, reach, asked)


async def courses(stored: RecordedCourse, number: int) -> list[RecordedCourse]:
    """Start courses, each in its own way, of which some people are away."""
    chance, started = random.Random(7), []  # noqa: S311 - It guards nothing.
    for ordinal in range(number):
        unit = chance.choice(("nord", "syd", "vest"))
        course = RecordedCourse(stored.stores, stored.municipality, f"sag-{ordinal}", unit=unit)
        parties = (
            course.assigned(role, person=chance.choice(PEOPLE)) for role in (Role.CASEWORKER, Role.COMPANY_CONSULTANT)
        )
        step = course.entered(1, chance.choice(STEPS))
        waits = (a_wait(course, chance, ordinal + place) for place in range(chance.randrange(3)))
        await course.does(course.start()[0], *parties, step, course.waits(*waits))
        if chance.random() < 0.2:
            await course.does(ev.CoursePaused(at=course.now, by="sara", reason=await course.stages(), since=course.now))
        started.append(course)
    async with stored.store.municipality(stored.municipality) as connection:
        for person in PEOPLE:
            await people.put(connection, Person(person_id=person, name=person, updated_at=MONDAY))
        covers = (NamedCover(person="erik", courses=None),)
        await absences.replace(connection, "anna", [Absence(since=TODAY, until=TODAY + 2 * DAY, covers=covers)])
        await absences.replace(connection, "bo", [Absence(since=TODAY - DAY, until=None, covers=())])
    return started


def a_wait(course: RecordedCourse, chance: random.Random, place: int) -> Waiting:
    """Return a wait as it may be."""
    is_stalled = chance.random() < 0.6
    what: dict[str, Any] = {
        "kind": chance.choice((WaitingKind.ACKNOWLEDGEMENT, WaitingKind.QUESTION, WaitingKind.STORY))
    }
    if is_stalled:
        what["escalated_at"] = MONDAY - chance.choice((0, 1, 5)) * DAY
        if chance.random() < 0.5:
            looks = MONDAY + chance.choice((-1, 1)) * DAY
            taken = {"by": chance.choice(("sara", "lise")), "at": MONDAY - 3 * DAY, "look_again_at": looks}
            what["taken"] = {**taken, "reason": uuid4()}
    if chance.random() < 0.7:
        until = MONDAY + chance.choice((-1, 2, 3)) * DAY
        on = tuple(WaitingOn)[place % len(WaitingOn)]
        what["answer"] = {"waiting_on": on, "until": until, "by": "bo", "at": MONDAY - 3 * DAY}
    return course.waiting(f"w{place}", days=chance.choice((None, -2, 1, 9)), is_stalled=is_stalled, **what)


@pytest.fixture
async def filled(stored: RecordedCourse) -> tuple[Board, list[RecordedCourse]]:
    """A board with many courses."""
    return Board(stored), await courses(stored, 60)


async def test_every_number_is_that_of_the_rows_below_when_the_board_is_narrowed_so(
    filled: tuple[Board, list[RecordedCourse]],
) -> None:
    the_board, _ = filled
    cells = await the_board.cells()
    bases: tuple[WantedBoard, ...] = (WantedBoard(), WantedBoard(unit="nord"), WantedBoard(stalled=True, step="visit"))
    counted = 0

    for base in bases:
        for more in FIGURES.values():
            wanted = base.narrowed(**more)
            rows = await the_board.rows(wanted)
            assert number(cells, wanted) == len(rows), wanted
            counted += len(rows)
        facets = {
            "held_up_by": numbers(cells, base, "held_up_by", lambda cell: [cell.held_up_by]),
            "unit": numbers(cells, base, "unit", lambda cell: [cell.unit]),
            "step": numbers(cells, base, "step", lambda cell: cell.steps),
            "away": numbers(cells, base, "away", lambda cell: [cell.away] if cell.away else []),
            "taken_by": numbers(cells, base, "taken_by", lambda cell: [cell.taken_by]),
        }
        for part, values in facets.items():
            for value, count in values:
                assert count == len(await the_board.rows(base.narrowed(**{part: value}))) > 0, (base, part, value)
    assert counted > 100, "there is something to count"


async def test_each_course_that_waits_stands_there_once_the_first_due_first(
    filled: tuple[Board, list[RecordedCourse]],
) -> None:
    the_board, started = filled

    rows = await the_board.rows()

    waiting = {course.course: course.state.foremost_wait for course in started}
    assert [row.course_id for row in rows] == list(dict.fromkeys(row.course_id for row in rows))
    assert {row.course_id: row.key for row in rows} == {id_: str(w.key) for id_, w in waiting.items() if w is not None}
    dated = [row.until for row in rows if row.until is not None]
    assert dated == sorted(dated)
    assert all(row.until is None for row in rows[len(dated) :]), "what has no deadline comes last"
    assert {row.held_up_by for row in rows} == set(HeldUpBy)
    assert {row.taken for row in rows} == set(TakenBy)


async def test_a_leader_sees_the_own_units_alone(filled: tuple[Board, list[RecordedCourse]]) -> None:
    the_board, _ = filled
    for unit in ("nord", "syd"):
        rows, cells = await the_board.rows(reach=governing(unit)), await the_board.cells(governing(unit))

        assert {row.unit for row in rows} == {cell.unit for cell in cells} == {unit}
        assert sum(cell.number for cell in cells) == len(rows) == len(await the_board.rows(WantedBoard(unit=unit)))
    assert await the_board.rows(WantedBoard(unit="syd"), governing("nord")) == []


async def test_the_foremost_wait_is_the_longest_escalated_then_the_first_due(stored: RecordedCourse) -> None:
    await stored.starts(
        stored.waits(
            stored.waiting("late", days=-9),
            stored.waiting("told", is_stalled=True, escalated_at=MONDAY),
            stored.waiting("told long ago", days=9, is_stalled=True, escalated_at=MONDAY - 2 * DAY),
        )
    )

    (row,) = await Board(stored).rows()

    assert (row.what, row.is_stalled, row.is_new, row.others) == ("told long ago", True, False, 2)
    await stored.does(stored.waits(ended=("told", "told long ago")))
    (row,) = await Board(stored).rows()
    assert (row.what, row.is_stalled, row.is_overdue, row.others) == ("late", False, True, 0)


async def test_it_is_told_who_holds_a_role_is_away_and_covers_and_who_touched_the_course_last(
    stored: RecordedCourse,
) -> None:
    await stored.starts(stored.waits(stored.waiting("receipt")))
    async with stored.store.municipality(stored.municipality) as connection:
        for person in PEOPLE:
            await people.put(connection, Person(person_id=person, name=person, phone="+45 1", updated_at=MONDAY))
        cover = NamedCover(person="carl", courses=None)
        await absences.replace(connection, "anna", [Absence(since=TODAY, until=None, covers=(cover,))])
        await absences.replace(connection, "bo", [Absence(since=date(2026, 9, 1), until=TODAY, covers=())])

    async with stored.store.municipality(stored.municipality) as connection:
        held = await board_beside.holders(connection, {stored.course}, TODAY)
        touched = await board_beside.touched(connection, {stored.course})

    assert [(one.role, one.person, one.away_since, one.away_until, one.cover) for one in held] == [
        (Role.CASEWORKER, "anna", TODAY, None, "carl"),
        (Role.COMPANY_CONSULTANT, "bo", date(2026, 9, 1), TODAY, None),
    ]
    assert (touched[stored.course].actor, touched[stored.course].at) == ("sara", MONDAY)


async def test_of_a_step_it_is_counted_how_often_both_were_informed_before(
    stored: RecordedCourse, stores: Stores
) -> None:
    for ordinal, ahead in enumerate(((), ("trial",), ())):
        course = RecordedCourse(stores, stored.municipality, f"sag-{ordinal}")
        await course.starts()
        course.now += DAY
        await course.does(course.waits(ahead=ahead), course.left(1), course.entered(2, "trial"))

    async with stored.store.municipality(stored.municipality) as connection:
        told = await board_beside.informed(connection, governing(), None, MONDAY)
        elsewhere = await board_beside.informed(connection, governing("syd"), None, MONDAY)
        later = await board_beside.informed(connection, governing(), None, MONDAY + 2 * DAY)

    assert [(one.step, one.visits, one.informed) for one in told] == [("trial", 3, 2)]
    assert (elsewhere, later) == ([], [])
