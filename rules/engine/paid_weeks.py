"""Paid hours week by week, Monday to Sunday: as agreed, until other hours are reported for a week.

A week counts once it has ended, or at once when its hours were reported. Unknown hours count as no hours, so that a
goal is never reached for want of knowledge (P2).
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate, takewhile
from typing import Final, NamedTuple

from domain.state.bounds import MAX_STATEMENTS
from domain.state.facts import Fact
from rules.engine.view import value_among
from rules.language.facts import Reader, Schedule

_DAYS: Final = 7
_LONGEST: Final = 520
"""How many weeks back anything is counted: longer than any course, and a bound on what a mistyped year costs."""

_NONE: Final = Decimal(0)


class Reported(NamedTuple):
    """Hours by week as reported; reports of weeks before `since` may have been dropped."""

    hours: Mapping[int, Decimal]
    since: int


class Week(NamedTuple):
    """The hours agreed for a week, and those that count as paid."""

    agreed: Decimal
    paid: Decimal


class Work(NamedTuple):
    """Ordinary paid work: the hours a week as agreed and as reported, its first and last day, and the day it is.

    A first day of `date.max` was not stated: then it is the first one with hours agreed.
    """

    agreed: Schedule
    reported: Reported
    started_on: date
    ended_on: date
    today: date

    @property
    def begun_on(self) -> date:
        """Return the first day."""
        return first_day(self.agreed) or date.max if self.started_on == date.max else self.started_on

    def weeks(self) -> Iterator[Week]:
        """Yield the weeks that count, oldest first; behind the last day of the work they have no paid hours."""
        if self.begun_on > self.today:
            return
        reported, since = self.reported
        begins = [row.toordinal() for row, _ in self.agreed]
        this_week, last_worked = week_of(self.today), week_of(self.ended_on)
        first = max(week_of(self.begun_on), this_week - _LONGEST, since)
        for week in range(first, this_week + (this_week in reported)):
            agreed = _agreed_in(week, self.agreed, begins)
            yield Week(agreed, reported.get(week, agreed) if week <= last_worked else _NONE)

    def changes_in(self) -> int | None:
        """Return after how many midnights other weeks may count: next Monday, or when the work begins."""
        if self.begun_on > self.today:
            return None if self.begun_on == date.max else (self.begun_on - self.today).days
        return None if week_of(self.ended_on) < week_of(self.today) else _DAYS - self.today.weekday()


def first_day(agreed: Schedule) -> date | None:
    """Return the first day with hours of a schedule."""
    return next((since for since, hours in agreed if hours > 0), None)


def week_of(day: date) -> int:
    """Return the number of a day's week, counted from Monday, 1 January of the year 1."""
    return (day.toordinal() - 1) // _DAYS


def reported_weeks(statements: Sequence[Fact], read: Reader) -> Reported:
    """Return the newest hours stated for each week that has a statement; unusable statements count as no hours."""
    by_week: dict[int, list[Fact]] = {}
    for fact in statements:
        by_week.setdefault(week_of(fact.occurred_on), []).append(fact)
    since = min(by_week) if len(statements) >= MAX_STATEMENTS else 0
    return Reported({week: _hours(value_among(stated, read)) for week, stated in by_week.items()}, since)


def total_paid_hours(work: Work) -> Decimal:
    """Return the paid hours of all weeks together."""
    return sum((week.paid for week in work.weeks()), _NONE)


def sustained_weeks(work: Work, hours: Decimal, window_weeks: int) -> int | None:
    """Return the most weeks with at least so many hours within any `window_weeks` weeks in a row."""
    if hours <= 0 or window_weeks <= 0:
        return None
    reached = [0, *accumulate(int(week.paid >= hours) for week in work.weeks())]
    return max(count - reached[max(0, place - window_weeks)] for place, count in enumerate(reached))


def weeks_as_agreed(work: Work) -> int:
    """Return how many of the latest weeks in a row had at least the hours agreed, of which there must be some."""
    latest_first = reversed(list(work.weeks()))
    return sum(1 for _ in takewhile(lambda week: week.paid >= week.agreed > 0, latest_first))


def _hours(value: object) -> Decimal:
    return value if isinstance(value, Decimal) and value > 0 else _NONE


def _agreed_in(week: int, agreed: Schedule, begins: Sequence[int]) -> Decimal:
    """Return the hours agreed for a week: the fewest of those in force on any of its days."""
    monday = week * _DAYS + 1
    first = max(0, bisect_right(begins, monday) - 1)
    until = bisect_right(begins, monday + _DAYS - 1)
    if until - first == 1:
        return agreed[first][1]
    return min((hours for _, hours in agreed[first:until]), default=_NONE)
