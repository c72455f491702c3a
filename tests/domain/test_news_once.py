"""News is true, and each thing is told once: not beside a notice of its own, nor of what does not count (P13)."""

from datetime import date
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain.state.news import NewsKind
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, COURSE

WHY = uuid5(COURSE, "why")


@pytest.fixture
def visiting() -> JobFirst:
    """A course at its first company visit, on Tuesday, 15 September, all news seen."""
    story = JobFirst().reaches_company_visit()
    story.it_is("2026-09-15")
    assert story.state.news == ()
    return story


def news_of(story: JobFirst, person: str) -> list[tuple[NewsKind, str]]:
    """Return what is unseen by a person."""
    return [(item.kind, item.what) for news in story.state.news if news.person == person for item in news.items]


def test_a_late_statement_that_does_not_count_is_no_news(visiting: JobFirst) -> None:
    visiting.reports(BO, goal_paid_hours="25")
    visiting.it_is("2026-09-16")

    visiting.reports(ANNA, on=date(2026, 9, 11), goal_paid_hours="10")

    assert visiting.stated("goal_paid_hours") == 25
    assert news_of(visiting, "bo") == []


def test_a_late_statement_that_counts_is_news(visiting: JobFirst) -> None:
    visiting.reports(ANNA, on=date(2026, 9, 11), goal_paid_hours="10")

    assert news_of(visiting, "bo") == [(NewsKind.FACT, "goal_paid_hours")]


def test_what_has_a_notice_as_a_correction_is_not_news_as_well(visiting: JobFirst) -> None:
    goal = next(fact for fact in visiting.state.facts if fact.fact == "goal_paid_hours")

    visiting.command(cmd.SupersedeFact, ANNA, fact=goal.id, value="10", reason=WHY)

    assert visiting.recipients_of("correction") == ["person/anna", "person/bo"]
    assert visiting.state.news == ()


@pytest.mark.parametrize("instead", [True, False])
def test_a_note_that_was_wrong_is_told_as_a_correction_alone(visiting: JobFirst, *, instead: bool) -> None:
    note = next(note.id for note in visiting.state.notes if note.kind == "resource")

    if instead:
        visiting.command(cmd.SupersedeNote, BO, note=note, right=uuid5(COURSE, "right"), reason=WHY)
    else:
        visiting.command(cmd.RetractNote, ANNA, note=note, reason=WHY)

    assert visiting.recipients_of("correction") == ["person/anna", "person/bo"]
    assert visiting.state.news == ()


def test_a_meeting_that_is_made_moved_or_called_off_is_told_as_a_meeting_alone(visiting: JobFirst) -> None:
    visiting.reports(BO, visit_planned_on="2026-09-17", visit_planned_at="10:00")
    visiting.reports(BO, visit_planned_on="2026-09-18")
    visiting.reports(ANNA, visit_called_off=True)

    assert visiting.recipients_of("appointment") == ["person/anna", "person/bo"] * 3
    assert visiting.state.news == ()


def test_a_meeting_day_that_makes_no_meeting_is_news(visiting: JobFirst) -> None:
    visiting.reports(BO, visit_planned_on="2026-09-14")

    assert news_of(visiting, "anna") == [(NewsKind.FACT, "visit_planned_on")]


def test_a_course_that_is_opened_again_is_told_so_and_not_as_an_answer_taken_back() -> None:
    story = JobFirst().works()
    story.it_is("2026-10-26")
    story.closes("moved")
    story.both_acknowledge()
    story.it_is("2026-11-02")

    story.command(cmd.ReopenCourse, ANNA, reason=WHY)

    assert news_of(story, "bo") == [(NewsKind.REOPENED, "")]
