"""Between instants and Danish wall time, so that later instants never get an earlier wall time nor the other way."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Final

from domain.calendar import DANISH_TIME, FIRST, NEVER, danish_time
from rules.calendar.open_days import DAY

_HOUR: Final = 3_600_000_000


def wall_of(instant: datetime) -> int:
    """Return the wall time of an instant; the hour that the autumn repeats counts as its end the second time."""
    local = danish_time(instant)
    if local.fold:
        return local.toordinal() * DAY + (local.hour + 1) * _HOUR
    seconds = (local.hour * 60 + local.minute) * 60 + local.second
    return local.toordinal() * DAY + seconds * 1_000_000 + local.microsecond


def instant_of(wall: int) -> datetime:
    """Return the UTC instant of a wall time; an hour that the spring leaves out is over the moment it begins."""
    day, microseconds = divmod(wall, DAY)
    if day >= NEVER.toordinal():
        return NEVER
    naive = datetime.fromordinal(max(day, FIRST.toordinal())) + timedelta(microseconds=microseconds)
    first, second = naive.replace(tzinfo=DANISH_TIME), naive.replace(tzinfo=DANISH_TIME, fold=1)
    instant = first.astimezone(UTC)
    if (first.utcoffset() or timedelta()) < (second.utcoffset() or timedelta()):
        return instant.replace(minute=0, second=0, microsecond=0)
    return instant


def months_after(wall: int, months: int) -> int:
    """Return the same day and time so many months later, or the very end of a month that is too short for it.

    The end, so that who begins on the 31st is not due before who began on the 28th. Months below zero lead back.
    """
    day, microseconds = divmod(wall, DAY)
    origin = date.fromordinal(day)
    year, month = divmod(origin.year * 12 + origin.month - 1 + months, 12)
    if year >= NEVER.year:
        return NEVER.toordinal() * DAY
    if year < FIRST.year:
        return FIRST.toordinal() * DAY
    last = monthrange(year, month + 1)[1]
    if origin.day > last:
        return (date(year, month + 1, last).toordinal() + 1) * DAY - 1
    return date(year, month + 1, origin.day).toordinal() * DAY + microseconds
