"""A waiver is shown content: nothing advances before both are informed of it (P1, P3)."""

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.identity import GATE_ROLES
from domain.state.briefing import Manifest
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, Story
from tests.domain.wider import both_acknowledge


@pytest.fixture
def held() -> Story:
    """A course that is held by a requirement alone, both roles informed of all else."""
    story = Story().starts()
    story.reports(ANNA, way="again")
    story.command(cmd.BriefNow, ANNA)
    both_acknowledge(story)
    return story


def shown(story: Story) -> Manifest:
    """Return the content of the version issued last."""
    return next(e for e in reversed(story.events) if isinstance(e, ev.BriefingIssued)).manifest


def waives(story: Story, requirement: str = "is_agreed") -> None:
    """Let Sara waive a requirement."""
    story.command(
        cmd.WaiveRequirement, SARA, requirement=requirement, waiver=cmd.WaiverReason.DONE_ELSEWHERE, reason=COURSE
    )


def test_nothing_advances_by_a_waiver_before_both_have_acknowledged_it(held: Story) -> None:
    waives(held)

    assert held.holds(1), "advanced although nobody was informed of the waiver"
    assert (held.version, held.missing) == (2, GATE_ROLES)

    both_acknowledge(held)
    assert not held.holds(1)


def test_the_briefing_shows_what_was_waived_on_what_ground_by_whom_and_when(held: Story) -> None:
    waives(held)

    (waiver,) = shown(held).waivers

    assert (waiver.requirement, waiver.ground, waiver.by) == ("is_agreed", cmd.WaiverReason.DONE_ELSEWHERE, "sara")
    assert (waiver.reason, waiver.at) == (COURSE, held.now)


def test_a_waiver_of_one_visit_is_not_shown_in_the_next(held: Story) -> None:
    waives(held)
    both_acknowledge(held)

    held.reports(ANNA, agreed=True, way="again")

    assert (shown(held).visit, shown(held).waivers) == (2, ())


def test_the_last_briefing_shows_the_waivers_of_every_visit_that_it_ends() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="both")
    story.reports(BO, contract=True, apart=True)
    both_acknowledge(story)
    story.command(cmd.BriefNow, ANNA, visit=3)
    waives(story, "is_over")

    story.reports(BO, closing_outcome="job")

    assert [waiver.requirement for waiver in shown(story).waivers] == ["is_over"]
