"""From where it is told what is new since somebody was last at work (P13)."""

from datetime import date, datetime

import pytest

from domain.calendar import Days, danish_day, start_of_day
from domain.since_last import is_first_day_back, since_last
from rules.calendar.danish_offices import customary
from rules.calendar.data import Absence, PersonTime
from rules.calendar.working_time import WorkingTime
from tests.domain.jobfirst import DANISH_DAYS
from tests.rules.spans import at, hours

SUMMER = Absence(since=date(2026, 7, 6), until=date(2026, 7, 24))
WEDNESDAYS_TO_FRIDAYS = PersonTime(hours=dict.fromkeys((3, 4, 5), hours(9, 15)))


def day_of(moment: str, *absences: Absence) -> str:
    """Return from which day on it is told to Anna at a moment."""
    calendar = WorkingTime(customary(), {"anna": PersonTime(absences=absences)})
    return told(since_last(absences, "anna", calendar, at(moment)))


def told(since: datetime) -> str:
    """Return the day that begins at an instant."""
    day = danish_day(since)
    assert since == start_of_day(day)
    return day.isoformat()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-06-10 08:00", "2026-06-09"),
        ("2026-06-08 08:00", "2026-06-04"),
        ("2026-07-08 08:00", "2026-07-03"),
        ("2026-07-27 08:00", "2026-07-03"),
        ("2026-07-29 08:00", "2026-07-03"),
        ("2026-07-30 08:00", "2026-07-29"),
    ],
    ids=["yesterday", "before_a_weekend_and_a_holiday", "while_away", "back", "three_days", "back_for_long"],
)
def test_it_is_told_from_the_last_day_at_work(now: str, expected: str) -> None:
    assert day_of(now, SUMMER) == expected


def test_who_works_three_days_a_week_is_told_from_the_last_of_them() -> None:
    own = WorkingTime(customary(), {"bo": WEDNESDAYS_TO_FRIDAYS})

    assert told(since_last((), "bo", own, at("2026-06-17 08:00"))) == "2026-06-12"
    assert told(since_last((), "bo", own, at("2026-06-18 08:00"))) == "2026-06-17"


def test_two_absences_with_no_day_at_work_between_are_told_as_one() -> None:
    again = Absence(since=date(2026, 7, 27), until=date(2026, 7, 31))

    assert day_of("2026-08-03 08:00", SUMMER, again) == "2026-07-03"


def test_nothing_is_told_of_more_than_eight_weeks() -> None:
    leave = Absence(since=date(2026, 1, 5), until=date(2026, 7, 24))

    assert day_of("2026-07-27 08:00", leave) == "2026-06-01"
    assert day_of("2026-07-27 08:00", Absence(since=date(1950, 1, 1))) == "2026-06-01"


def test_the_first_day_back_is_the_first_working_day_after_an_absence() -> None:
    def is_back(day: str, away: Days = SUMMER) -> bool:
        return is_first_day_back((away,), DANISH_DAYS, date.fromisoformat(day))

    assert [day for day in ("2026-07-24", "2026-07-27", "2026-07-28", "2026-07-03") if is_back(day)] == ["2026-07-27"]
    assert not is_back("2026-07-27", Days(since=SUMMER.since))
