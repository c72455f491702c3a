"""The named functions reckoned the slow way: day by day and week by week, as the design describes them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, Final

from domain.state.bounds import MAX_STATEMENTS
from domain.state.course import Visit
from domain.state.facts import Fact
from rules.calendar.data import CalendarData
from tests.oracles.statements import UNKNOWN, Place, newest

Hours = tuple[tuple[date, Decimal], ...]

_LONGEST: Final = 520
_DAY: Final = timedelta(days=1)


def length(since: date, until: date) -> int | None:
    """Return how many days there are from one day to another, both counted."""
    return (until - since).days + 1 if until >= since else UNKNOWN


def planned_length(starts: date | None, ends: date | None, started: date | None, ended: date | None) -> int | None:
    """Return a length as planned, or as it was; what ended before it was to begin has none."""
    if started is None and ended is not None and starts is not None and ended < starts:
        return 0
    first, last = started or starts, ended or ends
    return UNKNOWN if first is None or last is None else length(first, last)


def working_days(data: CalendarData, since: date, until: date) -> int:
    """Return how many days the office is open from one day until another, counted one by one."""
    if until < since:
        return -working_days(data, until, since)
    closed = {day.on for day in data.closed_days}
    days = (since + _DAY * n for n in range((until - since).days))
    return sum(day.isoweekday() in data.office_hours and day not in closed for day in days)


def ratio(staff: Hours, on: date, months: int, *amounts: Decimal) -> Decimal | None:
    """Return how many supported persons a company may have, by its average staff in the months before."""
    one_per, up_to, then_one_per, least, rounded_to = amounts
    if months <= 0 or one_per <= 0 or then_one_per <= 0 or rounded_to <= 0 or up_to < 0:
        return UNKNOWN
    total = Fraction()
    for back in range(1, months + 1):
        month = (on.year * 12 + on.month - 1 - back) // 12, (on.year * 12 + on.month - 1 - back) % 12 + 1
        rows = [amount for day, amount in staff if (day.year, day.month) == month]
        if len(rows) != 1:
            return UNKNOWN
        total += Fraction(rows[0])
    average = total / months
    small, large = min(average, Fraction(up_to)), max(average - Fraction(up_to), Fraction())
    allowed = small / Fraction(one_per) + large / Fraction(then_one_per)
    return max(rounded_to * floor(allowed / Fraction(rounded_to)), least)


def _monday(day: date) -> date:
    return day - _DAY * day.weekday()


def _agreed(agreed: Hours, monday: date) -> Decimal:
    """Return the fewest hours in force on any day of a week."""
    in_force = [[hours for since, hours in agreed if since <= monday + _DAY * n] for n in range(7)]
    return min((hours[-1] for hours in in_force if hours), default=Decimal(0))


def weeks(
    agreed: Hours, reported: Mapping[date, Decimal], begun: date | None, ended: date | None, today: date
) -> list[tuple[Decimal, Decimal]]:
    """Return the hours agreed and paid in each week that counts, by the Mondays of those that were reported."""
    begun = begun or next((day for day, hours in agreed if hours > 0), None)
    if begun is None or begun > today:
        return []
    this_week = _monday(today)
    monday, counted = max(_monday(begun), this_week - timedelta(weeks=_LONGEST)), []
    while monday < this_week or (monday == this_week and monday in reported):
        hours = _agreed(agreed, monday)
        paid = reported.get(monday, hours) if ended is None or monday <= ended else Decimal(0)
        counted.append((hours, paid))
        monday += timedelta(weeks=1)
    return counted


def most_weeks(paid: Sequence[Decimal], hours: Decimal, window: int) -> int | None:
    """Return the most weeks with so many hours among any so many weeks in a row."""
    if hours <= 0 or window <= 0:
        return UNKNOWN
    return max((sum(h >= hours for h in paid[max(0, n - window) : n]) for n in range(len(paid) + 1)), default=0)


def latest_as_agreed(counted: Sequence[tuple[Decimal, Decimal]]) -> int:
    """Return how many of the latest weeks had the hours agreed, of which there must be some."""
    number = 0
    for agreed, paid in reversed(counted):
        if agreed <= 0 or paid < agreed:
            break
        number += 1
    return number


class Reckoning:
    """Reckons the functions at one place; an argument is a fact, `today`, or a value that is already known."""

    def __init__(self, place: Place, data: CalendarData) -> None:
        self._place = place
        self._data = data

    def reckon(self, name: str, of: Sequence[Any]) -> Any:
        """Return the value of a function, unknown where it cannot be reckoned."""
        by_name: dict[str, Callable[..., Any]] = {
            "days_between": lambda a, b: self._of_days(lambda since, until: (until - since).days, a, b),
            "length_in_days": lambda a, b: self._of_days(length, a, b),
            "working_days_between": lambda a, b: self._of_days(lambda x, y: working_days(self._data, x, y), a, b),
            "days_since": self._days_since,
            "length_as_planned": self._as_planned,
            "days_at_place": self._at_place,
            "most_hours": self._most_hours,
            "ratio_limit": self._ratio,
            "total_paid_hours": lambda *of: self._of_work(lambda w: sum((p for _, p in w), Decimal(0)), *of),
            "weeks_as_agreed": lambda *of: self._of_work(latest_as_agreed, *of),
            "sustained_weeks": self._sustained,
        }
        return by_name[name](*of)

    def _day(self, source: Any) -> date | None:
        return self._place.today if source == "today" else self._place.day(source)

    def _of_days(self, reckon: Callable[[date, date], int | None], since: Any, until: Any) -> int | None:
        a, b = self._day(since), self._day(until)
        return UNKNOWN if a is None or b is None else reckon(a, b)

    def _days_since(self, said: str, until: Any) -> int | None:
        counts, day = newest(self._place.statements(said)), self._day(until)
        if counts is None or day is None or self._place.known(said) is None:
            return UNKNOWN
        return (day - counts.occurred_on).days

    def _open_end(self, fact: str) -> tuple[bool, date | None]:
        """Return whether it is known if and when, and the day; what was never stated is known to be open."""
        if not self._place.statements(fact):
            return True, None
        value = self._place.known(fact)
        return value is not None, value

    def _as_planned(self, starts: str, ends: str, started: str, ended: str) -> int | None:
        first, last = self._place.day(starts), self._place.day(ends)
        is_known, begun = self._open_end(started)
        is_known_too, over = self._open_end(ended)
        if first is None or last is None or not is_known or not is_known_too:
            return UNKNOWN
        return planned_length(first, last, begun, over)

    def _at_place(self, place: str, other: str, *planned: str) -> int | None:
        """Return the days of the visit at hand and of all others to its step that were at the same place."""
        here = self._place.visit
        visits = [v for v in self._place.state.visits if v.step == here.step and not v.withdrawn]
        rows = [self._in_visit(v, place, other, planned) for v in visits if v.number != here.number]
        at, last = self._in_visit(here, place, other, planned)
        if last is None:
            return UNKNOWN
        return last + sum(days or 0 for where, days in rows if at is not None and where == at)

    def _in_visit(self, visit: Visit, place: str, other: str, planned: Sequence[str]) -> tuple[Any, int | None]:
        """Return where a visit was and for how many days."""
        looked = [self._looked_up(fact, visit) for fact in (place, other, *planned)]
        return looked[1] or looked[0], planned_length(*looked[2:])

    def _looked_up(self, fact: str, visit: Visit) -> Any:
        """Return a fact of a visit, or of the visit that it followed, or of the course, or what was reported ahead."""
        step = self._place.rules.facts[fact].step
        if step is None or step == self._place.entering:
            return self._place.known(fact)
        at = visit.number if step == visit.step else visit.follows
        return UNKNOWN if at is None else self._place.known(fact, self._place.statements(fact, at))

    def _most_hours(self, agreed: str) -> Decimal | None:
        schedule = self._place.known(agreed)
        return UNKNOWN if schedule is None else max(hours for _, hours in schedule)

    def _ratio(self, staff: str, on: str, months: int | None, *amounts: Decimal | None) -> Decimal | None:
        rows, day = self._place.known(staff), self._day(on)
        if rows is None or day is None or months is None or None in amounts:
            return UNKNOWN
        return ratio(rows, day, months, *(amount for amount in amounts if amount is not None))

    def _of_work(self, reckon: Callable[[Any], Any], agreed: str, hours: str, *days: str) -> Any:
        """Reckon from the weeks of paid work; `days` are its first and last one, and today."""
        started, ended, today = days
        schedule, day = self._place.known(agreed), self._day(today)
        is_known, begun = self._open_end(started)
        is_known_too, over = self._open_end(ended)
        if schedule is None or day is None or not is_known or not is_known_too:
            return UNKNOWN
        return reckon(weeks(schedule, self._reported(hours), begun, over, day))

    def _reported(self, hours: str) -> dict[date, Decimal]:
        by_week: dict[date, list[Fact]] = {}
        statements = self._place.statements(hours)
        assert len(statements) < MAX_STATEMENTS, "the oracle does not reckon with reports that were dropped"
        for one in statements:
            by_week.setdefault(_monday(one.occurred_on), []).append(one)
        known = {monday: self._place.known(hours, stated) for monday, stated in by_week.items()}
        return {monday: max(value, Decimal(0)) if value is not None else Decimal(0) for monday, value in known.items()}

    def _sustained(self, *of: Any) -> int | None:
        *work, hours, window = of
        if hours is None or window is None:
            return UNKNOWN
        weeks_in_a_row: int | None = self._of_work(lambda w: most_weeks([paid for _, paid in w], hours, window), *work)
        return weeks_in_a_row
