"""The vocabulary of the tests of working time: Danish wall times, spans, and calendars of every kind."""

from datetime import UTC, date, datetime, time

import holidays
from hypothesis import strategies as st

from domain.calendar import DANISH_TIME, Span, TimeUnit
from rules.calendar.data import Absence, CalendarData, ClosedDay, Hours, PersonTime
from rules.calendar.working_time import WorkingTime
from rules.language.text import Text

LOCAL_CLOSING = (date(2026, 12, 24), date(2026, 12, 31))


def hours(opens: int, closes: int) -> Hours:
    """Return open hours."""
    return Hours(opens=time(opens), closes=time(closes))


def closed(*days: date, label: str = "Lukkedag") -> tuple[ClosedDay, ...]:
    """Return days that are closed."""
    return tuple(ClosedDay(on=day, label=Text(da=label)) for day in days)


PUBLIC = tuple(
    ClosedDay(on=day, label=Text(da=name))
    for day, name in sorted(holidays.country_holidays("DK", years=range(2026, 2028), language="da").items())
)
HOLIDAYS = WorkingTime(CalendarData(closed_days=PUBLIC))
MUNICIPAL = WorkingTime(CalendarData(closed_days=PUBLIC + closed(*LOCAL_CLOSING)))
PLAIN = WorkingTime(CalendarData())
UNEVEN = {1: hours(9, 15), 2: hours(9, 15), 3: hours(9, 15), 4: hours(9, 17), 5: hours(9, 12)}


def at(text: str) -> datetime:
    """Return a Danish wall time such as `2026-12-23 09:00` as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=DANISH_TIME).astimezone(UTC)


def days(amount: int) -> Span:
    """Return so many working days."""
    return Span(amount=amount, unit=TimeUnit.WORKING_DAYS)


def working_hours(amount: int) -> Span:
    """Return so many working hours."""
    return Span(amount=amount, unit=TimeUnit.WORKING_HOURS)


def calendar_days(amount: int) -> Span:
    """Return so many calendar days."""
    return Span(amount=amount, unit=TimeUnit.CALENDAR_DAYS)


def months(amount: int) -> Span:
    """Return so many calendar months."""
    return Span(amount=amount, unit=TimeUnit.CALENDAR_MONTHS)


STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - made aware
AMOUNTS = st.integers(0, 60)
UNITS = st.sampled_from(TimeUnit)
ALWAYS_AWAY = PersonTime(absences=(Absence(since=date(2020, 1, 1)),))
EVERY_DAY = closed(*(date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2028, 1, 1).toordinal())))
CALENDARS = st.sampled_from(
    [
        PLAIN,
        MUNICIPAL,
        WorkingTime(CalendarData(office_hours=UNEVEN, closed_days=PUBLIC)),
        WorkingTime(CalendarData(office_hours={7: hours(0, 1)})),
        WorkingTime(CalendarData(closed_days=EVERY_DAY)),
        WorkingTime(CalendarData(longest_postponement=3), {"anna": ALWAYS_AWAY}),
        WorkingTime(
            CalendarData(),
            {
                "anna": PersonTime(
                    hours={2: hours(8, 10), 4: hours(12, 20)},
                    absences=(Absence(since=date(2026, 6, 1), until=date(2026, 7, 15)),),
                )
            },
        ),
    ]
)
