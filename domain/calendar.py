"""Danish days and their instants, spans, pauses, and the calendar of a course as a protocol (see `rules.calendar`)."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.model import Instant, Model

DANISH_TIME: Final = ZoneInfo("Europe/Copenhagen")
FIRST: Final = datetime(1, 1, 2, tzinfo=UTC)
NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""The bounds of what can be reckoned; no wait reaches `NEVER`, the end of a span during a pause without an end."""

_A_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = time()
_LAST_MINUTE: Final = time(23, 59)
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def danish_time(instant: datetime) -> datetime:
    """Return an instant as Danish clocks show it; the first and the last day of the calendar bound it."""
    return min(max(instant, FIRST), NEVER).astimezone(DANISH_TIME)


@lru_cache(maxsize=1024)
def danish_day(instant: datetime) -> date:
    """Return the date in Denmark at an instant."""
    return danish_time(instant).date()


def danish_instant(day: date, at: time) -> datetime:
    """Return the UTC instant at which Danish clocks show a time of day for the first time."""
    return datetime.combine(day, at, DANISH_TIME).astimezone(UTC)


@lru_cache(maxsize=1024)
def start_of_day(day: date) -> datetime:
    """Return the UTC instant at which a day begins in Denmark."""
    return danish_instant(day, _MIDNIGHT)


@lru_cache(maxsize=1024)
def end_of_day(day: date) -> datetime:
    """Return the UTC instant of a day's last minute in Denmark, which is when a deadline on that day ends."""
    return danish_instant(day, _LAST_MINUTE)


def iso_day(value: object) -> date | None:
    """Return the day that a text such as `2026-07-01` names, or None for any other value."""
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


class TimeUnit(StrEnum):
    """The unit of a span; working units count only the working time of the one who is asked."""

    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    CALENDAR_MONTHS = "calendar_months"


WORKING_UNITS: Final = frozenset({TimeUnit.WORKING_HOURS, TimeUnit.WORKING_DAYS})
"""The units of which closed days and hours have nothing."""


class Span(Model):
    """An amount of time, such as three working days."""

    amount: int
    unit: TimeUnit

    @property
    def quarter(self) -> "Span":
        """Return a quarter of it, in whole units and no less: the least time that anybody is given (P6)."""
        return self.model_copy(update={"amount": (self.amount + 3) // 4})


class Pause(Model):
    """A stretch in which the clock of the course stands still; open while `until` is None."""

    since: Instant
    until: Instant | None = None


class Days(Model):
    """The days from one until another, both included; open while `until` is None."""

    since: date
    until: date | None = None

    def is_on(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def edges(self) -> tuple[date, ...]:
        """Return the first day, and the first one after them where there is one."""
        return (self.since,) if self.until is None or self.until == date.max else (self.since, self.until + _A_DAY)


class Cover(Days):
    """The days on which `person` acts for somebody absent."""

    person: str


class Calendar(Protocol):
    """Working-time reckoning in Europe/Copenhagen over closed days and working hours given as data."""

    def __hash__(self) -> int:
        """Let what was reckoned be remembered by calendar."""

    @property
    def reference(self) -> str:
        """Return the SHA-256 of the calendar's data, so that a reckoning can be repeated (P8)."""

    @property
    def offices(self) -> "Calendar":
        """Return the same calendar without anybody's own time, by which what the offices' time gave is remembered."""

    def covers(self, person: str, course: UUID, parties: Collection[str]) -> tuple[Cover, ...]:
        """Return who acts for a person in a course whose roles `parties` hold, while that person is away, by day."""

    def after(
        self,
        start: datetime,
        span: Span,
        *,
        person: str | None = None,
        covers: tuple[Cover, ...] = (),
        pauses: tuple[Pause, ...] = (),
    ) -> datetime:
        """Return the UTC instant at which `span` has passed since `start`, leaving out `pauses`.

        What is asked of a `person` runs in the own time of that person, and on the days of `covers` in theirs (P6).
        """

    def before(self, end: datetime, span: Span) -> datetime:
        """Return the UTC instant from which `span` of the office's time is left until `end`."""

    def working_days_between(self, since: date, until: date) -> int:
        """Return how many of the office's working days lie between two days, below zero when `until` is earlier."""
