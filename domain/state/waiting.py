"""Waiting as a value: for what, for whom, since when and until when; and the ladder a silent wait climbs (P5, P6)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from domain.identity import Role
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


class WaitingKind(StrEnum):
    """What a course can wait for."""

    REQUIREMENT = "requirement"
    DECISION = "decision"
    ACKNOWLEDGEMENT = "acknowledgement"
    DISPUTE = "dispute"
    CATCH_UP = "catch_up"
    ASSIGNMENT = "assignment"
    QUESTION = "question"
    PAUSE = "pause"
    SILENCE = "silence"


class Rung(Model):
    """One level of a ladder: when this much of the wait has passed, `tell` hears of it.

    With `from_due` it is counted from the deadline of what is waited for, once that is known.
    """

    after: Span
    tell: tuple[str, ...]
    repeat: bool = False
    from_due: bool = False


class Taken(Model):
    """A supervisor has taken a silent wait and looks again later; `is_over` once that time has come.

    `reason` is the id of the words in which he says what he does about it.
    """

    by: str
    at: datetime
    look_again_at: datetime
    reason: UUID
    is_over: bool = False


class Waiting(Model):
    """One thing the course waits for; `key` is stable while the cause is, `level` counts the rungs fired.

    It is `stalled` once a rung has told the supervisors, and `taken` when one of them has said that he answers for it.
    `reckoned` is the deadline as the rules reckon it now; `until` is later where a deadline was shortened while
    somebody was already waiting.
    """

    key: str
    kind: WaitingKind
    visit: int | None = None
    what: str = ""
    roles: tuple[Role, ...] = ()
    persons: tuple[str, ...] = ()
    since: datetime
    until: datetime | None = None
    reckoned: datetime | None = None
    level: int = 0
    stalled: bool = False
    next_rung_at: datetime | None = None
    taken: Taken | None = None
