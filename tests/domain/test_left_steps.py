"""What other rules ask newly in a step that a course has left: never, or in the next step that it enters (P3, P6)."""

import pytest

from domain import commands as cmd
from domain.decide.re_pinning import left_requirements
from rules.engine.book import Book
from tests.domain.versions import versions_of
from tests.domain.vocabulary import ANNA, BO, SARA, Story, tiny_book

MORE: Book = next(book for book in versions_of(tiny_book()).books if book.reference.version == "more")


def at_second_talk() -> Story:
    """Return a course that has left a talk and a trial, and stands at a talk again."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="trial")
    both_acknowledge(story)
    story.reports(BO, tried=True)
    both_acknowledge(story)
    return story


def both_acknowledge(story: Story) -> None:
    story.acknowledges(ANNA)
    story.acknowledges(BO)


def goes_to_work(story: Story) -> None:
    """Let the talk lead on, with what the new rules ask in it."""
    if story.rules is MORE:
        story.reports(ANNA, more_of_talk=True)
    story.reports(ANNA, agreed=True, way="work")
    story.reports(BO, contract=True)
    both_acknowledge(story)
    assert story.steps == ["work"]


def asked(story: Story) -> set[str]:
    """Return what the newest open visit asks."""
    return set(story.visit.judgement.outcomes)


@pytest.mark.parametrize("at_next_visit", [False, True])
def test_nothing_is_asked_of_a_step_that_was_left(at_next_visit: bool) -> None:  # noqa: FBT001 - pytest names it
    story = at_second_talk()

    story.re_pins(MORE, at_next_visit=at_next_visit)
    assert "more_in_trial" not in asked(story)
    goes_to_work(story)

    assert asked(story).isdisjoint({"more_in_trial", "more_in_talk"})


def test_what_is_to_be_asked_is_asked_in_the_next_step_entered_and_in_no_other() -> None:
    story = at_second_talk()

    story.re_pins(MORE, ask_left=True)
    assert "more_in_trial" not in asked(story)
    goes_to_work(story)
    assert {"more_in_trial", "more_in_work"} <= asked(story)
    assert "more_in_talk" not in asked(story), "it was asked where the course stood"
    story.reports(ANNA, more_of_work=True)
    story.reports(BO, over="talk")
    assert not story.visit.judgement.ready

    story.reports(ANNA, more_of_trial=True, visit=story.visit.number)
    both_acknowledge(story)

    assert story.steps == ["talk"]
    assert "more_in_trial" not in asked(story)


def test_from_the_next_visit_on_the_step_just_left_is_asked_of_too() -> None:
    story = at_second_talk()

    story.re_pins(MORE, at_next_visit=True, ask_left=True)
    goes_to_work(story)

    assert {"more_in_trial", "more_in_talk", "more_in_work"} <= asked(story)


def test_what_is_taken_back_is_asked_no_more() -> None:
    story = at_second_talk()
    story.re_pins(MORE, ask_left=True)

    story.re_pins(tiny_book())
    goes_to_work(story)
    story.re_pins(MORE)

    assert "more_in_trial" not in asked(story)
    assert (story.state.ask_next, story.visit.asks_left) == ((), ())


def test_a_supervisor_waives_it_where_it_is_asked() -> None:
    story = at_second_talk()
    story.re_pins(MORE, ask_left=True)
    goes_to_work(story)

    waiver = {"requirement": "more_in_trial", "waiver": cmd.WaiverReason.OTHER, "reason": story.state.course}
    story.command(cmd.WaiveRequirement, SARA, **waiver)

    assert story.visit.judgement.outcomes["more_in_trial"] == "waived"


def test_what_is_not_asked_in_a_visit_that_is_withdrawn_is_asked_in_the_next_one() -> None:
    story = at_second_talk()
    story.re_pins(MORE, ask_left=True)
    goes_to_work(story)

    story.command(cmd.ReopenVisit, SARA, visit=3, reason=story.state.course)
    assert "more_in_trial" not in asked(story)
    both_acknowledge(story)

    assert story.steps == ["work"]
    assert "more_in_trial" in asked(story)


def test_the_courses_concerned_are_known_beforehand() -> None:
    story = at_second_talk()

    now = left_requirements(story.state, tiny_book(), MORE)
    then = left_requirements(story.state, tiny_book(), MORE, with_open=True)

    assert [left.requirement for left in now] == ["more_in_trial"]
    assert [left.requirement for left in then] == ["more_in_talk", "more_in_trial"]
