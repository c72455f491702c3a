"""The open days of several people who are asked one after the other, as when somebody covers for a while (P6)."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from rules.calendar.open_days import DAY, OpenTime


class InTurn(OpenTime):
    """The open days of one person, and from certain days on those of others: each day is the day of one of them."""

    def __init__(self, first: OpenTime, later: Sequence[tuple[int, OpenTime]]) -> None:
        """Take whose days come first, and from which day's ordinal on whose, the earliest first."""
        self._people = (first, *(person for _, person in later))
        self._starts = [start for start, _ in later]
        self._more_days, self._more_time = [0], [0]
        for start, before, after in zip(self._starts, self._people, self._people[1:], strict=False):
            self._more_days.append(self._more_days[-1] + before.rank(start) - after.rank(start))
            moment = start * DAY
            self._more_time.append(self._more_time[-1] + before.time_until(moment) - after.time_until(moment))
        self._rank_of_start = [self.rank(start) for start in self._starts]
        self._time_of_start = [self.time_until(start * DAY) for start in self._starts]

    def hours_on(self, day: int) -> tuple[int, int]:
        """Return from when to when an open day is open."""
        return self._people[self._turn_on(day)].hours_on(day)

    def is_open(self, day: int) -> bool:
        """Whether a day is open."""
        return self._people[self._turn_on(day)].is_open(day)

    def rank(self, day: int) -> int:
        """Return how many open days lie before `day`."""
        turn = self._turn_on(day)
        return self._people[turn].rank(day) + self._more_days[turn]

    def day(self, rank: int) -> int:
        """Return the open day before which exactly `rank` open days lie."""
        turn = bisect_right(self._rank_of_start, rank)
        return self._people[turn].day(rank - self._more_days[turn])

    def time_until(self, wall: int) -> int:
        """Return how much open time lies before a moment."""
        turn = self._turn_on(wall // DAY)
        return self._people[turn].time_until(wall) + self._more_time[turn]

    def reached(self, total: int) -> int:
        """Return the earliest moment until which so much open time lies."""
        turn = bisect_left(self._time_of_start, total)
        return self._people[turn].reached(total - self._more_time[turn])

    def _turn_on(self, day: int) -> int:
        return bisect_right(self._starts, day)
