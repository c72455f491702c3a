"""Spans, pauses and the calendar that the course reckons with, as a protocol; `rules.calendar` is the calendar."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from domain.model import Model


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


class Pause(Model):
    """A stretch in which the clock of the course stands still; open while `until` is None."""

    since: datetime
    until: datetime | None = None


class Calendar(Protocol):
    """Working-time reckoning in Europe/Copenhagen over closed days and working hours given as data."""

    @property
    def reference(self) -> str:
        """Return the SHA-256 of the calendar's data, so that a reckoning can be repeated (P8)."""

    def after(
        self, start: datetime, span: Span, *, person: str | None = None, pauses: tuple[Pause, ...] = ()
    ) -> datetime:
        """Return the UTC instant at which `span` has passed since `start`, leaving out `pauses`."""

    def before(self, end: datetime, span: Span) -> datetime:
        """Return the UTC instant from which `span` of the office's time is left until `end`."""

    def working_days_between(self, since: date, until: date) -> int:
        """Return how many of the office's working days lie between two days, below zero when `until` is earlier."""


DANISH_TIME: Final = ZoneInfo("Europe/Copenhagen")
