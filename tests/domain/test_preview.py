"""The course as it stands: what a briefing would say is known before it is issued (P3)."""

import pytest

from domain import commands as cmd
from domain.decide.briefings import preview
from domain.state.facts import Audience
from tests.domain.vocabulary import ANNA, BO, CARL, Story
from tests.domain.wider import at_trial, both_acknowledge, wider


def previewed(story: Story) -> str:
    """Return the digest of what the newest open visit's briefing would say now."""
    return preview(story.state, story.visit.number, story.rules, story.now, story.calendar).digest


def begun() -> Story:
    """Return a course of which little is known."""
    return Story().starts()


def with_notes() -> Story:
    """Return a course with what waits, what is for caseworkers only, and knowledge of another visit."""
    story = at_trial()
    story.notes(ANNA, "resource")
    story.notes(BO, "observation", may_wait=True)
    story.notes(ANNA, "barrier", audience=Audience.CASEWORKER_ONLY)
    return story


def handed_over() -> Story:
    """Return a course on its second visit to a step, where a role has another holder."""
    story = wider()
    story.reports(ANNA, agreed=True, way="again")
    both_acknowledge(story)
    story.hand_over(ANNA.roles[0], CARL.person)
    return story


@pytest.mark.parametrize("story", [begun(), with_notes(), handed_over()], ids=["begun", "with_notes", "handed_over"])
def test_what_is_shown_before_a_version_is_issued_is_what_is_issued(story: Story) -> None:
    digest = previewed(story)
    assert story.version is None

    story.command(cmd.BriefNow, BO)

    assert story.visit.briefing is not None
    assert story.visit.briefing.digest == digest
