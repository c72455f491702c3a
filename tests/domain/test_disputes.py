"""A dispute holds the advance until its author, a command that names it, or a supervisor with a reason ends it (P1)."""

from uuid import UUID, uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import Actor, Role
from domain.state.briefing import Dispute, OnBehalfReason
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, BO, CARL, CASE_SYSTEM, COURSE, SARA, Story, add_note
from tests.domain.wider import both_acknowledge

WHY = uuid5(COURSE, "the hours do not fit")
WORDS = uuid5(COURSE, "they do fit")
CONNIE = Actor(person="connie", roles=(Role.COMPANY_CONSULTANT,))
OLGA = Actor(person="olga", roles=(Role.OBSERVER,))
COVER = Actor(person="cora", roles=(Role.COMPANY_CONSULTANT,), covers=("bo",))
BACK = COVER.model_copy(update={"covers": ()})


@pytest.fixture
def disputed() -> Story:
    """A course whose gate is met, where Anna has acknowledged what Bo disputes."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    story.acknowledges(ANNA)
    story.command(cmd.Dispute, BO, briefing=1, version=1, reason=WHY)
    return story


def shown(story: Story) -> tuple[Dispute, ...]:
    """Return the disputes that the newest version shows."""
    return next(e for e in reversed(story.events) if isinstance(e, ev.BriefingIssued)).manifest.disputes


def names(story: Story) -> list[UUID]:
    return [dispute.id for dispute in shown(story)]


def test_a_dispute_is_content_with_who_and_why(disputed: Story) -> None:
    assert disputed.version == 2
    assert [(d.by, d.roles, d.id) for d in shown(disputed)] == [("bo", (Role.COMPANY_CONSULTANT,), WHY)]


def test_a_dispute_is_the_one_thing_that_both_are_asked_while_it_is_open(disputed: Story) -> None:
    assert [waiting.persons for waiting in disputed.waits(WaitingKind.DISPUTE)] == [("anna", "bo")]
    assert not disputed.waits(WaitingKind.ACKNOWLEDGEMENT)


def test_the_author_ends_a_dispute_by_acknowledging_and_nobody_reads_twice(disputed: Story) -> None:
    disputed.acknowledges(ANNA)
    assert disputed.holds(1)

    disputed.acknowledges(BO)

    assert not disputed.holds(1)
    assert disputed.happened(ev.BriefingIssued)[-1].version == 2


def test_neither_a_version_nor_a_note_nor_a_hand_over_ends_a_dispute(disputed: Story) -> None:
    disputed.reports(ANNA, way="both")
    disputed.notes(ANNA, "observation")
    disputed.notes(BO, "observation")
    disputed.hand_over(Role.CASEWORKER, "carl")
    disputed.hand_over(Role.COMPANY_CONSULTANT, "connie")
    disputed.acknowledges(CARL)

    assert disputed.holds(1)
    assert names(disputed) == [WHY]
    assert [waiting.persons for waiting in disputed.waits(WaitingKind.DISPUTE)] == [("carl", "connie")]
    told = [f"person/{person}" for person in ("anna", "bo", "carl", "connie")]
    assert sorted(disputed.recipients_of("dispute")) == told, "the wait is still the same, and who is new in it hears"


def test_after_a_hand_over_the_new_holder_ends_the_dispute(disputed: Story) -> None:
    disputed.hand_over(Role.COMPANY_CONSULTANT, "connie")
    disputed.acknowledges(ANNA)

    disputed.acknowledges(CONNIE)

    assert not disputed.holds(1)


def test_a_note_that_names_it_answers_a_dispute(disputed: Story) -> None:
    note = disputed.notes(ANNA, "observation", answers=WHY)

    assert not disputed.waits(WaitingKind.DISPUTE)
    assert disputed.version == 3
    assert disputed.happened(ev.BriefingIssued)[-1].manifest.notes == (note,)
    both_acknowledge(disputed)
    assert not disputed.holds(1)


def test_facts_that_name_it_answer_a_dispute(disputed: Story) -> None:
    disputed.command(cmd.ReportFacts, ANNA, facts={"way": "both"}, answers=WHY, acknowledge=2)

    assert not disputed.waits(WaitingKind.DISPUTE)
    assert disputed.missing == (Role.COMPANY_CONSULTANT,)


@pytest.mark.parametrize("stranger", [OLGA, CASE_SYSTEM, CONNIE])
def test_only_who_is_asked_answers_a_dispute(disputed: Story, stranger: Actor) -> None:
    refused = disputed.refusal(add_note, stranger, note=COURSE, note_kind="observation", answers=WHY)

    assert refused is Code.NOT_THE_PARTY


def test_facts_answer_nothing_but_a_dispute(disputed: Story) -> None:
    refused = disputed.refusal(cmd.ReportFacts, ANNA, facts={"way": "both"}, answers=WORDS)

    assert refused is Code.DISPUTE_UNKNOWN


def test_a_supervisor_ends_a_dispute_with_a_reason_that_both_are_informed_of(disputed: Story) -> None:
    disputed.acknowledges(ANNA)

    disputed.command(cmd.EndDispute, SARA, dispute=WHY, reason=WORDS)

    assert [(d.ended_by, d.ended_because) for d in shown(disputed)] == [("sara", WORDS)]
    assert (disputed.version, len(disputed.missing)) == (3, 2)
    both_acknowledge(disputed)
    assert not disputed.holds(1)


def test_the_author_may_say_why_it_is_settled(disputed: Story) -> None:
    disputed.command(cmd.EndDispute, BO, dispute=WHY, reason=WORDS)

    assert [d.ended_because for d in shown(disputed)] == [WORDS]


@pytest.mark.parametrize("other", [ANNA, CARL])
def test_nobody_else_ends_a_dispute(disputed: Story, other: Actor) -> None:
    assert disputed.refusal(cmd.EndDispute, other, dispute=WHY, reason=WORDS) is Code.NOT_THE_PARTY


def test_who_acts_on_behalf_ends_no_dispute(disputed: Story) -> None:
    refused = disputed.refusal(
        cmd.Acknowledge, SARA, briefing=1, version=2, on_behalf_of="bo", on_behalf_reason=OnBehalfReason.ABSENT
    )

    assert refused is Code.DISPUTED_IN_PERSON


def test_a_cover_disputes_as_the_human_of_the_role_and_ends_it_again() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")

    story.command(cmd.Dispute, COVER, briefing=1, version=1, reason=WHY)

    assert [(d.by, d.roles) for d in shown(story)] == [("cora", (Role.COMPANY_CONSULTANT,))]
    assert [(event.person, event.by) for event in story.happened(ev.BriefingDisputed)] == [("bo", "cora")]
    story.command(cmd.EndDispute, COVER, dispute=WHY, reason=WORDS)
    assert [(d.ended_by, d.ended_because) for d in shown(story)] == [("cora", WORDS)]


@pytest.mark.parametrize("author", [BO, COVER])
@pytest.mark.parametrize("settler", [BO, COVER])
def test_the_cover_and_who_is_covered_settle_what_either_disputed(author: Actor, settler: Actor) -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    story.acknowledges(ANNA)
    story.command(cmd.Dispute, author, briefing=1, version=1, reason=WHY)
    story.acknowledges(ANNA)

    story.acknowledges(settler)

    assert not story.holds(1)


def test_who_covers_no_more_neither_disputes_nor_ends_a_dispute(disputed: Story) -> None:
    other = uuid5(COURSE, "nor does the place")

    assert disputed.refusal(cmd.Dispute, BACK, briefing=1, version=2, reason=other) is Code.NOT_THE_PARTY
    assert disputed.refusal(cmd.EndDispute, BACK, dispute=WHY, reason=WORDS) is Code.NOT_THE_PARTY


def test_a_cover_without_the_role_disputes_nothing(disputed: Story) -> None:
    caseworker = CARL.model_copy(update={"covers": ("bo",)})

    assert disputed.refusal(cmd.Dispute, caseworker, briefing=1, version=2, reason=WORDS) is Code.ROLE_NOT_YOURS


def test_ending_twice_changes_nothing_and_what_never_was_is_unknown(disputed: Story) -> None:
    disputed.command(cmd.EndDispute, SARA, dispute=WHY, reason=WORDS)

    assert not disputed.command(cmd.EndDispute, SARA, dispute=WHY, reason=WORDS)
    assert disputed.refusal(cmd.EndDispute, SARA, dispute=WORDS, reason=WORDS) is Code.DISPUTE_UNKNOWN


def test_what_is_settled_is_no_content_of_what_follows(disputed: Story) -> None:
    both_acknowledge(disputed)

    disputed.reports(ANNA, agreed=True, way="again")

    assert names(disputed) == []


def test_two_disputes_are_settled_one_by_one(disputed: Story) -> None:
    second = uuid5(COURSE, "nor does the place")
    disputed.command(cmd.Dispute, ANNA, briefing=1, version=2, reason=second)
    assert names(disputed) == [WHY, second]

    disputed.acknowledges(ANNA)
    assert [waiting.key.role for waiting in disputed.waits(WaitingKind.DISPUTE)] == [Role.COMPANY_CONSULTANT]
    disputed.acknowledges(BO)

    assert not disputed.holds(1)


def test_disputes_have_room(disputed: Story) -> None:
    def dispute(number: int) -> dict[str, object]:
        return {"briefing": 1, "version": disputed.version, "reason": uuid5(COURSE, f"{number}")}

    for number in range(19):
        disputed.command(cmd.Dispute, BO, **dispute(number))

    assert disputed.refusal(cmd.Dispute, BO, **dispute(20)) is Code.DISPUTES_TOO_MANY


def test_the_last_gate_waits_for_the_disputes_of_every_visit_that_it_ends() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="both")
    story.reports(BO, contract=True, apart=True)
    both_acknowledge(story)
    assert story.steps == ["trial", "work"]
    story.command(cmd.BriefNow, ANNA, visit=2)
    story.command(cmd.Dispute, BO, briefing=2, version=1, reason=WHY)

    story.reports(BO, closing_outcome="job")
    assert names(story) == [WHY]
    story.acknowledges(ANNA, visit=3)
    assert not story.state.is_over
    story.acknowledges(BO, visit=3)

    assert story.state.is_over
