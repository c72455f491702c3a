from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import start_of_day
from domain.state.bounds import MAX_STATEMENTS
from domain.state.facts import Fact, FactValue
from domain.state.verdict import Outcome
from rules.engine.book import Book
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

BEGUN = date(2026, 8, 3)
"""A Monday: until today, a Wednesday, six weeks have ended."""

WORK: list[str | Cell] = ["plan", "worked", "day", "other_day", "today"]
SUSTAINED: list[str | Cell] = [*WORK, {"param": "hours"}, {"param": "window"}]


def work(plan: str = "2026-08-03=5", begun: date = BEGUN) -> list[Fact]:
    """Return paid hours as agreed."""
    return [stated("plan", plan), stated("day", begun.isoformat())]


def worked(hours: FactValue, on: date) -> Fact:
    """Return the hours reported for the week of a day."""
    return stated("worked", hours, on=on)


def rule(hours: FactValue = 5, window: int = 13) -> list[Cell]:
    """Return how many hours a week, within how many weeks, are sustained."""
    return [
        parameter("hours", rows=[row("2020-01-01", hours)]),
        parameter("window", rows=[row("2020-01-01", window)]),
    ]


def counted(*facts: Fact, now: datetime = NOW, hours: FactValue = 5, window: int = 13) -> tuple[object, ...]:
    """Return all paid hours, the sustained weeks, and the latest weeks as agreed."""
    total = derived("total_paid_hours", WORK, *facts, now=now)
    sustained = derived("sustained_weeks", SUSTAINED, *facts, parameters=rule(hours, window), now=now)
    return total, sustained, derived("weeks_as_agreed", WORK, *facts, now=now)


def test_what_is_agreed_counts_week_by_week_once_a_week_has_ended() -> None:
    sunday, monday = NOW + timedelta(days=4), NOW + timedelta(days=5)

    assert counted(*work()) == (30, 6, 6)
    assert counted(*work(), now=sunday) == (30, 6, 6)
    assert counted(*work(), now=monday) == (35, 7, 7)


def test_reported_hours_count_instead_of_those_agreed() -> None:
    assert counted(*work(), worked(3, date(2026, 8, 19))) == (28, 5, 3)
    assert counted(*work(), worked("7.5", date(2026, 8, 19))) == (Decimal("32.5"), 6, 6)


def test_a_week_whose_hours_are_reported_counts_at_once() -> None:
    assert counted(*work(), worked(6, date(2026, 9, 14))) == (36, 7, 7)
    assert counted(*work(), worked(4, TODAY)) == (34, 6, 0)


def test_the_newest_word_of_a_week_counts_and_not_that_of_another_week() -> None:
    older, newer = worked(1, date(2026, 9, 7)), worked(9, date(2026, 9, 13))

    assert counted(*work(), newer, older) == (34, 6, 6)


@pytest.mark.parametrize("statements", [contradicted("worked", 5, 6), (worked("five", TODAY),), (worked(-5, TODAY),)])
def test_a_week_of_which_nothing_sound_is_known_counts_as_no_hours(statements: tuple[Fact, ...]) -> None:
    last_week = [fact.model_copy(update={"occurred_on": date(2026, 9, 9)}) for fact in statements]

    assert counted(*work(), *last_week) == (25, 5, 0)


def test_work_that_has_not_begun_has_no_hours() -> None:
    begins = work(begun=TODAY + timedelta(days=1))

    assert counted(*begins) == (0, 0, 0)
    assert counted(*begins, worked(9, TODAY)) == (0, 0, 0)


def test_behind_the_week_in_which_the_work_ended_there_are_no_hours() -> None:
    ended = stated("other_day", "2026-08-20")

    assert counted(*work(), ended) == (15, 3, 0)
    assert counted(*work(), ended, worked(9, date(2026, 8, 25))) == (15, 3, 0)
    assert counted(*work(), stated("other_day", "2026-08-02")) == (0, 0, 0)


def test_whether_the_work_has_ended_must_not_be_in_doubt() -> None:
    assert counted(*work(), *contradicted("other_day", "2026-08-20", "2026-08-21")) == (None, None, None)
    assert counted(*work(), stated("other_day", "soon")) == (None, None, None)


def test_a_week_in_which_the_agreement_changes_has_the_fewer_hours() -> None:
    more = "2026-08-03=5 2026-08-27=10"
    fewer = "2026-08-03=10 2026-08-27=5"

    assert counted(*work(more)) == (40, 6, 6)
    assert counted(*work(fewer)) == (45, 6, 6)
    assert counted(*work(more), hours=10) == (40, 2, 6)


def test_weeks_without_agreed_hours_are_never_as_agreed() -> None:
    assert counted(*work("2026-08-03=5 2026-08-31=0")) == (20, 4, 0)
    assert counted(*work("2026-08-24=5")) == (15, 3, 3)
    assert counted(*work("2026-09-14=5")) == (0, 0, 0)


def test_only_weeks_within_the_window_are_sustained_together() -> None:
    gap = [worked(0, date(2026, 8, day)) for day in (10, 17, 24)]

    assert counted(*work(), *gap) == (15, 3, 2)
    assert counted(*work(), *gap, window=4)[1] == 2
    assert counted(*work(), window=4)[1] == 4


@pytest.mark.parametrize(("hours", "window"), [(0, 13), ("-1", 13), (5, 0), (5, -1)])
def test_no_hours_and_no_window_sustain_nothing(hours: FactValue, window: int) -> None:
    assert counted(*work(), hours=hours, window=window)[1] is None


def test_weeks_of_which_reports_may_have_been_dropped_do_not_count() -> None:
    begun = TODAY - timedelta(weeks=50)
    plan = work(f"{begun}=5", begun)
    worked_weeks = [worked(5, TODAY - timedelta(weeks=1, days=n)) for n in range(MAX_STATEMENTS)]

    weeks = (TODAY - timedelta(days=3) - worked_weeks[-1].occurred_on).days // 7 + 1
    assert counted(*plan, *worked_weeks)[1:] == (weeks, weeks)
    assert counted(*plan, *worked_weeks[:-1], window=100)[1:] == (50, 50)


def test_a_mistyped_century_is_not_reckoned_from_its_beginning() -> None:
    assert counted(*work("1926-08-03=5", date(1926, 8, 3)), window=10_000) == (2600, 520, 520)


@pytest.mark.parametrize(("lacking", "unsound"), [("plan", None), ("plan", "nonsense"), ("day", "nonsense")])
def test_without_agreement_or_with_an_unreadable_beginning_nothing_is_known(
    lacking: str, unsound: FactValue | None
) -> None:
    facts = [fact for fact in work() if fact.fact != lacking]
    if unsound is not None:
        facts.append(stated(lacking, unsound))

    assert counted(*facts, worked(9, TODAY)) == (None, None, None)


def test_without_another_beginning_the_work_begins_on_the_first_day_with_hours() -> None:
    plan = "2026-08-03=0 2026-08-10=5"

    assert counted(stated("plan", plan)) == counted(*work(plan, date(2026, 8, 10))) == (25, 5, 5)
    assert counted(stated("plan", "2026-08-03=0")) == (0, 0, 0)


FOUR: Cell = {"derived": "weeks_as_agreed", "of": WORK, "at_least": 7}


@pytest.mark.parametrize(
    ("facts", "turns_on"),
    [
        (work(), date(2026, 9, 21)),
        (work(begun=date(2026, 10, 1)), date(2026, 10, 1)),
        ([*work(), stated("other_day", "2026-09-14")], date(2026, 9, 21)),
        ([*work(), stated("other_day", "2026-09-13")], None),
        ([stated("plan", "2026-08-03=5")], date(2026, 9, 21)),
        ([stated("plan", "2026-10-01=5")], date(2026, 10, 1)),
        ([stated("plan", "2026-10-01=0")], None),
    ],
)
def test_the_weeks_say_when_they_may_count_otherwise(facts: list[Fact], turns_on: date | None) -> None:
    verdict = Book(rule_set(requirement(FOUR))).judge(course(*facts), NOW, WEEKDAYS)

    assert verdict.changes_at == (None if turns_on is None else start_of_day(turns_on))


def test_the_verdict_follows_the_weeks() -> None:
    result = Book(rule_set(requirement(FOUR)))

    outcomes = [
        result.judge(course(*work()), NOW + timedelta(days=days), WEEKDAYS).visits[0].requirements[0].outcome
        for days in (4, 5)
    ]

    assert outcomes == [Outcome.UNMET, Outcome.MET]
    assert outcome(FOUR) is Outcome.UNKNOWN


def test_weeks_are_reported_by_people_and_today_is_the_only_day_that_moves() -> None:
    hours = parameter("hours", rows=[row("2020-01-01", 5)])
    of = ["plan", {"param": "hours"}, "today", {"param": "hours"}, "today"]

    result = flaws({"derived": "total_paid_hours", "of": of, "at_least": 1}, parameters=[hours])

    assert result == {
        "must.of[1]": "hours_in_week (decimal) is what people report; name a fact",
        "must.of[2]": "started_on (date) cannot be 'today'; name a fact",
        "must.of[3]": "ended_on (date) is what people report; name a fact",
    }


NEAR = st.dates(date(2026, 6, 1), date(2026, 10, 15))
HOURS = st.integers(0, 12)


def counted_by_hand(
    plan: dict[date, int], reports: dict[date, int], begun: date, ended: date | None, hours: int, window: int
) -> tuple[int, int, int]:
    """Return what `counted` is to return, day by day and week by week from the definition."""
    paid: list[int] = []
    agreed: list[int] = []
    monday = begun - timedelta(days=begun.weekday())
    while begun <= TODAY and monday <= TODAY:
        days = [monday + timedelta(days=n) for n in range(7)]
        in_force = [plan[max(since for since in plan if since <= day)] for day in days if day >= min(plan)]
        reported = [reports[day] for day in days if day in reports]
        if reported or days[-1] < TODAY:
            agreed.append(min(in_force, default=0))
            is_over = ended is not None and monday > ended
            paid.append(0 if is_over else reported[-1] if reported else agreed[-1])
        monday += timedelta(days=7)
    runs = [sum(week >= hours for week in paid[start : start + window]) for start in range(len(paid))]
    latest = 0
    while latest < len(paid) and paid[-1 - latest] >= agreed[-1 - latest] > 0:
        latest += 1
    return sum(paid), max(runs, default=0), latest


@given(
    plan=st.dictionaries(NEAR, HOURS, min_size=1, max_size=4),
    reports=st.dictionaries(st.dates(date(2026, 6, 1), TODAY), HOURS, max_size=8),
    begun=NEAR,
    ended=st.none() | NEAR,
    hours=st.integers(1, 8),
    window=st.integers(1, 15),
)
@settings(max_examples=200, deadline=None)
def test_the_weeks_are_what_a_patient_person_counts_by_hand(
    plan: dict[date, int], reports: dict[date, int], begun: date, ended: date | None, hours: int, window: int
) -> None:
    rows = " ".join(f"{since}={plan[since]}" for since in sorted(plan))
    facts = [*work(rows, begun), *(worked(value, on) for on, value in reports.items())]
    facts += [stated("other_day", ended.isoformat())] if ended else []

    result = counted(*facts, hours=hours, window=window)

    assert result == counted_by_hand(plan, reports, begun, ended, hours, window)
    assert int(str(result[1])) <= window
