"""The calendar of a municipality follows from what it says of its offices, and people of themselves (P6)."""

from datetime import date, datetime, time, timedelta

import pytest

from domain.calendar import Span, TimeUnit
from rules.calendar.danish_offices import (
    ClosingCustom,
    Office,
    OwnTime,
    calendar_of,
    customary,
    long_closure,
    person_times,
)
from rules.calendar.data import OFFICE_HOURS, Absence, ClosedDay, Hours, PersonTime
from rules.calendar.working_time import WorkingTime
from rules.language.text import Text
from tests.rules.spans import at

MORNINGS = Hours(opens=time(9), closes=time(12))
CHRISTMAS = {ClosingCustom.CHRISTMAS_EVE, ClosingCustom.NEW_YEARS_EVE}


def due(office: Office, start: str, days: int) -> datetime:
    """Return when so many working days of the office have passed."""
    return WorkingTime(calendar_of(office)).after(at(start), Span(amount=days, unit=TimeUnit.WORKING_DAYS))


def without(*customs: ClosingCustom) -> Office:
    """Return an office that is open on some of the customary closing days."""
    return Office(customs=tuple(custom for custom in ClosingCustom if custom not in customs))


def own(office: Office, **time: object) -> PersonTime | None:
    """Return what the calendar says of a person, or None when it need not say anything."""
    return person_times(office.hours, {"anna": OwnTime.model_validate(time)}).get("anna")


@pytest.mark.parametrize(
    ("office", "lands"),
    [
        (Office(), "2027-01-05 09:00"),
        (without(*CHRISTMAS), "2026-12-31 09:00"),
        (without(ClosingCustom.CHRISTMAS_EVE), "2027-01-04 09:00"),
        (without(ClosingCustom.NEW_YEARS_EVE), "2027-01-04 09:00"),
    ],
)
def test_five_working_days_over_christmas_land_where_the_closing_days_let_them(office: Office, lands: str) -> None:
    assert due(office, "2026-12-23 09:00", 5) == at(lands)


@pytest.mark.parametrize(
    ("wednesday_before_easter", "wednesday_after"),
    [("2026-04-01", "2026-04-08"), ("2027-03-24", "2027-03-31"), ("2024-03-27", "2024-04-03")],
)
def test_easter_closes_from_thursday_to_monday(wednesday_before_easter: str, wednesday_after: str) -> None:
    assert due(Office(), f"{wednesday_before_easter} 09:00", 2) == at(f"{wednesday_after} 09:00")


def test_the_day_of_prayer_is_a_working_day_since_2024() -> None:
    assert due(Office(), "2023-05-04 09:00", 1) == at("2023-05-08 09:00")
    assert due(Office(), "2024-04-25 09:00", 1) == at("2024-04-26 09:00")


@pytest.mark.parametrize(
    ("custom", "day_before", "day_after"),
    [
        (ClosingCustom.DAY_AFTER_ASCENSION, "2026-05-13", "2026-05-18"),
        (ClosingCustom.CONSTITUTION_DAY, "2026-06-04", "2026-06-08"),
    ],
)
def test_each_customary_closing_day_can_be_switched_off(custom: ClosingCustom, day_before: str, day_after: str) -> None:
    start, closed = f"{day_before} 09:00", at(f"{day_after} 09:00")

    assert due(Office(), start, 1) == closed
    assert due(without(custom), start, 1) < closed


def test_a_public_holiday_is_closed_whatever_a_municipality_says_of_the_day() -> None:
    christmas = ClosedDay(on=date(2026, 12, 25), label=Text(da="Julefrokost"))
    fair = ClosedDay(on=date(2026, 9, 11), label=Text(da="Markedsdag"))

    closed = {
        day.on: day.label.da for day in calendar_of(Office(customs=(), closing_days=(christmas, fair))).closed_days
    }

    assert closed[christmas.on] == "Juledag"
    assert closed[fair.on] == "Markedsdag"


def test_the_customary_calendar_names_the_closed_weekdays_of_2026() -> None:
    closed = [day.on for day in customary().closed_days if day.on.year == 2026 and day.on.isoweekday() <= 5]

    assert [(day.day, day.month) for day in closed] == [
        *((1, 1), (2, 4), (3, 4), (6, 4), (14, 5), (15, 5), (25, 5), (5, 6), (24, 12), (25, 12), (31, 12)),
    ]


def test_who_works_when_the_office_does_is_not_in_the_calendar() -> None:
    assert own(Office()) is None
    assert own(Office(), days=(1, 2, 3, 4, 5)) is None
    assert own(Office(), days=(5, 4, 3, 2, 1), hours={1: OFFICE_HOURS[1]}) is None


def test_part_time_is_the_days_one_works_in_the_office_s_hours_or_one_s_own() -> None:
    office = Office(hours={**OFFICE_HOURS, 4: Hours(opens=time(9), closes=time(17))})

    part_time = own(office, days=(4, 1), hours={1: MORNINGS})

    assert part_time == PersonTime(hours={1: MORNINGS, 4: office.hours[4]})


def test_who_works_on_a_day_on_which_the_office_is_closed_says_his_hours() -> None:
    assert own(Office(), days=(5, 6), hours={6: MORNINGS}) == PersonTime(hours={5: OFFICE_HOURS[5], 6: MORNINGS})
    assert own(Office(), days=(5, 6)) == PersonTime(hours={5: OFFICE_HOURS[5]})
    assert own(Office(), days=(6, 7)) is None, "nobody is asked at no time at all"


def test_absences_are_in_the_calendar_though_the_hours_are_the_office_s() -> None:
    late, early = Absence(since=date(2026, 10, 1)), Absence(since=date(2026, 7, 6), until=date(2026, 7, 24))

    assert own(Office(), absences=(late, early)) == PersonTime(absences=(early, late))


def closed_on(days: int) -> Office:
    """Return an office that is closed for so many days from Monday 6 July 2026 on."""
    days_off = (date(2026, 7, 6) + timedelta(days=passed) for passed in range(days))
    return Office(closing_days=tuple(ClosedDay(on=day, label=Text(da="Ferie")) for day in days_off))


def test_three_weeks_without_open_hours_are_the_most_and_a_day_more_is_named_by_its_first() -> None:
    today = date(2026, 1, 5)

    assert long_closure(closed_on(21), today) == ()
    row = long_closure(closed_on(22), today)

    assert (row[0], len(row)) == (date(2026, 7, 6), 16)
    assert long_closure(closed_on(22), date(2026, 8, 3)) == (), "what is over keeps nobody waiting"
    assert long_closure(closed_on(22), date(2022, 1, 5)) == (), "what is far away can still be said otherwise"


def test_an_office_that_opens_on_one_weekday_is_open_enough_and_one_at_weekends_is_not() -> None:
    today = date(2026, 1, 5)

    assert long_closure(Office(hours={1: MORNINGS}), today) == ()
    assert long_closure(Office(hours={6: MORNINGS}), today)[0] == today
