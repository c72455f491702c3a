"""What many conditions read is read once in a verdict, and deadlines that are remembered are never another's."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

from domain.calendar import Pause
from domain.state.course import CourseState
from rules.calendar.danish_offices import OwnTime
from rules.calendar.data import Absence, CalendarData, ClosedDay
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.engine.operands import Reckoned
from rules.engine.stated import FactAt
from rules.language.text import Text
from tests.rules.vocabulary import NOW, WEEKDAYS, Cell, course, parameter, requirement, row, rule_set, stated, visit

SINCE: Cell = {"derived": "days_between", "of": ["day", "today"], "at_most": {"param": "limit"}}
LIMIT = parameter(rows=[row("2020-01-01", 5)])
WORKING_DAYS: Cell = {"amount": 5, "unit": "working_days", "from": "entered"}
BACK: Cell = {"amount": 5, "unit": "working_days", "before": "fact:day"}


def closed_on(day: date) -> WorkingTime:
    return WorkingTime(CalendarData(closed_days=(ClosedDay(on=day, label=Text(da="Lukkedag")),)))


def test_what_several_requirements_ask_is_compiled_and_reckoned_once() -> None:
    asked = [{**requirement({"any": [SINCE, {"fact": "count", "is": n}]}), "id": f"asked{n}"} for n in range(3)]
    book = Book(rule_set(*asked, parameters=[LIMIT]))
    (view,) = book.views(course(stated("day", "2026-01-01")), NOW, WEEKDAYS)

    book.judge_visit(view)

    assert len({requirement.must.parts[0] for requirement in book.gates["here"].leave}) == 1
    assert sum(isinstance(value, Reckoned) for value in view.known) == 1
    assert sum(isinstance(value, FactAt) and value.fact == "day" for value in view.known) == 1


def test_a_remembered_deadline_is_that_of_its_own_calendar_visit_and_pauses() -> None:
    """A course asked about among others is answered as it is by rules that have seen no other."""
    from_entering = rule_set(requirement(SINCE, deadline=WORKING_DAYS), parameters=[LIMIT])
    back = rule_set(requirement(SINCE, deadline=BACK), parameters=[LIMIT])
    shared, answers = {written.sha256: Book(written) for written in (from_entering, back)}, set()

    for closed_in in (1, 4, 12):
        closed = NOW.date() + timedelta(days=closed_in)
        calendar = closed_on(closed)
        circumstances = product((-9, 0, 9), (False, True), ("2026-10-02", "2026-10-09"), (from_entering, back))
        for entered_before, is_paused, day, written in circumstances:
            state = _state(entered_before, day, is_paused=is_paused)
            verdict = shared[written.sha256].judge(state, NOW, calendar)
            assert verdict == Book(written).judge(state, NOW, closed_on(closed))
            answers.add(verdict.visits[0].requirements[0].due)
    assert len(answers) > len((0, 4, 9)), "what differs makes a difference"


def _state(entered_before: int, day: str, *, is_paused: bool) -> CourseState:
    entered = NOW - timedelta(days=entered_before)
    pauses = [Pause(since=entered, until=entered + timedelta(days=3))] if is_paused else []
    entering = visit(entered_at=entered, entered_on=entered.date())
    return course(stated("day", day), visits=[entering], pauses=pauses)


def test_a_deadline_of_the_offices_is_remembered_whoever_is_away() -> None:
    absence = Absence(since=NOW.date(), until=NOW.date() + timedelta(days=30))
    while_away = WEEKDAYS.with_own_times({"anna": OwnTime(absences=(absence,))})
    book = Book(rule_set(requirement(SINCE, deadline=WORKING_DAYS), parameters=[LIMIT]))

    verdict = book.judge(course(), NOW, while_away)

    assert while_away.offices is WEEKDAYS
    assert verdict == book.judge(course(), NOW, WEEKDAYS)
    assert verdict.visits[0].requirements[0].due == datetime(2026, 9, 23, 21, 59, tzinfo=UTC)
