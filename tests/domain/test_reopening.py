"""What was written in a withdrawn visit waits for the next one to its step, and is shown meanwhile (P3, P13)."""

from datetime import date, timedelta

import pytest

from domain import commands as cmd
from domain.identity import Role
from domain.state.facts import Audience
from domain.state.takeover import PriorVisit, TakenOver
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, COURSE, MONDAY, SARA, Story
from tests.domain.wider import both_acknowledge


@pytest.fixture
def visited() -> JobFirst:
    """A company visit that was held and written down."""
    story = JobFirst().reaches_company_visit()
    story.company_is_visited("2026-09-22")
    return story


def reopens(story: Story, visit: int) -> None:
    story.command(cmd.ReopenVisit, SARA, visit=visit, reason=COURSE)


def test_the_notes_of_a_withdrawn_visit_are_content_of_the_one_that_is_reopened(visited: JobFirst) -> None:
    written = {visited.notes(ANNA, "observation"), visited.notes(BO, "observation", changes_the_agreement=True)}
    waiting = visited.notes(BO, "observation", may_wait=True)

    reopens(visited, 1)

    assert {*written, waiting} <= visited.manifest.every_note
    assert not visited.manifest.lessons, "nothing was learned of a visit that never was"


def test_the_next_visit_to_the_step_has_the_notes_of_the_withdrawn_one(visited: JobFirst) -> None:
    note = visited.notes(ANNA, "observation")
    hidden = visited.notes(ANNA, "observation", audience=Audience.CASEWORKER_ONLY)
    reopens(visited, 1)

    visited.both_acknowledge()

    assert visited.visit.number == 3
    assert visited.lacks() == set(), "what was agreed is written down already"
    assert {written.visit for written in visited.state.notes if written.id in (note, hidden)} == {3}
    visited.reports(BO, visit_outcome="another_company")
    assert note in visited.manifest.notes


def test_notes_of_a_withdrawn_visit_wait_for_its_step_whatever_is_visited_between() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="trial")
    both_acknowledge(story)
    note = story.notes(BO, "observation")
    reopens(story, 1)

    story.reports(ANNA, way="again")
    both_acknowledge(story)
    assert (story.steps, story.state.notes[0].visit) == (["talk"], 1)
    story.reports(ANNA, agreed=True, way="trial")
    both_acknowledge(story)

    assert story.steps == ["trial"]
    assert [(written.id, written.visit) for written in story.state.notes] == [(note, story.visit.number)]


def test_notes_of_visits_that_are_withdrawn_one_after_the_other_find_their_own_steps() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="trial")
    both_acknowledge(story)
    of_trial = story.notes(BO, "observation")
    story.reports(BO, tried=True)
    both_acknowledge(story)
    of_talk = story.notes(BO, "observation")

    reopens(story, 2)
    reopens(story, 1)

    assert [(note.id, note.visit, note.step) for note in story.state.notes] == [
        (of_trial, 1, "trial"),
        (of_talk, 1, "talk"),
    ]
    both_acknowledge(story)
    assert {note.id: note.visit for note in story.state.notes} == {of_trial: 4, of_talk: 1}


def test_a_question_that_was_answered_in_a_withdrawn_visit_is_shown_with_its_answer() -> None:
    story = Story().starts()
    question = story.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
    story.reports(ANNA, agreed=True, way="trial")
    both_acknowledge(story)
    answer = story.notes(BO, "observation", answers=question)

    reopens(story, 1)

    assert story.visit.briefing is not None
    assert {question, answer} <= story.visit.briefing.manifest.every_note


def test_a_visit_that_was_left_before_the_course_was_taken_over_is_reopened_in_the_place_of_the_next() -> None:
    left = MONDAY.date() - timedelta(days=5)
    visits = (
        PriorVisit(step="intake", entered_on=date(2026, 9, 1), left_on=left),
        PriorVisit(step="company_visit", entered_on=left, left_on=None),
    )
    story = JobFirst()
    over = TakenOver(visits=visits, quiet_until=MONDAY + timedelta(days=14))
    story.starts("cash_benefit_activity_ready", started_on=date(2026, 9, 1), taken_over=over)

    reopens(story, 1)

    assert story.steps == ["intake"]


def test_a_visit_is_reopened_again_at_the_very_instant_at_which_it_was_left_again() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="trial")
    for _ in range(2):
        both_acknowledge(story)
        reopens(story, 1)

    assert story.steps == ["talk"]
