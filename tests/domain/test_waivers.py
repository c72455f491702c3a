"""A waiver is shown content: nothing advances before both are informed of it (P1, P3)."""

from typing import Any
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import GATE_ROLES
from domain.state.briefing import Manifest
from rules.engine.book import Book
from rules.loading.read_toml import read_rule_set
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, TINY, Story
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


def test_a_requirement_is_waived_for_one_visit_with_a_reason_from_the_list() -> None:
    started = Story().starts()
    started.reports(ANNA, way="again")
    waiver = {"waiver": cmd.WaiverReason.DONE_ELSEWHERE, "reason": COURSE}

    started.command(cmd.WaiveRequirement, SARA, requirement="is_agreed", **waiver)

    assert started.visit.judgement.outcomes["is_agreed"] == "waived"
    both_acknowledge(started)
    assert started.visit.number == 2
    assert started.visit.waivers == ()


def test_a_waiver_on_another_ground_takes_the_place_of_the_first_and_is_shown_and_the_same_again_is_done(
    held: Story,
) -> None:
    waives(held)
    (known,) = held.visit.waivers
    same = {"requirement": known.requirement, "waiver": known.ground, "reason": known.reason}
    assert held.command(cmd.WaiveRequirement, SARA, **same) == ()

    otherwise: tuple[dict[str, Any], ...] = (
        {"waiver": cmd.WaiverReason.DISPROPORTIONATE},
        {"reason": uuid5(COURSE, "other words")},
    )
    for version, other in enumerate(otherwise, 3):
        same |= other
        held.command(cmd.WaiveRequirement, SARA, **same)

        (waiver,) = held.visit.waivers
        assert {"requirement": waiver.requirement, "waiver": waiver.ground, "reason": waiver.reason} == same
        assert (held.version, held.missing) == (version, GATE_ROLES)


def test_what_no_gate_asks_cannot_be_waived_and_what_the_rules_forbid_neither() -> None:
    story = _with_waivers("waivable_by = []")

    assert story.refusal(cmd.WaiveRequirement, SARA, **_waiver("is_agreed")) is Code.REQUIREMENT_NOT_WAIVABLE
    assert story.refusal(cmd.WaiveRequirement, SARA, **_waiver("both_informed")) is Code.REQUIREMENT_UNKNOWN


def test_the_law_is_waived_by_nobody() -> None:
    law = TINY.read_text().replace('kind = "local"', 'kind = "law"')
    story = Story(rules=Book(read_rule_set(law, TINY.name))).starts()

    assert story.refusal(cmd.WaiveRequirement, SARA, **_waiver("is_agreed")) is Code.LAW_NOT_WAIVABLE


def test_the_rules_say_of_each_requirement_who_may_waive_it() -> None:
    story = _with_waivers('waivable_by = ["company_consultant"]')

    for stranger in (SARA, ANNA, BO.model_copy(update={"person": "berit"})):
        assert story.refusal(cmd.WaiveRequirement, stranger, **_waiver("is_agreed")) is Code.WAIVER_NOT_YOURS
    story.command(cmd.WaiveRequirement, BO, **_waiver("is_agreed"))
    assert story.visit.waived == ("is_agreed",)


def _with_waivers(line: str) -> Story:
    """Return a started course whose first requirement says who may waive it."""
    asked = 'must = { yes = "agreed" }'
    text = TINY.read_text().replace(asked, f"{asked}\n{line}")
    return Story(rules=Book(read_rule_set(text, TINY.name))).starts()


def _waiver(requirement: str) -> dict[str, Any]:
    return {"requirement": requirement, "waiver": cmd.WaiverReason.OTHER, "reason": COURSE}
