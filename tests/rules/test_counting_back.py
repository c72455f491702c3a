from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Span, TimeUnit, danish_day
from rules.calendar.data import CalendarData
from rules.calendar.working_time import WorkingTime
from tests.rules.spans import (
    AMOUNTS,
    CALENDARS,
    HOLIDAYS,
    MUNICIPAL,
    PLAIN,
    STARTS,
    UNEVEN,
    at,
    calendar_days,
    days,
    months,
    working_hours,
)


@pytest.mark.parametrize(
    ("end", "span", "begin"),
    [
        ("2026-09-28 23:59", days(10), "2026-09-14 15:00"),
        ("2026-09-28 10:30", days(1), "2026-09-25 10:30"),
        ("2026-09-28 08:00", days(1), "2026-09-24 15:00"),
        ("2026-09-27 23:59", days(1), "2026-09-24 15:00"),
        ("2026-09-27 23:59", days(0), "2026-09-25 15:00"),
        ("2026-09-28 10:30", days(0), "2026-09-28 10:30"),
        ("2026-09-28 10:30", working_hours(1), "2026-09-28 09:30"),
        ("2026-09-28 10:30", working_hours(2), "2026-09-25 14:30"),
        ("2026-09-28 10:00", working_hours(1), "2026-09-28 09:00"),
        ("2026-09-27 12:00", working_hours(0), "2026-09-25 15:00"),
        ("2026-09-28 23:59", calendar_days(14), "2026-09-14 23:59"),
        ("2026-10-26 09:00", calendar_days(1), "2026-10-25 09:00"),
        ("2026-09-28 23:59", months(3), "2026-06-28 23:59"),
        ("2026-03-31 10:00", months(1), "2026-02-28 23:59:59.999999"),
    ],
)
def test_counted_back_a_span_begins_at(end: str, span: Span, begin: str) -> None:
    assert PLAIN.before(at(end), span) == at(begin)


def test_counted_back_over_christmas_closed_days_do_not_count() -> None:
    assert MUNICIPAL.before(at("2027-01-05 23:59"), days(5)) == at("2026-12-23 15:00")
    assert HOLIDAYS.before(at("2026-12-31 23:59"), days(5)) == at("2026-12-23 15:00")


def test_other_hours_on_the_last_day_are_those_until_which_it_counts() -> None:
    uneven = WorkingTime(CalendarData(office_hours=UNEVEN))

    assert uneven.before(at("2026-09-18 12:00"), days(1)) == at("2026-09-17 17:00")
    assert uneven.before(at("2026-09-18 11:00"), days(1)) == at("2026-09-17 11:00")


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        ("2026-12-23", "2027-01-05", 5),
        ("2027-01-05", "2026-12-23", -5),
        ("2026-12-23", "2026-12-23", 0),
        ("2026-12-19", "2026-12-21", 0),
        ("2026-12-18", "2026-12-19", 1),
        ("2026-12-24", "2026-12-28", 0),
    ],
)
def test_working_days_between_two_dates_leave_out_closed_days(since: str, until: str, count: int) -> None:
    assert MUNICIPAL.working_days_between(date.fromisoformat(since), date.fromisoformat(until)) == count


WORKING_UNITS = st.sampled_from([TimeUnit.WORKING_HOURS, TimeUnit.WORKING_DAYS])


@given(
    end=STARTS,
    later=st.integers(1, 10**9),
    calendar=CALENDARS,
    amount=AMOUNTS,
    unit=WORKING_UNITS,
)
@settings(max_examples=400, deadline=None)
def test_counted_back_it_is_the_latest_start_from_which_the_end_is_kept(
    end: datetime, later: int, calendar: WorkingTime, amount: int, unit: TimeUnit
) -> None:
    span = Span(amount=amount, unit=unit)
    begin = calendar.before(end, span)

    assert calendar.after(begin, span) <= end < calendar.after(begin + timedelta(microseconds=later), span)


@given(days_of=st.tuples(st.dates(date(2026, 1, 1), date(2027, 12, 31)), AMOUNTS), calendar=CALENDARS)
@settings(max_examples=200, deadline=None)
def test_working_days_between_are_those_after_which_one_day_leads_to_the_other(
    days_of: tuple[date, int], calendar: WorkingTime
) -> None:
    since, amount = days_of
    until = danish_day(calendar.after(at(f"{since} 00:00"), days(amount)))

    assert calendar.working_days_between(since, until) == amount
    assert calendar.working_days_between(until, since) == -amount
