from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import NEVER, Pause, Span, TimeUnit
from rules.calendar.data import Absence, CalendarData, PersonTime
from rules.calendar.working_time import Skipped, WorkingTime
from rules.language.text import Text
from tests.rules.spans import (
    AMOUNTS,
    CALENDARS,
    HOLIDAYS,
    MUNICIPAL,
    PLAIN,
    PUBLIC,
    STARTS,
    UNEVEN,
    UNITS,
    at,
    calendar_days,
    days,
    hours,
    months,
    working_hours,
)


def test_five_working_days_over_christmas_pass_over_holidays_and_closing_days() -> None:
    start = at("2026-12-23 09:00")

    assert HOLIDAYS.after(start, days(5)) == at("2026-12-31 09:00")
    assert MUNICIPAL.after(start, days(5)) == at("2027-01-05 09:00")


def test_two_calendar_days_are_shorter_in_spring_and_longer_in_autumn() -> None:
    spring, autumn = at("2026-03-28 09:00"), at("2026-10-24 09:00")

    assert PLAIN.after(spring, calendar_days(2)) - spring == timedelta(hours=47)
    assert PLAIN.after(autumn, calendar_days(2)) - autumn == timedelta(hours=49)


def test_an_hour_that_is_left_out_or_comes_twice_keeps_its_place() -> None:
    assert PLAIN.after(at("2026-03-28 02:30"), calendar_days(1)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    second_pass = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert PLAIN.after(second_pass, calendar_days(1)) == at("2026-10-26 03:00")


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        ("2026-09-14 10:30", days(1), "2026-09-15 10:30"),
        ("2026-09-18 10:30", days(1), "2026-09-21 10:30"),
        ("2026-09-18 16:00", days(1), "2026-09-22 09:00"),
        ("2026-09-19 12:00", days(1), "2026-09-22 09:00"),
        ("2026-09-14 07:00", days(1), "2026-09-15 09:00"),
        ("2026-09-14 15:00", days(1), "2026-09-15 15:00"),
        ("2026-09-19 12:00", days(0), "2026-09-21 09:00"),
        ("2026-09-14 10:30", days(0), "2026-09-14 10:30"),
        ("2026-09-14 14:00", working_hours(2), "2026-09-15 10:00"),
        ("2026-09-14 09:00", working_hours(6), "2026-09-14 15:00"),
        ("2026-09-14 15:00", working_hours(6), "2026-09-15 15:00"),
        ("2026-09-18 14:30", working_hours(1), "2026-09-21 09:30"),
        ("2026-09-19 12:00", working_hours(13), "2026-09-23 10:00"),
        ("2026-09-14 10:30", calendar_days(0), "2026-09-14 10:30"),
        ("2026-01-28 10:30", months(1), "2026-02-28 10:30"),
        ("2026-01-31 10:30", months(1), "2026-02-28 23:59:59.999999"),
        ("2028-01-31 10:30", months(1), "2028-02-29 23:59:59.999999"),
        ("2026-11-30 10:30", months(3), "2027-02-28 23:59:59.999999"),
        ("2026-09-14 10:30", months(12), "2027-09-14 10:30"),
    ],
)
def test_a_span_ends_at(start: str, span: Span, due: str) -> None:
    assert PLAIN.after(at(start), span) == at(due)


def test_a_day_of_other_hours_takes_the_time_of_day_into_them() -> None:
    uneven = WorkingTime(CalendarData(office_hours=UNEVEN))

    assert uneven.after(at("2026-09-17 16:30"), days(1)) == at("2026-09-18 12:00")
    assert uneven.after(at("2026-09-17 16:30"), working_hours(4)) == at("2026-09-21 09:30")


PAUSE = (Pause(since=at("2026-09-15 09:00"), until=at("2026-09-17 09:00")),)


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        ("2026-09-14 09:00", days(5), "2026-09-23 09:00"),
        ("2026-09-14 12:00", days(5), "2026-09-23 12:00"),
        ("2026-09-14 09:00", days(1), "2026-09-15 09:00"),
        ("2026-09-14 14:00", working_hours(3), "2026-09-17 11:00"),
        ("2026-09-14 10:00", calendar_days(7), "2026-09-23 10:00"),
        ("2026-09-14 10:00", months(1), "2026-10-16 10:00"),
        ("2026-09-16 12:00", days(1), "2026-09-18 09:00"),
        ("2026-09-18 12:00", days(1), "2026-09-21 12:00"),
    ],
)
def test_time_in_a_pause_does_not_count(start: str, span: Span, due: str) -> None:
    assert PLAIN.after(at(start), span, pauses=PAUSE) == at(due)


@pytest.mark.parametrize(
    ("since", "until", "start", "due"),
    [
        ("2026-09-15 14:00", "2026-09-16 10:00", "2026-09-14 09:00", "2026-09-21 11:00"),
        ("2026-09-15 10:00", "2026-09-15 12:00", "2026-09-14 14:00", "2026-09-22 10:00"),
        ("2026-09-15 10:00", "2026-09-15 12:00", "2026-09-14 13:00", "2026-09-21 15:00"),
        ("2026-09-15 16:00", "2026-09-16 08:00", "2026-09-14 13:00", "2026-09-21 13:00"),
    ],
)
def test_a_pause_of_part_of_a_day_moves_by_that_part(since: str, until: str, start: str, due: str) -> None:
    pause = Pause(since=at(since), until=at(until))

    assert PLAIN.after(at(start), days(5), pauses=(pause,)) == at(due)


def test_hours_that_end_with_the_day_do_not_run_into_a_closed_one() -> None:
    assert MUNICIPAL.after(at("2026-12-23 09:00"), working_hours(6)) == at("2026-12-23 15:00")
    assert MUNICIPAL.after(at("2026-12-23 09:00"), working_hours(7)) == at("2026-12-28 10:00")


def test_pauses_that_overlap_count_once() -> None:
    again = (*PAUSE, Pause(since=at("2026-09-16 09:00"), until=at("2026-09-18 09:00")))

    assert PLAIN.after(at("2026-09-14 10:00"), calendar_days(7), pauses=again) == at("2026-09-24 10:00")


def test_behind_a_pause_without_end_nothing_is_ever_due() -> None:
    stopped = (Pause(since=at("2026-09-15 09:00")),)

    assert PLAIN.after(at("2026-09-14 10:00"), calendar_days(7), pauses=stopped) == NEVER
    assert PLAIN.after(at("2026-09-16 10:00"), days(0), pauses=stopped) == NEVER
    assert PLAIN.after(at("2026-09-14 10:00"), working_hours(1), pauses=stopped) == at("2026-09-14 11:00")


def test_what_is_asked_of_a_person_runs_in_her_own_time() -> None:
    part_time = PersonTime(
        hours={1: hours(9, 13), 3: hours(9, 13)},
        absences=(Absence(since=date(2026, 9, 16), until=date(2026, 9, 16)),),
    )
    personal_calendar = WorkingTime(CalendarData(), {"anna": part_time})
    start = at("2026-09-14 10:00")

    assert personal_calendar.after(start, days(2), person="anna") == at("2026-09-23 10:00")
    assert personal_calendar.after(start, working_hours(4), person="anna") == at("2026-09-21 10:00")
    assert personal_calendar.after(start, days(2), person="bo") == at("2026-09-16 10:00")
    assert personal_calendar.after(start, calendar_days(2), person="anna") == at("2026-09-16 10:00")


def test_an_absence_without_end_postpones_by_the_municipal_maximum_at_most() -> None:
    away = PersonTime(absences=(Absence(since=date(2026, 9, 1)),))
    personal_calendar = WorkingTime(CalendarData(longest_postponement=10), {"anna": away})

    assert personal_calendar.after(at("2026-09-14 10:00"), days(2), person="anna") == at("2026-09-30 10:00")
    assert personal_calendar.after(at("2026-09-14 10:00"), working_hours(2), person="anna") == at("2026-09-28 12:00")


def test_a_deadline_is_derived_line_by_line() -> None:
    pause = Pause(since=at("2026-12-28 00:00"), until=at("2026-12-29 00:00"))

    derived = MUNICIPAL.derive(at("2026-12-23 09:00"), days(5), pauses=(pause,))

    assert derived.due == at("2027-01-06 09:00")
    assert [(line.since.day, line.why.da) for line in derived.skipped] == [
        (24, "Lukkedag"),
        (25, "Juledag"),
        (28, "Pause"),
        (31, "Lukkedag"),
        (1, "Nytårsdag"),
    ]


def test_the_absence_of_a_person_is_told_without_its_reason() -> None:
    away = PersonTime(absences=(Absence(since=date(2026, 9, 10), until=date(2026, 9, 16)),))
    personal_calendar = WorkingTime(CalendarData(), {"anna": away})

    derived = personal_calendar.derive(at("2026-09-14 10:00"), days(1), person="anna")

    assert derived.due == at("2026-09-18 09:00")
    assert derived.skipped == (Skipped(date(2026, 9, 14), date(2026, 9, 16), Text(da="Fravær", en="Absent")),)


def test_calendar_days_pass_over_nothing() -> None:
    assert MUNICIPAL.derive(at("2026-12-23 09:00"), calendar_days(7)).skipped == ()


def test_a_calendar_is_the_same_after_it_was_stored() -> None:
    calendar = CalendarData(closed_days=PUBLIC, office_hours=UNEVEN)

    again = CalendarData.model_validate_json(calendar.canonical)

    assert again == calendar
    assert WorkingTime(again).reference == WorkingTime(calendar).reference != PLAIN.reference


def paused(*stretches: tuple[datetime, int]) -> tuple[Pause, ...]:
    """Return pauses of so many quarters of an hour."""
    return tuple(Pause(since=since, until=since + timedelta(minutes=15 * n)) for since, n in stretches)


PAUSES = st.lists(st.tuples(STARTS, st.integers(0, 3000)), max_size=3).map(lambda stretches: paused(*stretches))
PERSONS = st.sampled_from([None, "anna"])


@given(calendar=CALENDARS, starts=st.tuples(STARTS, STARTS), amount=AMOUNTS, unit=UNITS, pauses=PAUSES, person=PERSONS)
@settings(max_examples=400, deadline=None)
def test_who_begins_later_is_never_due_earlier(
    calendar: WorkingTime,
    starts: tuple[datetime, datetime],
    amount: int,
    unit: TimeUnit,
    pauses: tuple[Pause, ...],
    person: str | None,
) -> None:
    span = Span(amount=amount, unit=unit)
    first, second = (calendar.after(start, span, person=person, pauses=pauses) for start in sorted(starts))

    assert first <= second


@given(start=STARTS, nudge=st.integers(0, 600), calendar=CALENDARS, amount=AMOUNTS, unit=UNITS, pauses=PAUSES)
@settings(max_examples=400, deadline=None)
def test_a_moment_later_is_never_due_earlier(
    start: datetime, nudge: int, calendar: WorkingTime, amount: int, unit: TimeUnit, pauses: tuple[Pause, ...]
) -> None:
    span = Span(amount=amount, unit=unit)
    later = start + timedelta(minutes=nudge)

    assert calendar.after(start, span, pauses=pauses) <= calendar.after(later, span, pauses=pauses)


@given(
    start=st.sampled_from(["2026-03-29", "2026-10-25"]), first=st.integers(0, 360), nudge=st.integers(0, 120), n=AMOUNTS
)
@settings(max_examples=300, deadline=None)
def test_no_clock_change_turns_the_order_around(start: str, first: int, nudge: int, n: int) -> None:
    begin = at(start) + timedelta(minutes=first)
    later = begin + timedelta(minutes=nudge)

    assert PLAIN.after(begin, calendar_days(n)) <= PLAIN.after(later, calendar_days(n))
    before = begin - timedelta(days=n)
    assert PLAIN.after(before, calendar_days(n)) <= PLAIN.after(before + timedelta(minutes=nudge), calendar_days(n))


@given(start=STARTS, calendar=CALENDARS, amount=AMOUNTS, unit=UNITS, pauses=PAUSES, person=PERSONS)
@settings(max_examples=300, deadline=None)
def test_more_is_never_due_earlier_and_nothing_is_due_before_it_began(
    start: datetime,
    calendar: WorkingTime,
    amount: int,
    unit: TimeUnit,
    pauses: tuple[Pause, ...],
    person: str | None,
) -> None:
    less, more = (
        calendar.after(start, Span(amount=n, unit=unit), person=person, pauses=pauses) for n in (amount, amount + 1)
    )

    assert start <= less <= more


@given(start=STARTS, calendar=CALENDARS, amount=AMOUNTS, unit=UNITS, pauses=PAUSES)
@settings(max_examples=200, deadline=None)
def test_a_pause_never_brings_a_deadline_forward(
    start: datetime, calendar: WorkingTime, amount: int, unit: TimeUnit, pauses: tuple[Pause, ...]
) -> None:
    span = Span(amount=amount, unit=unit)

    assert calendar.after(start, span) <= calendar.after(start, span, pauses=pauses)


@given(
    start=st.datetimes(timezones=st.just(UTC)),
    amount=st.integers(-(10**12), 10**12),
    unit=UNITS,
    calendar=CALENDARS,
    person=PERSONS,
    pauses=st.lists(st.datetimes(timezones=st.just(UTC)), max_size=3),
)
@settings(max_examples=300, deadline=None)
def test_every_question_has_an_answer(
    start: datetime, amount: int, unit: TimeUnit, calendar: WorkingTime, person: str | None, pauses: list[datetime]
) -> None:
    stretches = tuple(Pause(since=since, until=max(pauses)) for since in pauses)

    derived = calendar.derive(start, Span(amount=amount, unit=unit), person=person, pauses=stretches)

    assert derived.due.tzinfo is UTC
    assert calendar.before(start, Span(amount=amount, unit=unit)).tzinfo is UTC
