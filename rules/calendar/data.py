"""A municipality's working time as data: office hours, closed days and when each person works or is absent."""

from datetime import date, time
from functools import cached_property
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import Field, NonNegativeInt, model_validator

from domain.calendar import Days
from domain.model import canonical, digest_of
from rules.language.text import RuleModel, Text

Weekday = Annotated[int, Field(ge=1, le=7)]
"""The ISO number of a weekday: Monday is 1."""


class Hours(RuleModel):
    """From when to when a day is open, in local wall time."""

    opens: time
    closes: time

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("a day opens before it closes")
        return self


OFFICE_HOURS: Final = {weekday: Hours(opens=time(9), closes=time(15)) for weekday in range(1, 6)}
"""Monday to Friday from nine to three, where a municipality has said nothing else."""


class ClosedDay(RuleModel):
    """A day on which nobody is asked, and why: a public holiday or a closing day of the municipality."""

    on: date
    label: Text


class NamedCover(RuleModel):
    """Somebody who is named to cover in an absence: in these courses, or in all of the absent person's for None."""

    person: str
    courses: tuple[UUID, ...] | None = None

    def is_for(self, course: UUID) -> bool:
        """Whether this person is named for a course."""
        return self.courses is None or course in self.courses


class Absence(Days):
    """The days on which a person is away, and who is named to cover then, the first choice first; nothing of why."""

    covers: tuple[NamedCover, ...] = ()


class PersonTime(RuleModel):
    """When one person works, where that differs from the office, and when he or she is away."""

    hours: Annotated[dict[Weekday, Hours], Field(min_length=1)] | None = None
    absences: tuple[Absence, ...] = ()


class CalendarData(RuleModel):
    """All that the working time of the offices is reckoned from; it names nobody.

    `longest_postponement` is how many of the municipality's working days a person's own hours and absences may
    at most postpone anything (P6).
    """

    closed_days: tuple[ClosedDay, ...] = ()
    office_hours: dict[Weekday, Hours] = Field(default=OFFICE_HOURS, min_length=1)
    longest_postponement: NonNegativeInt = 10

    @cached_property
    def canonical(self) -> bytes:
        """Return the canonical JSON in which the calendar is stored."""
        return canonical(self.model_dump(mode="json"))

    @cached_property
    def sha256(self) -> str:
        """Return the SHA-256 of the canonical JSON."""
        return digest_of(self.canonical)
