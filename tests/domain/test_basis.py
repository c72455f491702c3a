"""What a left step rested on and proves wrong is told to both, and is content of the next briefing (P13)."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import pytest

from domain import commands as cmd
from domain.state.briefing import Correction, Manifest
from domain.state.facts import Audience, RetractionGround
from tests.domain.vocabulary import ANNA, COURSE, Story
from tests.domain.wider import both_acknowledge, wider

MINUTE: Final = timedelta(minutes=1)


@pytest.fixture
def left() -> Story:
    """A course whose first talk is left, and whose second is briefed."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    both_acknowledge(story)
    story.reports(ANNA, agreed=True, way="again")
    story.now += MINUTE
    return story


def shown(story: Story) -> Manifest:
    """Return the content of the newest open visit's version."""
    assert story.visit.briefing is not None
    return story.visit.briefing.manifest


def stated(story: Story, name: str) -> cmd.RetractFact:
    """Return how the first statement of a fact is taken back."""
    fact = next(fact for fact in story.state.facts if fact.fact == name)
    return cmd.RetractFact(id=COURSE, actor=ANNA, fact=fact.id, reason=COURSE)


def takes_back(story: Story, name: str, *, wrong_citizen: bool = False) -> None:
    """Let Anna take back the first statement of a fact."""
    story.command(cmd.RetractFact, ANNA, fact=stated(story, name).fact, reason=COURSE, wrong_citizen=wrong_citizen)


def from_to(correction: Correction) -> tuple[object, object]:
    """Return from what to what something was put right."""
    return (
        correction.before.value if correction.before else None,
        correction.after.value if correction.after else None,
    )


def test_what_a_left_visit_rested_on_and_is_taken_back_is_told_to_both_and_in_the_next_briefing(left: Story) -> None:
    takes_back(left, "agreed")

    (correction,) = shown(left).corrections
    assert (correction.visit, correction.fact, from_to(correction)) == (1, "agreed", (True, None))
    assert left.version == 2
    assert left.recipients_of("correction") == ["person/anna", "person/bo"]


def test_the_gate_of_the_left_visit_keeps_what_proved_wrong(left: Story) -> None:
    takes_back(left, "agreed")
    left.now += MINUTE
    both_acknowledge(left)
    left.reports(ANNA, agreed=True, way="again")

    visit = left.state.visit(1)
    assert visit is not None
    assert [made.fact for made in visit.corrections] == ["agreed"]
    assert shown(left).corrections == (), "both have acknowledged it"


def test_what_is_superseded_is_told_from_what_to_what(left: Story) -> None:
    left.command(cmd.SupersedeFact, ANNA, fact=stated(left, "way").fact, value="trial", reason=COURSE)

    assert [from_to(made) for made in shown(left).corrections] == [("again", "trial")]


def test_what_is_reported_of_a_left_visit_anew_is_told_too(left: Story) -> None:
    left.reports(ANNA, visit=1, way="trial")

    assert [from_to(made) for made in shown(left).corrections] == [("again", "trial")]


def test_corrected_twice_is_told_from_the_first_and_corrected_back_not_at_all(left: Story) -> None:
    left.reports(ANNA, visit=1, way="trial")
    left.now += MINUTE
    left.reports(ANNA, visit=1, way="both")
    assert [from_to(made) for made in shown(left).corrections] == [("again", "both")]

    left.now += MINUTE
    left.reports(ANNA, visit=1, way="again")

    assert shown(left).corrections == ()


def test_of_another_citizens_fact_nothing_is_told_but_what_it_was_about(left: Story) -> None:
    takes_back(left, "way", wrong_citizen=True)

    (correction,) = shown(left).corrections
    assert (correction.fact, from_to(correction)) == ("way", (None, None))


def test_what_is_put_right_before_its_visit_is_left_is_no_correction(left: Story) -> None:
    left.reports(ANNA, way="both")

    assert shown(left).corrections == ()
    assert left.recipients_of("correction") == []


def test_what_was_reported_after_the_visit_was_left_is_nothing_it_rested_on() -> None:
    left = wider()
    left.reports(ANNA, agreed=True, way="again")
    both_acknowledge(left)
    left.reports(ANNA, agreed=True, way="again")
    for is_friendly in (True, False):
        left.now += MINUTE
        left.reports(ANNA, visit=1, friendly=is_friendly)

    assert shown(left).corrections == ()


# Notes as facts


def rests_on_a_note() -> tuple[Story, UUID]:
    """Return a course whose first talk was left with a note for both, and whose second is briefed, with the note."""
    story = Story().starts()
    note = story.notes(ANNA, "observation")
    story.reports(ANNA, agreed=True, way="again")
    both_acknowledge(story)
    story.reports(ANNA, agreed=True, way="again")
    story.now += MINUTE
    return story, note


def test_a_note_on_which_a_left_visit_rested_and_that_is_taken_back_is_told_as_a_fact_is() -> None:
    story, note = rests_on_a_note()

    story.command(cmd.RetractNote, ANNA, note=note, reason=COURSE)

    (correction,) = shown(story).corrections
    assert (correction.visit, correction.note, correction.note_kind) == (1, note, "observation")
    assert story.recipients_of("correction") == ["person/anna", "person/bo"]
    assert story.version == 2


def test_a_note_that_is_put_right_is_told_with_the_one_in_its_place_and_taken_back_again_with_it() -> None:
    story, note = rests_on_a_note()
    right = uuid5(COURSE, "right")

    story.command(cmd.SupersedeNote, ANNA, note=note, right=right, reason=COURSE)
    story.now += MINUTE
    story.command(cmd.RetractNote, ANNA, note=right, reason=COURSE)

    assert [(made.note, made.instead) for made in shown(story).corrections] == [(note, right), (right, None)]


@pytest.mark.parametrize(
    "what",
    [{"ground": RetractionGround.NO_LONGER_TRUE}, {"audience": Audience.CASEWORKER_ONLY}],
    ids=["no longer true", "for caseworkers only"],
)
def test_a_note_that_was_true_or_that_only_one_role_read_is_no_correction(what: dict[str, Any]) -> None:
    story = Story().starts()
    note = story.notes(ANNA, "observation", **{k: v for k, v in what.items() if k == "audience"})
    story.reports(ANNA, agreed=True, way="again")
    both_acknowledge(story)
    story.reports(ANNA, agreed=True, way="again")

    more = {k: v for k, v in what.items() if k == "ground"}
    story.command(cmd.RetractNote, ANNA, note=note, reason=COURSE, **more)

    assert (shown(story).corrections, story.recipients_of("correction")) == ((), [])


def test_a_note_of_the_visit_that_is_open_is_no_correction(left: Story) -> None:
    note = left.notes(ANNA, "observation")
    left.command(cmd.RetractNote, ANNA, note=note, reason=COURSE)

    assert left.recipients_of("correction") == []
