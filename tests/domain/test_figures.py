"""No figure concerns fewer than five people, whatever is asked for, one by one or subtracted (P10)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations, product
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.figures import SEVERAL, Counted, Figure, Group, Thing, counted, groups, month_after, month_to_count

MONTHS: Final = [date(2025, month, 1) for month in range(7, 13)] + [date(2026, month, 1) for month in range(1, 7)]
UNITS: Final = ("nord", "syd", "vest")
FEWEST: Final = 5


@st.composite
def years_of_things(draw: st.DrawFn, *, share: bool) -> list[Thing]:
    """Some things in a year and a half, few or many in a month; each has an amount of its own unless it is a share."""
    places = draw(st.lists(st.tuples(st.sampled_from(MONTHS), st.sampled_from(UNITS)), max_size=90))
    things = []
    for number, (month, unit) in enumerate(places):
        citizen = draw(st.sampled_from([f"c{number}", f"c{number}", f"c{number}", f"c{number // 3}"]))
        amount = draw(st.integers(0, 1)) if share else number
        team = frozenset(draw(st.sampled_from([("a", "b"), ("c", "d"), ("e", "f"), ("a", "g")])))
        things.append(Thing(month, unit, amount, citizen, team))
    return things


def published(things: list[Thing], figure: Figure) -> list[Group]:
    """Return all groups, counted month by month as they are over."""
    done: defaultdict[int, dict[str, date]] = defaultdict(dict)
    every: list[Group] = []
    for month in MONTHS:
        of_year = [thing for thing in things if thing.month.year == month.year]
        for group in groups(of_year, figure, month, done[month.year]):
            every.append(group)
            done[month.year][group.unit] = group.last_month
    return every


def requests(every: list[Group]) -> Iterator[frozenset[int]]:
    """Yield the groups by number that each request is answered from: any whole months, of any units or of all."""
    for first, last in combinations([*MONTHS, month_after(MONTHS[-1])], 2):
        within = {n for n, group in enumerate(every) if first <= group.first_month and group.last_month < last}
        for size in range(1, len(UNITS) + 1):
            for units in combinations(UNITS, size):
                yield frozenset(n for n in within if every[n].unit in units)
        yield frozenset(within)


@settings(max_examples=60, deadline=None)
@given(years_of_things(share=False))
def test_any_published_number_and_any_difference_of_two_is_of_five_people(things: list[Thing]) -> None:
    every = published(things, Figure.DAYS_TO_TRIAL)
    by_amount = {thing.amount: thing for thing in things}
    people = [frozenset(by_amount[amount].citizen for amount in group.amounts) for group in every]
    teams = [[by_amount[amount].colleagues for amount in group.amounts] for group in every]
    answers = set(requests(every))

    assert all(len(frozenset[str]().union(*team)) >= FEWEST for team in teams)
    for one, other in product(answers, repeat=2):
        apart = one - other
        concerned = frozenset[str]().union(*(people[number] for number in apart))
        assert not apart or len(concerned) >= FEWEST


@settings(max_examples=60, deadline=None)
@given(years_of_things(share=True))
def test_in_a_share_there_are_five_or_none_on_either_side(things: list[Thing]) -> None:
    every = published(things, Figure.CONVERTED)

    for group in every:
        yes, no = sum(group.amounts), len(group.amounts) - sum(group.amounts)
        assert yes == 0 or yes >= FEWEST
        assert no == 0 or no >= FEWEST
        assert len(group.amounts) >= FEWEST


@settings(max_examples=60, deadline=None)
@given(years_of_things(share=False))
def test_everybody_is_counted_once_at_most_and_in_the_right_months_and_units(things: list[Thing]) -> None:
    every = published(things, Figure.DAYS_TO_TRIAL)
    by_amount = {thing.amount: thing for thing in things}
    amounts = [amount for group in every for amount in group.amounts]

    assert len(amounts) == len(set(amounts))
    for group in every:
        for thing in (by_amount[amount] for amount in group.amounts):
            assert group.first_month <= thing.month <= group.last_month
            assert group.first_month.year == group.last_month.year
            assert group.unit in (thing.unit, SEVERAL)


@settings(max_examples=60, deadline=None)
@given(years_of_things(share=False))
def test_a_worker_that_was_away_counts_the_same(things: list[Thing]) -> None:
    last: Mapping[int, date] = {month.year: month for month in MONTHS}
    at_once = [
        group
        for year, month in last.items()
        for group in groups([t for t in things if t.month.year == year], Figure.DAYS_TO_TRIAL, month, {})
    ]

    assert sorted(at_once) == sorted(published(things, Figure.DAYS_TO_TRIAL))


def test_units_with_too_few_in_a_year_are_counted_together_when_it_is_over() -> None:
    teams = [frozenset({"a", "b"}), frozenset({"c", "d"}), frozenset({"e"})]
    things = [Thing(date(2025, 9, 1), unit, 10, f"{unit}{n}", teams[n]) for unit in ("nord", "syd") for n in range(3)]

    assert [*groups(things, Figure.DAYS_TO_TRIAL, date(2025, 11, 1), {})] == []
    assert [*groups(things, Figure.DAYS_TO_TRIAL, date(2025, 12, 1), {})] == [
        Group(SEVERAL, date(2025, 9, 1), date(2025, 9, 1), (10,) * 6)
    ]


def test_half_and_nine_tenths_are_days_that_so_many_took_at_most() -> None:
    assert counted(Figure.DAYS_TO_TRIAL, []) is None
    assert counted(Figure.DAYS_TO_TRIAL, [5, 1, 9, 2, 40]) == Counted(5, median=5)
    assert counted(Figure.DAYS_TO_TRIAL, range(1, 50)) == Counted(49, median=25)
    assert counted(Figure.DAYS_TO_TRIAL, range(1, 51)) == Counted(50, median=25, p90=45)
    assert counted(Figure.CONVERTED, [1] * 5 + [0] * 10) == Counted(15, percent=33)


def test_a_month_is_counted_when_it_has_been_over_for_a_month() -> None:
    assert month_to_count(date(2026, 2, 28)) == date(2025, 12, 1)
    assert month_to_count(date(2026, 3, 1)) == date(2026, 1, 1)
