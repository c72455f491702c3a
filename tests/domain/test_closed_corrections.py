"""What a closed course rested on may prove wrong, and what is of another citizen is removable for ever (P10, P13)."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID, uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.state.facts import RetractionGround
from domain.state.news import NewsKind
from tests.domain.alphabets import OLGA
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, Story
from tests.domain.wider import both_acknowledge, wider

REASON: Final = uuid5(COURSE, "reason")


@pytest.fixture
def closed() -> Story:
    """A course that was closed at its first talk, with knowledge from both roles."""
    story = wider()
    story.notes(BO, "barrier")
    story.reports(ANNA, agreed=True, friendly=True, way="trial")
    story.reports(ANNA, closing_outcome="job")
    both_acknowledge(story)
    assert story.state.is_over
    return story


def statement(story: Story, name: str) -> UUID:
    """Return the first statement of a fact."""
    return next(fact.id for fact in story.state.facts if fact.fact == name)


def taken_back(story: Story, person: str) -> list[str | None]:
    """Return what is news to a person because it was taken back."""
    own = (news for news in story.state.news if news.person == person)
    return [item.what for news in own for item in news.items if item.kind is NewsKind.TAKEN_BACK]


@pytest.mark.parametrize("wrong_citizen", [False, True])
def test_a_fact_on_which_a_closed_course_rested_and_that_proves_wrong_is_told_to_both(
    closed: Story, *, wrong_citizen: bool
) -> None:
    taken = {"fact": statement(closed, "agreed"), "reason": REASON, "wrong_citizen": wrong_citizen}

    closed.command(cmd.RetractFact, ANNA, **taken)

    assert closed.state.on_record("agreed", 1) is None
    (visit,) = closed.state.visits
    assert [made.fact for made in visit.corrections] == ["agreed"]
    assert closed.recipients_of("correction") == ["person/anna", "person/bo"]
    assert taken_back(closed, "bo") == [], "it is told as a correction"
    assert (closed.state.is_over, closed.state.outcome, closed.state.open_visits) == (True, "job", ())


@pytest.mark.parametrize(
    "more",
    [{"ground": ground} for ground in RetractionGround] + [{"wrong_citizen": True}],
    ids=["no longer true", "was wrong", "of another citizen"],
)
def test_a_note_of_a_closed_course_is_taken_back_and_told_to_the_other_once(
    closed: Story, more: dict[str, Any]
) -> None:
    (note,) = closed.state.notes

    closed.command(cmd.RetractNote, ANNA, note=note.id, reason=REASON, **more)

    assert closed.state.notes == ()
    was_wrong = more.get("ground") is not RetractionGround.NO_LONGER_TRUE
    assert taken_back(closed, "bo") == ["barrier"] * (not was_wrong)
    assert closed.recipients_of("correction") == ["person/anna", "person/bo"] * was_wrong
    assert (closed.state.is_over, closed.state.open_visits) == (True, ())


def test_words_of_another_citizen_are_taken_back_in_a_closed_course_as_in_an_open_one(closed: Story) -> None:
    (note,) = closed.state.notes

    closed.command(cmd.RemoveText, ANNA, text=note.id, reason=REASON)

    assert [event.wrong_citizen for event in closed.happened(ev.NoteRetracted)] == [True]
    assert closed.recipients_of("correction") == ["person/anna", "person/bo"]


def test_by_what_outcome_a_course_is_closed_is_taken_back_by_reopening_it_only(closed: Story) -> None:
    outcome = statement(closed, "closing_outcome")

    assert closed.refusal(cmd.RetractFact, ANNA, fact=outcome, reason=REASON) is Code.COURSE_CLOSED
    closed.command(cmd.ReopenCourse, SARA, reason=REASON)
    assert closed.state.closing_outcome is None


def test_nothing_new_is_put_in_the_place_of_what_a_closed_course_said(closed: Story) -> None:
    (note,) = closed.state.notes
    fact, words = statement(closed, "agreed"), {"right": uuid5(COURSE, "right"), "reason": REASON}

    assert closed.refusal(cmd.SupersedeFact, ANNA, fact=fact, value=False, reason=REASON) is Code.COURSE_CLOSED
    assert closed.refusal(cmd.SupersedeNote, ANNA, note=note.id, **words) is Code.COURSE_CLOSED


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_statement_that_counts_no_more_is_removed_and_erased_when_a_second_person_agrees(
    closed: Story, *, is_closed: bool
) -> None:
    story = closed if is_closed else wider()
    if not is_closed:
        story.reports(ANNA, agreed=True)
    fact = statement(story, "agreed")
    story.command(cmd.RetractFact, ANNA, fact=fact, reason=REASON)
    news, removed = taken_back(story, "bo"), {"fact": fact, "name": "agreed", "reason": REASON}

    assert story.refusal(cmd.RemoveFact, OLGA, **removed) is Code.OBSERVER_CHANGES_NOTHING
    story.command(cmd.RemoveFact, BO, **removed)
    assert story.command(cmd.RemoveFact, BO, **removed) == ()
    story.command(cmd.RemoveFact, ANNA, **removed)

    assert [(removal.entry, removal.by, removal.is_agreed) for removal in story.state.removed] == [(fact, "bo", True)]
    assert story.happened(ev.FactRetracted)[-1].wrong_citizen
    assert taken_back(story, "bo") == news, "who does it himself is not told"
    assert taken_back(story, "anna") == [], "what counts no more is no news when it goes"


def values(part: Any, name: str) -> Iterator[object]:
    """Yield every value of a fact in a part of a state."""
    if isinstance(part, list | tuple):
        for each in part:
            yield from values(each, name)
    if isinstance(part, dict):
        if part.get("fact") == name and "value" in part:
            yield part["value"]
        for each in part.values():
            yield from values(each, name)


@pytest.mark.parametrize("is_paused", [False, True])
@pytest.mark.parametrize("is_taken_back_before", [False, True])
@pytest.mark.parametrize("is_corrected_before", [False, True])
def test_no_value_of_another_citizen_is_left_anywhere_in_the_course(
    *, is_paused: bool, is_taken_back_before: bool, is_corrected_before: bool
) -> None:
    story = wider()
    story.reports(ANNA, agreed=True, way="again")
    both_acknowledge(story)
    story.reports(ANNA, agreed=True, way="trial")
    wrong = next(fact.id for fact in story.state.facts if (fact.fact, fact.visit) == ("way", 1))
    if is_corrected_before:
        story.reports(ANNA, visit=1, way="both")
    if is_paused:
        story.command(cmd.PauseCourse, ANNA, reason=REASON)
    if is_taken_back_before:
        story.command(cmd.RetractFact, ANNA, fact=wrong, reason=REASON)
    assert is_taken_back_before or "again" in values(story.state.model_dump(), "way")

    story.command(cmd.RemoveFact, ANNA, fact=wrong, name="way", reason=REASON)

    assert "again" not in values(story.state.model_dump(), "way")
    assert "trial" in values(story.state.model_dump(), "way")
