"""When the lists of the day reach a person, over calendars of every kind (P6)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import danish_time
from domain.gathering import Gathering, next_list
from rules.calendar.data import CalendarData, PersonTime
from rules.calendar.working_time import WorkingTime
from tests.rules.spans import CALENDARS, PLAIN, STARTS, at, hours, working_hours

EARLY = WorkingTime(CalendarData(office_hours=dict.fromkeys(range(1, 6), hours(7, 16))))


@pytest.mark.parametrize(
    ("now", "gathering", "expected"),
    [
        ("2026-03-02 06:00", Gathering.TWO_LISTS, "2026-03-02 07:30"),
        ("2026-03-02 07:30", Gathering.TWO_LISTS, "2026-03-02 07:30"),
        ("2026-03-02 07:31", Gathering.TWO_LISTS, "2026-03-02 12:30"),
        ("2026-03-02 12:31", Gathering.TWO_LISTS, "2026-03-03 07:30"),
        ("2026-03-02 07:31", Gathering.ONE_LIST, "2026-03-03 07:30"),
        ("2026-03-06 12:31", Gathering.TWO_LISTS, "2026-03-09 07:30"),
        ("2026-03-02 07:31", Gathering.AT_ONCE, "2026-03-02 07:31"),
        ("2026-03-02 20:00", Gathering.AT_ONCE, "2026-03-03 07:00"),
    ],
)
def test_the_lists_come_at_half_past_seven_and_half_past_twelve(now: str, gathering: Gathering, expected: str) -> None:
    assert next_list(at(now), gathering, EARLY, "anna").at == at(expected)


def test_a_list_before_somebody_begins_to_work_comes_when_he_does() -> None:
    assert next_list(at("2026-03-02 08:00"), Gathering.TWO_LISTS, PLAIN, "anna").at == at("2026-03-02 09:00")
    own = WorkingTime(CalendarData(), {"anna": PersonTime(hours={2: hours(13, 15)})})
    assert next_list(at("2026-03-02 08:00"), Gathering.TWO_LISTS, own, "anna").at == at("2026-03-03 13:00")


@given(CALENDARS, STARTS, st.sampled_from(Gathering))
def test_a_list_is_never_before_what_it_lists_and_nobody_is_at_home(
    calendar: WorkingTime, now: datetime, gathering: Gathering
) -> None:
    listed = next_list(now, gathering, calendar, "somebody").at

    assert listed >= now
    assert calendar.after(listed, working_hours(0), person="somebody") == listed
    assert next_list(listed, gathering, calendar, "somebody").at == listed


@given(CALENDARS, STARTS, st.sampled_from([Gathering.TWO_LISTS, Gathering.ONE_LIST]))
def test_nobody_has_more_lists_a_day_than_chosen(calendar: WorkingTime, now: datetime, gathering: Gathering) -> None:
    lists = set()
    for _ in range(5):
        now = next_list(now + timedelta(microseconds=1), gathering, calendar, "somebody").at
        lists.add(now)
    days = [danish_time(each).date() for each in lists]

    most = 2 if gathering is Gathering.TWO_LISTS else 1
    assert max(map(days.count, days)) <= most
