"""Who covers on which day, and that what is asked of somebody absent runs in the time of who covers (P1, P6)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Cover, Span, TimeUnit, danish_day, danish_instant, danish_time
from rules.calendar.data import Absence, CalendarData, PersonTime
from rules.calendar.working_time import WorkingTime
from tests.domain.vocabulary import COURSE
from tests.rules.absences import FIRST, OFFICE, PARTIES, TIMES, acting_on
from tests.rules.spans import at, days, hours

STARTS = st.datetimes(datetime(2026, 8, 20), datetime(2026, 11, 1), timezones=st.just(UTC))  # noqa: DTZ001 - made aware


@given(times=TIMES)
@settings(max_examples=150, deadline=None)
def test_the_first_one_named_who_can_act_that_day_covers_and_nobody_on_other_days(times: dict[str, PersonTime]) -> None:
    covers = WorkingTime(OFFICE, times).covers("anna", COURSE, PARTIES)

    for passed in range(-2, 80):
        day = FIRST + timedelta(days=passed)
        assert [cover.person for cover in covers if cover.is_on(day)] == [p for p in (acting_on(times, day),) if p]


def open_hours(times: dict[str, PersonTime], since: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield the hours in which Anna, or who covers for her, is at work, day by day."""
    closed = {day.on for day in OFFICE.closed_days}
    for passed in range(700):
        day = since + timedelta(days=passed)
        cover = acting_on(times, day)
        theirs = times.get(cover or "anna", PersonTime())
        at_work = (theirs.hours or OFFICE.office_hours).get(day.isoweekday())
        is_away = any(absence.is_on(day) for absence in theirs.absences)
        if at_work is not None and day not in closed and not is_away:
            yield danish_instant(day, at_work.opens), danish_instant(day, at_work.closes)


def days_after(times: dict[str, PersonTime], start: datetime, amount: int) -> datetime | None:
    """Count working days one by one; None when that is too far to count."""
    at_work = (both for both in open_hours(times, danish_day(start)) if both[1] >= start)
    opens, _ = begin = next(at_work, (None, None))
    if opens is None:
        return None
    time = max(opens, start) if amount else None
    for _ in range(amount):
        begin = next(at_work, (None, None))
    if begin[0] is None or begin[1] is None:
        return None
    if time is None:
        return max(begin[0], start)
    same_time = danish_instant(danish_day(begin[0]), danish_time(time).time())
    return min(max(same_time, begin[0]), begin[1])


@given(times=TIMES, start=STARTS, amount=st.integers(0, 40))
@settings(max_examples=150, deadline=None)
def test_working_days_are_those_of_who_is_asked_on_each_day(
    times: dict[str, PersonTime], start: datetime, amount: int
) -> None:
    calendar = WorkingTime(OFFICE, times)
    counted = days_after(times, start, amount)
    covers = calendar.covers("anna", COURSE, PARTIES)

    after = calendar.after(start, days(amount), person="anna", covers=covers)

    assert counted in (None, after)


@given(times=TIMES, start=STARTS, amount=st.integers(1, 200))
@settings(max_examples=150, deadline=None)
def test_working_hours_are_those_of_who_is_asked_on_each_day(
    times: dict[str, PersonTime], start: datetime, amount: int
) -> None:
    calendar = WorkingTime(OFFICE, times)
    left, counted = timedelta(hours=amount), None
    for opens, closes in open_hours(times, danish_day(start)):
        length = max(timedelta(), closes - max(opens, start))
        if length >= left:
            counted = max(opens, start) + left
            break
        left -= length
    covers = calendar.covers("anna", COURSE, PARTIES)

    after = calendar.after(start, Span(amount=amount, unit=TimeUnit.WORKING_HOURS), person="anna", covers=covers)

    assert counted in (None, after)


def test_the_time_of_the_cover_is_bounded_by_the_municipal_maximum_too() -> None:
    seldom = PersonTime(hours={5: hours(9, 10)})
    away = PersonTime(absences=(Absence(since=FIRST),))
    calendar = WorkingTime(CalendarData(longest_postponement=2), {"anna": away, "carl": seldom})

    due = calendar.after(at("2026-09-14 10:00"), days(3), person="anna", covers=(Cover(person="carl", since=FIRST),))

    assert due == at("2026-09-21 10:00")
