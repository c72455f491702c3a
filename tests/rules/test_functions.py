from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import start_of_day
from domain.state.facts import Fact
from domain.state.verdict import Outcome
from rules.calendar.data import CalendarData, ClosedDay
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.engine.functions import FUNCTIONS, days_at_place, length_as_planned, length_in_days, ratio_limit
from rules.language.text import Text
from tests.rules.vocabulary import (
    NOW,
    TODAY,
    WEEKDAYS,
    Cell,
    contradicted,
    course,
    derived,
    flaws,
    outcome,
    parameter,
    requirement,
    row,
    rule_set,
    stated,
)


def stretch(since: str, until: str) -> list[Fact]:
    """Return two days as facts."""
    return [stated("day", since), stated("other_day", until)]


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [("2026-09-14", "2026-09-14", 1), ("2026-09-14", "2026-09-27", 14), ("2026-09-15", "2026-09-14", None)],
)
def test_a_length_includes_both_ends_and_what_ends_before_it_begins_has_none(
    since: str, until: str, days: int | None
) -> None:
    assert derived("length_in_days", ["day", "other_day"], *stretch(since, until)) == days


def test_a_trial_that_ends_before_it_begins_is_not_short_enough() -> None:
    must: Cell = {"derived": "length_in_days", "of": ["day", "other_day"], "at_most": 28}

    assert outcome(must, *stretch("2026-09-15", "2026-09-01")) is Outcome.UNKNOWN


CLOSED = CalendarData(closed_days=(ClosedDay(on=date(2026, 9, 17), label=Text(da="Lukkedag")),))


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-09-16", "2026-09-16", 0),
        ("2026-09-16", "2026-09-18", 1),
        ("2026-09-16", "2026-09-21", 2),
        ("2026-09-21", "2026-09-16", -2),
    ],
)
def test_working_days_leave_out_weekends_and_closed_days(since: str, until: str, days: int) -> None:
    of = ["day", "other_day"]

    assert derived("working_days_between", of, *stretch(since, until), calendar=WorkingTime(CLOSED)) == days


def test_working_days_are_not_counted_to_today_for_they_do_not_grow_every_midnight() -> None:
    result = flaws({"derived": "working_days_between", "of": ["day", "today"], "at_least": 1})

    assert result == {"must.of[1]": "until (date) cannot be 'today'; name a fact"}


def staff(*rows: tuple[str, str]) -> Fact:
    """Return full-time staff by month."""
    return stated("plan", " ".join(f"{since}={number}" for since, number in rows))


BAB_65 = [
    parameter("months", rows=[row("2020-01-01", 2)]),
    parameter("one_per", rows=[row("2020-01-01", 5)]),
    parameter("up_to", rows=[row("2020-01-01", 50)]),
    parameter("then_one_per", rows=[row("2020-01-01", 10)]),
    parameter("least", rows=[row("2020-01-01", 1)]),
    parameter("rounded_down_to", rows=[row("2020-01-01", "0.5")]),
]
RATIO: list[str | Cell] = ["plan", "day", *({"param": result["id"]} for result in BAB_65)]


@pytest.mark.parametrize(
    ("rows", "limit"),
    [
        ([("2026-07-01", "3"), ("2026-08-01", "3")], "1"),
        ([("2026-07-01", "22"), ("2026-08-01", "24")], "4.5"),
        ([("2026-07-01", "50"), ("2026-08-01", "50")], "10"),
        ([("2026-07-01", "70"), ("2026-08-01", "80")], "12.5"),
        ([("2026-06-01", "500"), ("2026-07-01", "22"), ("2026-08-01", "24"), ("2026-10-01", "90")], "4.5"),
        ([("2026-08-01", "22"), ("2026-09-01", "24")], None),
        ([("2026-08-01", "24")], None),
        ([("2026-08-01", "24"), ("2026-10-01", "24")], None),
        ([("2023-07-01", "22"), ("2023-08-01", "24")], None),
        ([("2026-07-01", "22"), ("2026-07-15", "24"), ("2026-08-01", "24")], None),
    ],
)
def test_the_ratio_limit_follows_the_average_of_the_months_before_each_with_one_row(
    rows: list[tuple[str, str]], limit: str | None
) -> None:
    result = derived("ratio_limit", RATIO, staff(*rows), stated("day", "2026-09-01"), parameters=BAB_65)

    assert result == (None if limit is None else Decimal(limit))


def test_without_readable_staff_or_a_row_of_a_parameter_there_is_no_ratio_limit() -> None:
    day, sound = stated("day", "2026-09-01"), staff(("2026-07-01", "22"), ("2026-08-01", "24"))
    of_others = [parameter("months", rows=[row("2020-01-01", 2, "second")]), *BAB_65[1:]]

    assert derived("ratio_limit", RATIO, day, parameters=BAB_65) is None
    assert derived("ratio_limit", RATIO, day, stated("plan", "2026-07-01=-22"), parameters=BAB_65) is None
    assert derived("ratio_limit", RATIO, sound, parameters=BAB_65) is None
    assert derived("ratio_limit", RATIO, sound, day, parameters=of_others) is None


AMOUNTS = st.decimals(min_value=0, max_value=10_000, places=2)
STAFF = st.lists(AMOUNTS, min_size=1, max_size=6)
ABOVE_ZERO = st.decimals(min_value="0.01", max_value=1_000, places=2)


def limit_of(numbers: list[Decimal], *rule: Decimal) -> Decimal:
    """Return the limit for staff by month under a rule of five amounts."""
    rows = tuple((date(2026, month, 1), number) for month, number in enumerate(numbers, TODAY.month - len(numbers)))
    result = ratio_limit(rows, TODAY, len(numbers), *rule)
    assert result is not None
    return result


@given(numbers=STAFF, one_per=ABOVE_ZERO, up_to=AMOUNTS, least=AMOUNTS, step=ABOVE_ZERO, data=st.data())
@settings(max_examples=200, deadline=None)
def test_more_staff_never_lowers_the_ratio_limit_and_it_is_the_least_or_a_whole_step(
    numbers: list[Decimal], one_per: Decimal, up_to: Decimal, least: Decimal, step: Decimal, data: st.DataObject
) -> None:
    then = data.draw(ABOVE_ZERO)
    place = data.draw(st.integers(0, len(numbers) - 1))
    more = [*numbers[:place], numbers[place] + data.draw(AMOUNTS), *numbers[place + 1 :]]

    lower, higher = (limit_of(result, one_per, up_to, then, least, step) for result in (numbers, more))

    assert least <= lower <= higher
    assert lower == least or lower % step == 0


@pytest.mark.parametrize("place", range(3))
def test_a_rule_that_divides_by_nothing_has_no_ratio_limit(place: int) -> None:
    one_per, then_one_per, step = (Decimal(0) if place == number else Decimal(1) for number in range(3))
    rows = ((date(2026, 1, 1), Decimal(10)),)

    assert ratio_limit(rows, TODAY, 1, one_per, Decimal(50), then_one_per, Decimal(1), step) is None


@pytest.mark.parametrize("months", [0, -1])
def test_an_average_of_no_months_is_none(months: int) -> None:
    one, rows = Decimal(1), ((date(2026, 1, 1), Decimal(10)),)

    assert ratio_limit(rows, TODAY, months, one, one, one, one, one) is None


@given(since=st.dates(), days=st.integers(0, 1_000))
def test_a_stretch_is_as_long_as_the_days_in_it(since: date, days: int) -> None:
    until = date.fromordinal(min(since.toordinal() + days, date.max.toordinal()))

    assert length_in_days(since, until) == len(range(since.toordinal(), until.toordinal() + 1))


TURNING: list[tuple[Cell, list[Fact], int | None]] = [
    ({"derived": "length_in_days", "of": ["day", "today"], "at_least": 3}, [stated("day", "2026-09-18")], 2),
    ({"derived": "length_in_days", "of": ["day", "today"], "at_least": 3}, [stated("day", "2026-09-16")], 2),
    ({"derived": "length_in_days", "of": ["day", "today"], "at_most": 3}, [stated("day", "2026-09-01")], None),
    ({"derived": "length_in_days", "of": ["today", "day"], "at_most": 9}, [stated("day", "2026-09-18")], 3),
    ({"derived": "length_in_days", "of": ["today", "day"], "at_most": 9}, [stated("day", "2026-09-15")], None),
]


@pytest.mark.parametrize(("must", "facts", "changes_in"), TURNING)
def test_what_today_makes_leap_says_when(must: Cell, facts: list[Fact], changes_in: int | None) -> None:
    result = Book(rule_set(requirement(must), parameters=BAB_65))
    verdicts = [result.judge(course(*facts), NOW + timedelta(days=days), WEEKDAYS) for days in range(30)]

    turns = [days for days in range(1, 30) if verdicts[days].visits != verdicts[0].visits]

    assert verdicts[0].changes_at == (None if changes_in is None else start_of_day(TODAY + timedelta(days=changes_in)))
    assert all(days >= (changes_in or 30) for days in turns)


def test_a_length_that_is_lost_or_found_at_midnight_really_turns() -> None:
    must: Cell = {"derived": "length_in_days", "of": ["today", "day"], "at_most": 9}
    result = Book(rule_set(requirement(must)))
    outcomes = [
        result.judge(course(stated("day", "2026-09-18")), NOW + timedelta(days=days), WEEKDAYS)
        .visits[0]
        .requirements[0]
        for days in (2, 3)
    ]

    assert [asked.outcome for asked in outcomes] == [Outcome.MET, Outcome.UNKNOWN]


def test_days_are_counted_since_a_fact_was_last_said_whatever_it_says() -> None:
    def since(*facts: Fact, later: int = 0) -> object:
        return derived("days_since", ["count", "today"], *facts, now=NOW + timedelta(days=later))

    earlier, later = (stated("count", 3, on=TODAY - timedelta(days=days)) for days in (20, 6))

    assert since() is None
    assert since(earlier) == 20
    assert since(earlier, later) == 6
    assert since(earlier, later, later=9) == 15
    assert since(*contradicted("count", 3, 4)) is None


def test_a_schedule_has_a_first_day_where_a_day_is_asked_for() -> None:
    def since(plan: str) -> object:
        return derived("days_between", ["plan", "today"], stated("plan", plan))

    assert since(f"{TODAY - timedelta(days=30)}=0 {TODAY - timedelta(days=9)}=5 {TODAY}=8") == 9
    assert since(f"{TODAY}=0") is None


def test_a_length_is_as_planned_until_another_first_or_last_day_is_stated() -> None:
    first, last, later = date(2026, 9, 7), date(2026, 9, 20), date(2026, 9, 8)
    never = date.max

    assert length_as_planned(first, last, never, never) == 14
    assert length_as_planned(first, last, later, never) == 13
    assert length_as_planned(first, last, later, date(2026, 9, 18)) == 11
    assert derived("length_as_planned", ["day", "day", "day", "other_day"], stated("day", first.isoformat())) == 1


def test_what_ended_before_it_was_to_begin_never_began_and_has_no_days() -> None:
    first, last, before = date(2026, 9, 7), date(2026, 9, 20), date(2026, 9, 4)
    never = date.max

    assert length_as_planned(first, last, never, before) == 0
    assert length_as_planned(first, last, first, before) is None, "it cannot have begun and ended before"
    assert length_as_planned(last, first, never, never) is None, "the plan is turned round"
    here, nothing = ("1000000001", "1000000001"), (None, None)
    assert days_at_place(here, nothing, (first, last), (last, last), nothing, (None, before)) == 14


def test_the_days_of_all_visits_at_the_place_of_the_last_one_are_summed() -> None:
    place, other, never = "1000000001", "1000000002", (None, None, None)
    first, last = (date(2026, month, 1) for month in (6, 7))
    starts, ends = (first, last, date(2026, 8, 1)), (date(2026, 6, 10), date(2026, 7, 20), date(2026, 8, 5))

    def days(places: Sequence[str | None], others: Sequence[str | None] = never, ended: object = None) -> int | None:
        return days_at_place(places, others, starts, ends, never, (ended, None, None))

    assert days((place, other, place)) == 10 + 5
    assert days((place, place, place)) == 10 + 20 + 5
    assert days((place, place, place), (None, other, None)) == 10 + 5
    assert days((place, None, place), ended=date(2026, 6, 2)) == 2 + 5
    assert days((place, None, None)) == 5


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_says_what_it_takes_and_is_unknown_without_it(name: str) -> None:
    facts = {"date": "day", "schedule": "plan", "decimal": "worked", "int": "count", "p_number": "workplace"}
    takes = FUNCTIONS[name].takes

    assert derived(name, [facts.get(argument.type or "", "count") for argument in takes]) is None
    short = flaws({"derived": name, "of": [], "at_least": 1})["must.of"]
    assert all(argument.name in short for argument in takes)


@pytest.mark.parametrize(
    ("of", "field", "words"),
    [
        (["hours", "today"], "must.of[0]", "'hours' is of type decimal; a fact of type date belongs here"),
        (["dya", "today"], "must.of[0]", "the fact 'dya' is not declared; did you mean 'day'?"),
        ([{"param": "limt"}, "day"], "must.of[0].param", "the parameter 'limt' is not declared; did you mean 'limit'?"),
        ([{"param": "limit"}, "day"], "must.of[0].param", "the parameter 'limit' does not fit: '5'"),
    ],
)
def test_what_a_function_is_reckoned_from_must_exist_and_fit(of: list[str | Cell], field: str, words: str) -> None:
    limit = parameter(rows=[row("2020-01-01", 5)])

    result = flaws({"derived": "days_between", "of": of, "at_least": 1}, parameters=[limit])

    assert list(result) == [field]
    assert result[field].startswith(words)


def test_a_parameter_dated_by_a_wait_is_for_ladders_only() -> None:
    waited = parameter(dated_by="wait_began", rows=[row("2020-01-01", 5)])

    result = flaws({"fact": "count", "is": {"param": "limit"}}, parameters=[waited])

    assert result == {"must.is.param": "the parameter 'limit' is dated by a wait, so only a ladder can use it"}


def test_a_parameter_may_be_what_a_function_is_reckoned_from() -> None:
    since = parameter(rows=[row("2020-01-01", "2026-09-01")])

    assert derived("days_between", [{"param": "limit"}, "today"], parameters=[since]) == 15


def test_what_is_contradicted_is_reckoned_from_by_nobody() -> None:
    facts = (*contradicted("day", "2026-09-01", "2026-09-02"), stated("other_day", "2026-09-03"))

    assert derived("length_in_days", ["day", "other_day"], *facts) is None
