"""What a person's own time moved is kept with each wait, for the absence itself is soon forgotten (P8)."""

from datetime import timedelta

from domain.state.waiting import WaitingKind
from rules.calendar.data import Absence, CalendarData, PersonTime
from rules.calendar.working_time import WorkingTime
from tests.domain.vocabulary import ANNA, MONDAY, Story

A_WEEK = PersonTime(absences=(Absence(since=MONDAY.date(), until=MONDAY.date() + timedelta(days=6)),))


def moved_days(story: Story) -> dict[str, int]:
    """Return how many days each missing receipt is moved, by the person who is asked."""
    return {waiting.persons[0]: waiting.moved_days for waiting in story.waits(WaitingKind.ACKNOWLEDGEMENT)}


def test_a_wait_keeps_how_many_days_the_time_of_the_person_moved_it_and_not_why() -> None:
    story = Story(calendar=WorkingTime(CalendarData(), {"anna": A_WEEK})).starts()
    story.reports(ANNA, agreed=True, way="again")

    assert moved_days(story) == {"anna": 5, "bo": 0}
    assert "absen" not in story.state.model_dump_json()


def test_an_absence_that_is_taken_back_moves_nothing_any_more() -> None:
    story = Story(calendar=WorkingTime(CalendarData(), {"anna": A_WEEK})).starts()
    story.reports(ANNA, agreed=True, way="again")

    story.calendar = WorkingTime(CalendarData())
    story.reports(ANNA, agreed=True)

    assert moved_days(story) == {"anna": 0, "bo": 0}
