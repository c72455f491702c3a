"""What must be dealt with today waits for no list; all else does."""

from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.gathering import is_for_today
from domain.identity import Role
from tests.domain.jobfirst import JobFirst, Raised
from tests.domain.vocabulary import ANNA, BO, COURSE


def urgent(story: JobFirst) -> list[tuple[str, str]]:
    """Return about what and to whom the notices are that wait for no list now."""
    return [
        (raised.about, raised.recipient.name)
        for raised in story.happened(ev.NoticeRaised)
        if is_for_today(Raised(raised.notice, raised.subject), story.state, story.rules, story.calendar, story.now)
    ]


@pytest.fixture
def running() -> JobFirst:
    story = JobFirst().runs_trial()
    story.it_is("2026-10-20")
    return story


def test_that_a_step_stopped_is_for_today_and_other_news_is_not(running: JobFirst) -> None:
    running.reports(BO, trial_going="as_agreed")
    assert urgent(running) == []

    why = uuid5(COURSE, "why")
    running.command(cmd.StopVisit, BO, visit=3, last_day=date(2026, 10, 20), stopped_by="citizen", note=why)

    assert urgent(running) == [("news", "anna")]


def test_that_a_role_cannot_come_is_for_today_when_the_meeting_is_by_the_next_working_day() -> None:
    story = JobFirst().reaches_company_visit()
    story.reports(BO, visit_planned_on="2026-09-21")
    story.it_is("2026-09-17")
    story.command(cmd.DeclineAppointment, ANNA, appointment="company_visit")
    assert ("news", "bo") not in urgent(story)

    story.it_is("2026-09-18")

    assert ("news", "bo") in urgent(story)


@pytest.mark.parametrize("reported", [{"absence_kind": "unknown"}, {"company_consent": "withdrawn"}])
def test_that_the_citizen_did_not_come_or_withdrew_consent_is_heard_at_once_and_for_today(
    running: JobFirst, reported: dict[str, Any]
) -> None:
    running.reports(BO, **reported)

    assert ("news", "anna") in urgent(running)
    assert running.now in {news.at for news in running.state.news}


@pytest.mark.parametrize("reported", [{"absence_kind": "ill"}, {"company_consent": "given"}])
def test_other_values_of_the_same_are_read_the_next_morning(running: JobFirst, reported: dict[str, Any]) -> None:
    running.reports(BO, **reported)

    assert urgent(running) == []
    assert running.now not in {news.at for news in running.state.news}


def test_a_question_that_holds_what_comes_next_is_for_today_and_one_that_may_wait_is_not() -> None:
    story = JobFirst().reaches_company_visit()
    story.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
    assert urgent(story) == [], "before a version stands nobody can choose"
    story.command(cmd.BriefNow, ANNA)

    story.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT, may_wait=True)

    assert urgent(story).count(("question", "bo")) == 1


def test_a_briefing_is_for_today_when_what_it_is_for_begins_by_the_next_working_day() -> None:
    story = JobFirst().reaches_company_visit()
    story.reports(BO, visit_planned_on="2026-09-21")
    story.command(cmd.BriefNow, ANNA)
    story.it_is("2026-09-17")
    assert urgent(story) == []

    story.it_is("2026-09-18")

    assert {("acknowledgement", "anna"), ("acknowledgement", "bo")} <= set(urgent(story))
