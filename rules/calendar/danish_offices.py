"""Office hours, closing days and own time as a municipality sets them, and the calendar made from them (P6)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from itertools import groupby
from typing import Final

from dateutil.easter import easter
from holidays import country_holidays
from pydantic import Field

from domain.model import Model
from rules.calendar.data import OFFICE_HOURS, Absence, CalendarData, ClosedDay, Hours, PersonTime
from rules.language.text import Text

YEARS: Final = range(2015, 2046)
"""The years whose closed days are known; in others every weekday counts as open."""
MOST_CLOSED: Final = 15
"""How many weekdays in a row the offices may have no open hours."""

_DAYS_FROM_EASTER_TO_DAY_AFTER_ASCENSION: Final = 40
_DAYS_AHEAD: Final = 3 * 365
_FRIDAY: Final = 5
_CLOSING: Final = Text(da="Lukkedag", en="Closing day")


class ClosingCustom(StrEnum):
    """A day on which municipal offices are closed by custom: local policy, not law."""

    DAY_AFTER_ASCENSION = "day_after_ascension"
    CONSTITUTION_DAY = "constitution_day"
    CHRISTMAS_EVE = "christmas_eve"
    NEW_YEARS_EVE = "new_years_eve"

    def in_year(self, year: int) -> date:
        """Return the day in a year."""
        match self:
            case ClosingCustom.DAY_AFTER_ASCENSION:
                return easter(year) + timedelta(days=_DAYS_FROM_EASTER_TO_DAY_AFTER_ASCENSION)
            case ClosingCustom.CONSTITUTION_DAY:
                return date(year, 6, 5)
            case ClosingCustom.CHRISTMAS_EVE:
                return date(year, 12, 24)
            case ClosingCustom.NEW_YEARS_EVE:
                return date(year, 12, 31)


class Office(Model):
    """The working time of the offices of a municipality; a public holiday is closed in any case.

    `longest_postponement` is how many working days a person's own time may at most postpone anything (P6).
    """

    hours: dict[int, Hours] = OFFICE_HOURS
    customs: tuple[ClosingCustom, ...] = tuple(ClosingCustom)
    closing_days: tuple[ClosedDay, ...] = ()
    longest_postponement: int = 10


class OwnTime(Model):
    """The working days, hours and absences of one person; unset days and hours are those of the office."""

    days: tuple[int, ...] | None = None
    hours: dict[int, Hours] = Field(default_factory=dict)
    absences: tuple[Absence, ...] = ()


@cache
def public_holidays() -> tuple[ClosedDay, ...]:
    """Return the Danish public holidays by name in both languages (never matched on: names depend on a locale)."""
    danish = country_holidays("DK", years=YEARS, language="da")
    english = country_holidays("DK", years=YEARS, language="en_US")
    return tuple(ClosedDay(on=day, label=Text(da=danish[day], en=english[day])) for day in sorted(danish))


def calendar_of(office: Office) -> CalendarData:
    """Return the calendar of a municipality's offices."""
    return CalendarData(
        closed_days=_closed_days(office),
        office_hours=office.hours,
        longest_postponement=office.longest_postponement,
    )


def person_times(office_hours: Mapping[int, Hours], people: Mapping[str, OwnTime]) -> Mapping[str, PersonTime]:
    """Return the time of those people whose time differs from the office's."""
    persons = {person: _person_time(office_hours, own) for person, own in people.items()}
    return {person: time for person, time in persons.items() if time != PersonTime()}


def long_closure(office: Office, since: date) -> tuple[date, ...]:
    """Return the first weekdays in a row, more than `MOST_CLOSED`, of the three years from `since` without open hours.

    Nothing when there are none: while everything is closed, nothing is due and nobody is reminded (P6).
    """
    closed = {day.on for day in _closed_days(office)}
    days = (since + timedelta(days=passed) for passed in range(_DAYS_AHEAD))
    weekdays = (day for day in days if day.isoweekday() <= _FRIDAY)
    rows = groupby(weekdays, lambda day: day in closed or day.isoweekday() not in office.hours)
    without_hours = (tuple(row) for is_closed, row in rows if is_closed)
    return next((row for row in without_hours if len(row) > MOST_CLOSED), ())


@cache
def customary() -> CalendarData:
    """Return the calendar of a municipality that has set nothing else."""
    return calendar_of(Office())


def _closed_days(office: Office) -> tuple[ClosedDay, ...]:
    """Return each closed day once; a holiday has its own name, and a day that is set goes before a custom."""
    days = {closed.on: closed for closed in (*_custom_days(office), *office.closing_days, *public_holidays())}
    return tuple(days[day] for day in sorted(days))


def _custom_days(office: Office) -> Iterator[ClosedDay]:
    for year in YEARS:
        for custom in office.customs:
            yield ClosedDay(on=custom.in_year(year), label=_CLOSING)


def _person_time(office_hours: Mapping[int, Hours], own: OwnTime) -> PersonTime:
    """Return the time of a person; one without any day of known hours keeps the hours of the office."""
    days = office_hours if own.days is None else own.days
    all_hours = {**office_hours, **own.hours}
    hours = {day: all_hours[day] for day in sorted(days) if day in all_hours}
    differs = hours and hours != office_hours
    absences = tuple(sorted(own.absences, key=lambda absence: absence.since))
    return PersonTime(hours=hours if differs else None, absences=absences)
