"""Counting open days and open time over a weekly pattern with closed days, by bisection and without a horizon."""

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import accumulate
from typing import Final

from rules.calendar.data import Hours

DAY: Final = 86_400_000_000
"""Microseconds in a day of wall time. A wall time here is a whole number: ordinal of the day × DAY + time of day."""

_WEEK: Final = 7


class OpenTime(ABC):
    """Open days and open time, reckoned from how many lie before a day or a moment."""

    @abstractmethod
    def hours_on(self, day: int) -> tuple[int, int]:
        """Return from when to when an open day is open, as times of day."""

    @abstractmethod
    def is_open(self, day: int) -> bool:
        """Whether a day is open."""

    @abstractmethod
    def rank(self, day: int) -> int:
        """Return how many open days lie before `day`."""

    @abstractmethod
    def day(self, rank: int) -> int:
        """Return the open day before which exactly `rank` open days lie."""

    @abstractmethod
    def time_until(self, wall: int) -> int:
        """Return how much open time lies before a moment."""

    @abstractmethod
    def reached(self, total: int) -> int:
        """Return the earliest moment until which so much open time lies."""

    def position(self, wall: int) -> int:
        """Return `wall` itself within open hours, both ends included, or else the next opening."""
        day, time = divmod(wall, DAY)
        opens, closes = self.hours_on(day)
        if not self.is_open(day):
            return self._opening(self.rank(day))
        if time > closes:
            return self._opening(self.rank(day) + 1)
        return day * DAY + max(time, opens)

    def days_after(self, wall: int, days: int) -> int:
        """Return the same time of day, within its hours, so many open days after the position of `wall`."""
        day, time = divmod(self.position(wall), DAY)
        return self._at(self.rank(day) + days, time) if days else day * DAY + time

    def time_after(self, wall: int, microseconds: int) -> int:
        """Return the earliest moment at which so much open time has passed since `wall`."""
        if microseconds <= 0:
            return self.position(wall)
        return self.reached(self.time_until(wall) + microseconds)

    def days_before(self, wall: int, days: int) -> int:
        """Return the latest moment from which `days_after` leads to `wall` or to something earlier."""
        day, time = divmod(self._last_open(wall), DAY)
        _, closes = self.hours_on(day)
        return self._last_open_by(self.rank(day) - days, DAY if time == closes else time)

    def time_before(self, wall: int, microseconds: int) -> int:
        """Return the latest moment from which `time_after` leads to `wall` or to something earlier."""
        if microseconds <= 0:
            return self._last_open(wall)
        return self.reached(self.time_until(wall) - microseconds + 1) - 1

    def days_between(self, since: int, until: int) -> int:
        """Return how many open days lie from one day on until, and not including, another; negative backwards."""
        return self.rank(until) - self.rank(since)

    def open_time(self, since: int, until: int) -> int:
        """Return the open time between two moments in microseconds."""
        return self.time_until(until) - self.time_until(since)

    def moved(self, wall: int, since: int, until: int) -> int:
        """Return `wall` moved by the open days, and parts of days, between two moments."""
        days, part = self._measure(wall)
        for moment, sign in ((until, 1), (since, -1)):
            more_days, more_part = self._measure(moment)
            days, part = days + sign * more_days, part + sign * more_part
        if part > 1:
            days, part = days + 1, part - 1
        elif part < 0:
            days, part = days - 1, part + 1
        day = self.day(days)
        opens, closes = self.hours_on(day)
        return day * DAY + opens + int(part * (closes - opens))

    def _measure(self, wall: int) -> tuple[int, Fraction]:
        day, time = divmod(self.position(wall), DAY)
        opens, closes = self.hours_on(day)
        return self.rank(day), Fraction(time - opens, closes - opens)

    def _at(self, rank: int, time: int) -> int:
        day = self.day(rank)
        opens, closes = self.hours_on(day)
        return day * DAY + min(max(time, opens), closes)

    def _opening(self, rank: int) -> int:
        return self._at(rank, 0)

    def _last_open(self, wall: int) -> int:
        """Return the last moment of open time, both ends included, that is not after `wall`."""
        day, time = divmod(wall, DAY)
        return self._last_open_by(self.rank(day), time) if self.is_open(day) else self._at(self.rank(day) - 1, DAY)

    def _last_open_by(self, rank: int, time: int) -> int:
        """Return the last open moment that is not after a time of day on the open day of a rank."""
        opening = self._opening(rank)
        return self._at(rank, time) if time >= opening % DAY else self._at(rank - 1, DAY)


class OpenDays(OpenTime):
    """The open days of an office or a person; after the last closed day the weekly pattern repeats without end."""

    def __init__(self, hours: Mapping[int, Hours], closed: Iterable[int]) -> None:
        """Take the hours by ISO weekday, at least one, and the ordinals of days that are closed all the same."""
        self._hours = tuple(_span_of(hours.get(weekday)) for weekday in range(1, _WEEK + 1))
        open_weekdays = [weekday for weekday, (opens, closes) in enumerate(self._hours) if opens < closes]
        self._weekdays = tuple(open_weekdays)
        self._days_before = (0, *accumulate(int(weekday in open_weekdays) for weekday in range(_WEEK)))
        self._time_before = (0, *accumulate(closes - opens for opens, closes in self._hours))
        self._closed = sorted({day for day in closed if (day - 1) % _WEEK in open_weekdays})
        lengths = [self._length(day) for day in self._closed]
        self._closed_length = (0, *accumulate(lengths))
        self._rank_of_closed = [self._pattern_days(day) - n for n, day in enumerate(self._closed)]
        self._time_of_closed = [self._pattern_time(day) - self._closed_length[n] for n, day in enumerate(self._closed)]

    def hours_on(self, day: int) -> tuple[int, int]:
        """Return from when to when an open day is open."""
        return self._hours[(day - 1) % _WEEK]

    def is_open(self, day: int) -> bool:
        """Whether a day is open."""
        place = bisect_left(self._closed, day)
        is_closed = place < len(self._closed) and self._closed[place] == day
        return not is_closed and (day - 1) % _WEEK in self._weekdays

    def rank(self, day: int) -> int:
        """Return how many open days lie before `day`."""
        return self._pattern_days(day) - bisect_left(self._closed, day)

    def day(self, rank: int) -> int:
        """Return the open day before which exactly `rank` open days lie."""
        weeks, nth = divmod(rank + bisect_right(self._rank_of_closed, rank), len(self._weekdays))
        return weeks * _WEEK + self._weekdays[nth] + 1

    def reached(self, total: int) -> int:
        """Return the earliest moment until which so much open time lies."""
        in_pattern = total + self._closed_length[bisect_left(self._time_of_closed, total)]
        weeks, rest = divmod(in_pattern - 1, self._time_before[_WEEK])
        weekday = bisect_left(self._time_before, rest + 1) - 1
        opens, _ = self._hours[weekday]
        return (weeks * _WEEK + weekday + 1) * DAY + opens + rest + 1 - self._time_before[weekday]

    def time_until(self, wall: int) -> int:
        """Return how much open time lies before a moment."""
        day, time = divmod(wall, DAY)
        before = self._pattern_time(day) - self._closed_length[bisect_left(self._closed, day)]
        opens, closes = self.hours_on(day)
        return before + (min(max(time, opens), closes) - opens if self.is_open(day) else 0)

    def _length(self, day: int) -> int:
        opens, closes = self.hours_on(day)
        return closes - opens

    def _pattern_days(self, day: int) -> int:
        weeks, weekday = divmod(day - 1, _WEEK)
        return weeks * len(self._weekdays) + self._days_before[weekday]

    def _pattern_time(self, day: int) -> int:
        weeks, weekday = divmod(day - 1, _WEEK)
        return weeks * self._time_before[_WEEK] + self._time_before[weekday]


def _span_of(hours: Hours | None) -> tuple[int, int]:
    if hours is None:
        return 0, 0
    opens, closes = (
        ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond for at in (hours.opens, hours.closes)
    )
    return opens, closes
