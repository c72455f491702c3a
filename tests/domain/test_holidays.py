"""Holidays in a row: news comes when the office opens next, and a wait counts the days on which it does (P5, P6)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain import events as ev
from domain.calendar import danish_day
from domain.identity import Role
from domain.state.waiting import WaitingKind
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from tests.domain.vocabulary import ANNA, BO, Story, default_book


def begun(on: date) -> Story:
    """A course that begins on a day in the time of Danish offices."""
    story = Story(rules=default_book(), calendar=WorkingTime(customary()))
    story.now = datetime(on.year, on.month, on.day, 9, 0, tzinfo=UTC)
    return story.starts("cash_benefit_activity_ready")


@pytest.mark.parametrize(
    ("reported", "opens"),
    [
        (date(2026, 12, 23), date(2026, 12, 28)),
        (date(2026, 12, 26), date(2026, 12, 28)),
        (date(2026, 12, 30), date(2027, 1, 4)),
        (date(2027, 3, 24), date(2027, 3, 30)),
        (date(2027, 3, 28), date(2027, 3, 30)),
        (date(2027, 5, 5), date(2027, 5, 10)),
        (date(2027, 5, 14), date(2027, 5, 18)),
    ],
    ids=["Christmas", "Boxing Day", "New Year", "Easter", "Easter Day", "Ascension", "Whitsun"],
)
def test_news_comes_when_the_office_opens_after_the_holidays_and_not_before(reported: date, opens: date) -> None:
    story = begun(reported)
    story.notes(BO, "barrier")
    (news,) = story.state.news

    assert danish_day(news.at) == opens
    assert news.person == "anna"

    story.time_passes_to(news.at)
    assert story.state.news == (news,), "it waits for its morning, and no longer"


@pytest.mark.parametrize(
    ("asked", "both", "supervisor"),
    [
        (date(2026, 12, 23), date(2026, 12, 29), date(2027, 1, 5)),
        (date(2027, 3, 24), date(2027, 3, 31), date(2027, 4, 5)),
        (date(2027, 5, 5), date(2027, 5, 11), date(2027, 5, 14)),
        (date(2027, 5, 12), date(2027, 5, 14), date(2027, 5, 20)),
    ],
    ids=["Christmas and New Year", "Easter", "Ascension", "Whitsun"],
)
def test_a_wait_over_several_holidays_counts_working_days_alone(asked: date, both: date, supervisor: date) -> None:
    story = begun(asked)
    story.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
    story.time_passes_to(story.now + timedelta(days=30))

    raised = [e for e in story.happened(ev.NoticeRaised) if e.about == "escalation" and e.waiting is not None]
    climbed = {(danish_day(e.at), str(e.recipient)) for e in raised if e.waiting.kind is WaitingKind.QUESTION}
    assert climbed == {
        (both, "person/anna"),
        (both, "person/bo"),
        (supervisor, "person/bo"),
        (supervisor, "supervisors/job"),
    }
