"""A repeat of what is done already is answered as done, and changes nothing (P7)."""

from datetime import timedelta
from typing import Any

import pytest

from domain import commands as cmd
from domain.errors import Code
from domain.state.observers import ObserverKind
from tests.domain.vocabulary import ANNA, BO, CARL, COURSE, SARA, Story
from tests.domain.wider import both_acknowledge

OBSERVING = {"person": "olga", "reason": COURSE}


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (cmd.ResumeCourse, {}),
        (cmd.ReopenCourse, {"reason": COURSE}),
        (cmd.ReopenVisit, {"visit": 1, "reason": COURSE}),
        (cmd.RemoveObserver, OBSERVING),
    ],
)
def test_a_course_that_stands_so_is_left_alone(kind: type[Any], what: dict[str, Any]) -> None:
    assert Story().starts().command(kind, SARA, **what) == ()


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (cmd.PauseCourse, {"reason": COURSE}),
        (cmd.AddObserver, {**OBSERVING, "observer_kind": ObserverKind.MENTOR}),
        (cmd.BriefNow, {}),
        (cmd.CloseCourse, {"outcome": "job", "reason": COURSE}),
        (cmd.AssignParty, {"role": ANNA.roles[0], "to": cmd.PartyClaim(person="carl"), "reason": COURSE}),
    ],
)
def test_a_second_click_changes_nothing(kind: type[Any], what: dict[str, Any]) -> None:
    story = Story().starts()
    assert story.command(kind, ANNA, **what) != ()

    assert story.command(kind, ANNA, **what) == ()


def test_a_closed_course_is_closed_as_it_was_and_not_otherwise() -> None:
    story = Story().starts()
    story.command(cmd.CloseCourse, ANNA, outcome="job", reason=COURSE)
    story.acknowledges(ANNA)
    story.acknowledges(BO)
    assert story.state.is_over

    assert story.command(cmd.CloseCourse, ANNA, outcome="job", reason=COURSE) == ()
    day_before = story.now.date() - timedelta(days=1)
    other = {"outcome": "job", "occurred_on": day_before, "reason": COURSE}
    assert story.refusal(cmd.CloseCourse, ANNA, **other) is Code.COURSE_CLOSED


def test_the_acknowledgement_by_which_the_course_went_on_is_done_when_it_comes_again() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    story.acknowledges(ANNA)
    story.acknowledges(BO)
    assert not story.holds(1)

    for actor in (ANNA, BO):
        assert story.command(cmd.Acknowledge, actor, briefing=1, version=1) == ()

    assert story.refusal(cmd.Acknowledge, CARL, briefing=1, version=1) is Code.VERSION_USED_UP
    assert story.refusal(cmd.Acknowledge, BO, briefing=1, version=2) is Code.VERSION_USED_UP


def test_the_acknowledgement_that_closed_the_course_is_done_when_it_comes_again() -> None:
    story = Story().starts()
    story.command(cmd.CloseCourse, ANNA, outcome="job", reason=COURSE)
    story.acknowledges(ANNA)
    story.acknowledges(BO)

    assert story.command(cmd.Acknowledge, BO, briefing=1, version=1) == ()


def test_the_acknowledgement_by_which_a_step_began_beside_is_done_when_it_comes_again() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="work")
    story.reports(BO, contract=True)
    both_acknowledge(story)
    story.reports(BO, beside=True)
    both_acknowledge(story)
    assert story.holds(2)

    assert story.command(cmd.Acknowledge, BO, briefing=2, version=1) == ()
