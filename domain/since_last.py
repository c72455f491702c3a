"""Since when somebody has not been at work: from where "since last" tells, unless another instant is named (P13)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from domain.calendar import Calendar, Days, Span, TimeUnit, danish_day, start_of_day

FURTHEST: Final = timedelta(weeks=8)
"""How far back may be told of at most."""

BACK_FOR: Final = 3
"""On how many of the office's working days after an absence it is told of the whole absence."""

_A_DAY: Final = timedelta(days=1)
_OPEN: Final = Span(amount=0, unit=TimeUnit.WORKING_HOURS)


def since_last(absences: Collection[Days], person: str, calendar: Calendar, now: datetime) -> datetime:
    """Return when the last day began on which somebody was at work: before an absence just over, or before today."""
    today = danish_day(now)
    away = _last_absence(absences, calendar, today)
    earliest = danish_day(now - FURTHEST)
    day = (away.since if away is not None else today) - _A_DAY
    while day > earliest and not _is_at_work(day, person, calendar):
        day -= _A_DAY
    return start_of_day(max(day, earliest))


def is_first_day_back(absences: Collection[Days], calendar: Calendar, today: date) -> bool:
    """Say whether no working day of the office lies between the end of an absence and today."""
    away = _last_absence(absences, calendar, today)
    return away is not None and away.until is not None and away.until < today and _back_for(away, calendar, today) == 0


def _last_absence(absences: Collection[Days], calendar: Calendar, today: date) -> Days | None:
    """Return the last absence that has begun, unless it is over for long."""
    away = max((one for one in absences if one.since <= today), key=lambda one: one.since, default=None)
    return away if away is not None and _back_for(away, calendar, today) < BACK_FOR else None


def _back_for(away: Days, calendar: Calendar, today: date) -> int:
    """Return how many working days lie between the end of an absence and today; none while it lasts."""
    if away.until is None or away.until >= today:
        return 0
    return calendar.working_days_between(away.until + _A_DAY, today)


def _is_at_work(day: date, person: str, calendar: Calendar) -> bool:
    return danish_day(calendar.after(start_of_day(day), _OPEN, person=person)) == day
