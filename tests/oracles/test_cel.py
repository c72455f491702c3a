"""The engine answers every condition as CEL does, or holds where CEL says more: each such difference is intended."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any, Final

import pytest

from domain.state.facts import Fact
from rules.calendar.data import CalendarData
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.engine.compiler import Compiled
from rules.engine.view import VisitView
from rules.language.steps import Before
from tests.oracles.cel import CelRules
from tests.oracles.judging import Judge
from tests.oracles.sides import CALENDAR, FEW, SETS, Sides, asked, portions, sides
from tests.oracles.statements import Place
from tests.rules.vocabulary import NOW, Cell, contradicted, course, requirement, row, rule_set, stated
from tests.rules.vocabulary import parameter as declared

WEEKDAYS: Final = WorkingTime(CalendarData())
FIVE: Final[Cell] = {"fact": "count", "is": 5}
NULL: Final = stated("count", 5).model_copy(update={"value": None})


def answers(must: Cell, *facts: Fact, **more: Any) -> tuple[bool | None, bool | None]:
    """Return the answers of the engine and of CEL, None where the one does not know and the other has an error."""
    rules = rule_set(requirement(must), **more)
    book, judge, state = Book(rules), Judge(rules, WEEKDAYS, CalendarData()), course(*facts)
    (view,) = book.views(state, NOW, WEEKDAYS)
    asked, cel = book.gates["here"].leave[0], CelRules(rules, judge)
    given = cel.variables(Place(judge.rules, state, view.visit, NOW, WEEKDAYS))
    return asked.must.answer(view), cel.answer(asked.requirement.must, given)


def test_what_is_missing_is_an_error_in_cel_and_unknown_here() -> None:
    assert answers(FIVE) == (None, None)
    assert answers({"not": FIVE}) == (None, None)


def test_an_error_is_absorbed_as_unknown_is_whatever_stands_first() -> None:
    yes, no = {"fact": "yes", "is": True}, {"fact": "yes", "is": False}

    for parts in ([FIVE, yes], [yes, FIVE]):
        assert answers({"any": parts}, stated("yes", value=True)) == (True, True)
        assert answers({"all": parts}, stated("yes", value=True)) == (None, None)
    for parts in ([FIVE, no], [no, FIVE]):
        assert answers({"all": parts}, stated("yes", value=True)) == (False, False)


def test_null_equals_nothing_in_cel_and_is_unknown_here() -> None:
    assert answers(FIVE, NULL) == (None, False)
    assert answers({"not": FIVE}, NULL) == (None, True)


@pytest.mark.parametrize("wrong", ["5", True, 101])
def test_another_type_or_an_amount_beyond_the_bounds_is_no_equal_in_cel_and_unknown_here(wrong: object) -> None:
    value: Any = wrong

    assert answers({"not": FIVE}, stated("count", value)) == (None, True)


def test_cel_compares_an_amount_beyond_the_bounds_and_here_it_is_unknown() -> None:
    assert answers({"fact": "count", "at_least": 5}, stated("count", 101)) == (None, True)
    assert answers({"fact": "count", "at_least": 5}, stated("count", "many")) == (None, None)


def test_cel_takes_the_newest_word_where_two_contradict_each_other() -> None:
    yes: Cell = {"fact": "count", "at_least": 1}

    assert answers(yes, *contradicted("count", 5, 6)) == (None, True)


def test_what_cannot_be_used_is_there_in_cel_and_here_neither_there_nor_missing() -> None:
    missing: Cell = {"fact": "count", "is_missing": True}

    for facts in ((NULL,), (stated("count", "many"),), contradicted("count", 5, 6)):
        assert answers(missing, *facts) == (None, False)
        assert answers({"not": missing}, *facts) == (None, True)


def test_a_parameter_without_a_row_is_an_error_in_cel_and_unknown_here() -> None:
    later = declared(rows=[row("2020-01-01", 5, "first"), row("2020-01-01", 5, "second")])
    must: Cell = {"fact": "count", "at_least": {"param": "limit"}}

    assert answers(must, stated("count", 6), parameters=[later]) == (None, None)
    assert answers(must, stated("count", 6), stated("target_group", "first"), parameters=[later]) == (True, True)


def _conditions(side: Sides, view: VisitView) -> Iterator[tuple[str, str | None, Compiled]]:
    """Yield every condition that may be asked of a visit, with where it stands and the step that is entered by it."""
    for one in asked(side, view):
        entering = one.step if one.requirement.before is Before.ENTER else None
        for condition in (one.when, one.must, one.refused):
            if condition is not None:
                yield one.requirement.id, entering, condition
    for number, route in enumerate(side.book.gates[view.visit.step].rows):
        if route.when is not None:
            yield f"route {number} of {view.visit.step}", None, route.when


def check_conditions(side: Sides, numbers: range) -> Counter[str]:
    """Let the engine and CEL answer the same conditions; return how often CEL knew more, and of what it knew it."""
    known_by_cel_alone = Counter[str]()
    for number in numbers:
        state, now = side.states.state(number)
        for view in side.book.views(state, now, CALENDAR):
            followed = _follow(view, Random(number))  # noqa: S311 - States of tests are no secrets.
            place = Place(side.judge.rules, state, view.visit, now, CALENDAR)
            given = {}
            for where, entering, condition in _conditions(side, view):
                seen = place.seen(entering, followed)
                if entering not in given:
                    given[entering] = side.cel.variables(seen)
                answer, by_cel = condition.answer(view), side.cel.answer(condition.condition, given[entering])
                if answer is by_cel:
                    continue
                unusable = side.cel.unusable(condition.condition, seen)
                words = f"state {number} at {now}, visit {view.visit.number}, {where}: engine {answer}, CEL {by_cel}"
                assert answer is None, words
                assert unusable, words
                known_by_cel_alone.update(unusable)
    return known_by_cel_alone


def _follow(view: VisitView, random: Random) -> tuple[str, ...]:
    """Follow a route or none; return the steps that are open by it."""
    if random.random() < 0.5:
        return ()
    to = (random.choice(list(view.course.newest_visits)),)
    view.follow(to, stays=False)
    return to


@pytest.mark.parametrize("name", SETS)
def test_cel_answers_every_condition_as_the_engine_does(name: str) -> None:
    check_conditions(sides(name), range(FEW // 3))


@pytest.mark.verify
@pytest.mark.parametrize("numbers", portions(), ids=str)
@pytest.mark.parametrize("name", SETS)
def test_cel_answers_of_a_hundred_thousand_states_as_the_engine_does(name: str, numbers: range) -> None:
    known_by_cel_alone = check_conditions(sides(name), numbers)

    assert known_by_cel_alone.keys() == {"null", "unreadable", "contradicted"}
