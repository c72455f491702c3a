from datetime import date

import pytest

from domain.calendar import end_of_day, start_of_day
from domain.state.facts import Fact
from rules.engine.book import Book
from rules.engine.view import FactStatus
from rules.explain.explain import explain
from tests.rules.vocabulary import (
    NOW,
    WEEKDAYS,
    Cell,
    contradicted,
    course,
    derived,
    parameter,
    requirement,
    row,
    rule_set,
    stated,
    visit,
)

ROWS = [row("2020-01-01", "2020-01-01", "first"), row("2020-01-01", "2020-01-02", "second")]
CHANGED = date(2026, 9, 10)
FIRST, THEN_SECOND = stated("target_group", "first", on=date(2026, 9, 1)), stated("target_group", "second", on=CHANGED)


def group_on(day: str, *facts: Fact) -> str | None:
    """Return the group for which a parameter dated by the fact `day` counts; its rows are a day apart by group."""
    dated = parameter(dated_by="fact:day", rows=ROWS)
    days = derived("days_between", ["other_day", {"param": "limit"}], stated("day", day), *facts, parameters=[dated])
    return None if days is None else {0: "first", 1: "second"}[int(str(days))]


SINCE = stated("other_day", "2020-01-01")


@pytest.mark.parametrize(
    ("day", "group"),
    [
        ("2026-08-01", "first"),
        ("2026-09-01", "first"),
        ("2026-09-09", "first"),
        ("2026-09-10", "second"),
        ("2026-12-01", "second"),
    ],
)
def test_a_parameter_is_that_of_the_group_as_it_stood_on_the_day(day: str, group: str) -> None:
    assert group_on(day, SINCE, THEN_SECOND, FIRST) == group


def test_who_changes_groups_keeps_the_deadline_that_ran_from_the_earlier_day() -> None:
    must, limit = {"fact": "yes", "is": True}, parameter(dated_by="visit_entered", rows=[*_days(7, 14)])
    deadline: Cell = {"amount": {"param": "limit"}, "unit": "calendar_days", "from": "entered"}
    rulebook = Book(rule_set(requirement(must, deadline=deadline), parameters=[limit]))

    def due(entered_on: date) -> object:
        entered = visit(entered_on=entered_on, entered_at=NOW.replace(day=entered_on.day))
        state = course(FIRST, THEN_SECOND, visits=[entered])
        return rulebook.judge(state, NOW, WEEKDAYS).visits[0].requirements[0].due

    assert due(date(2026, 9, 9)) == end_of_day(date(2026, 9, 16))
    assert due(date(2026, 9, 10)) == end_of_day(date(2026, 9, 24))


def _days(first: int, second: int) -> list[Cell]:
    return [row("2020-01-01", first, "first"), row("2020-01-01", second, "second")]


def test_a_group_in_doubt_on_the_day_is_unknown_and_before_or_behind_the_doubt_it_is_not() -> None:
    one, other = contradicted("target_group", "first", "second")
    doubt = [fact.model_copy(update={"occurred_on": date(2026, 9, 5)}) for fact in (one, other)]

    assert group_on("2026-09-04", SINCE, FIRST, *doubt, THEN_SECOND) == "first"
    assert group_on("2026-09-05", SINCE, FIRST, *doubt, THEN_SECOND) is None
    assert group_on("2026-09-09", SINCE, FIRST, *doubt, THEN_SECOND) is None
    assert group_on("2026-09-10", SINCE, FIRST, *doubt, THEN_SECOND) == "second"
    assert group_on("2026-09-01", SINCE, *doubt, THEN_SECOND) is None


def test_what_is_said_of_a_later_day_counts_when_that_day_comes() -> None:
    later = stated("target_group", "second", on=date(2026, 9, 20))
    limit = parameter(rows=_days(1, 2))
    rulebook = Book(rule_set(requirement({"fact": "count", "is": {"param": "limit"}}), parameters=[limit]))

    verdict = rulebook.judge(course(FIRST, later, stated("count", 1)), NOW, WEEKDAYS)
    then = rulebook.judge(course(FIRST, later, stated("count", 1)), NOW.replace(day=20), WEEKDAYS)

    assert verdict.changes_at == start_of_day(date(2026, 9, 20))
    assert verdict.visits[0].is_ready
    assert not then.visits[0].is_ready


def test_the_explanation_names_the_group_that_counted() -> None:
    limit = parameter(dated_by="fact:day", rows=_days(1, 2))
    both: Cell = {"all": [{"fact": "count", "is": {"param": "limit"}}, {"fact": "target_group", "is": "second"}]}
    state = course(FIRST, THEN_SECOND, stated("count", 1), stated("day", "2026-09-02"))

    explanation = explain(Book(rule_set(requirement(both), parameters=[limit])), state, NOW, WEEKDAYS)

    compared, asked = explanation.visits[0].requirements[0].must.parts
    group, day = compared.values[1].of
    assert (group.value, group.standing, day.value) == ("first", FactStatus.KNOWN, "2026-09-02")
    assert asked.values[0].value == "second"
    assert explanation.visits[0].is_ready
