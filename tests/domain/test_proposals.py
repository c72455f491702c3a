"""What a former course knew is proposed to the next one, and nothing waits but one line (P13)."""

from typing import Final
from uuid import UUID, uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.decide.proposals import lesson_of, proposals_of
from domain.errors import Code
from domain.state.briefing import Manifest
from domain.state.facts import Audience, Carried
from domain.state.proposals import DropGround, DroppedProposal, KeptProposal, Proposal
from domain.state.waiting import WaitingKind
from tests.domain.alphabets import OLGA
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, Story
from tests.domain.wider import BOOK, both_acknowledge, wider

NEXT: Final = uuid5(COURSE, "the next course")


@pytest.fixture
def former() -> Story:
    """A course that ended after a talk and a trial that led nowhere."""
    story = wider()
    story.notes(ANNA, "barrier")
    story.notes(ANNA, "resource", audience=Audience.CASEWORKER_ONLY)
    story.notes(ANNA, "observation")
    story.reports(ANNA, agreed=True, way="trial")
    both_acknowledge(story)
    story.notes(BO, "lesson")
    story.reports(BO, tried=True)
    story.reports(BO, closing_outcome="job")
    both_acknowledge(story)
    assert story.state.is_over
    return story


def follows(former: Story) -> Story:
    """Return the next course of the same citizen, just begun."""
    story = Story(rules=BOOK)
    story.state = story.state.model_copy(update={"course": NEXT})
    proposals = tuple(each.id for each in proposals_of(former.state, former.rules))
    return story.starts(follows=former.state.course, proposals=proposals, ordinal=2)


def kept(proposal: Proposal) -> KeptProposal:
    """Return a proposal as it is kept, its words staged anew."""
    note = uuid5(NEXT, str(proposal.id))
    return KeptProposal(note=note, note_kind=proposal.kind, audience=proposal.audience, former=proposal.former)


def dropped(proposal: UUID, ground: DropGround = DropGround.NO_LONGER_TRUE) -> DroppedProposal:
    """Return a proposal as it is dropped."""
    return DroppedProposal(proposal=proposal, ground=ground)


def shown(story: Story) -> Manifest:
    """Return the content of the version issued last."""
    return next(e for e in reversed(story.events) if isinstance(e, ev.BriefingIssued)).manifest


def test_lessons_and_what_was_known_at_the_close_are_proposed(former: Story) -> None:
    proposed = proposals_of(former.state, former.rules)

    assert [(each.kind, each.visit, [fact.fact for fact in each.facts]) for each in proposed] == [
        ("observation", 2, ["tried"]),
        ("lesson", 2, []),
        ("barrier", None, []),
        ("resource", None, []),
    ]
    assert proposed[-1].audience is Audience.CASEWORKER_ONLY
    assert {each.former.course for each in proposed} == {former.state.course}
    assert len({each.id for each in proposed}) == len(proposed)


def test_what_was_taken_back_before_the_close_is_not_proposed() -> None:
    story = wider()
    barrier = story.notes(ANNA, "barrier")
    story.command(cmd.RetractNote, ANNA, note=barrier, reason=COURSE)

    assert proposals_of(story.state, story.rules) == ()


def test_proposals_hold_nothing_and_are_one_wait_for_the_caseworker_without_a_ladder(former: Story) -> None:
    story = follows(former)

    (wait,) = story.waits(WaitingKind.PROPOSALS)
    assert (wait.persons, wait.until, wait.next_rung_at, wait.is_shown) == (("anna",), None, None, True)
    story.reports(ANNA, agreed=True, way="again")
    assert (shown(story).notes, shown(story).knowledge) == ((), ()), "what nobody has confirmed is no content"
    both_acknowledge(story)

    assert story.steps == ["talk"]
    assert not story.holds(1)
    assert story.waits(WaitingKind.PROPOSALS) == [], "the line ends with the first visit at the latest"
    assert len(story.state.open_proposals) == 4


def test_what_is_kept_is_knowledge_in_every_later_briefing_and_news_to_the_other(former: Story) -> None:
    story = follows(former)
    keep = tuple(kept(each) for each in proposals_of(former.state, former.rules))

    story.command(cmd.ReviewProposals, ANNA, keep=keep)

    assert [(note.kind, note.by, note.carried, note.former) for note in story.state.notes] == [
        (each.note_kind, "anna", Carried.EVERY, each.former) for each in keep
    ]
    for_both = tuple(each.note for each in keep if each.audience is Audience.BOTH)
    assert [item.entry for news in story.state.news if news.person == "bo" for item in news.items] == [*for_both]
    story.reports(ANNA, agreed=True, way="trial")
    assert shown(story).notes == for_both
    both_acknowledge(story)
    story.reports(BO, tried=True)
    assert shown(story).knowledge == for_both


def test_one_command_keeps_these_and_drops_those_and_ends_the_wait(former: Story) -> None:
    story = follows(former)
    lesson, *others = proposals_of(former.state, former.rules)
    drop = tuple(dropped(each.id, DropGround.NOT_RELEVANT) for each in others)

    story.command(cmd.ReviewProposals, ANNA, keep=(kept(lesson),), drop=drop)

    (reviewed,) = story.happened(ev.ProposalsReviewed)
    assert (reviewed.kept, reviewed.dropped) == ((lesson.id,), drop)
    assert (story.state.open_proposals, story.waits(WaitingKind.PROPOSALS)) == ((), [])


def test_some_may_be_left_for_another_day(former: Story) -> None:
    story = follows(former)
    first, *others = (each.id for each in proposals_of(former.state, former.rules))

    story.command(cmd.ReviewProposals, ANNA, drop=(dropped(first),))

    assert story.state.open_proposals == tuple(others)
    assert story.waits(WaitingKind.PROPOSALS)


def test_what_was_gone_through_stays_as_it_was_decided_first(former: Story) -> None:
    story = follows(former)
    first = proposals_of(former.state, former.rules)[0]
    story.command(cmd.ReviewProposals, ANNA, keep=(kept(first),))

    events = story.command(cmd.ReviewProposals, ANNA, keep=(kept(first),), drop=(dropped(first.id),))

    assert events == ()
    assert len(story.state.notes) == 1


def test_what_was_never_proposed_is_neither_kept_nor_dropped(former: Story) -> None:
    story = follows(former)

    assert story.refusal(cmd.ReviewProposals, ANNA, drop=(dropped(COURSE),)) is Code.PROPOSAL_UNKNOWN


def test_a_kind_of_note_that_the_new_rules_do_not_know_is_kept_as_an_observation(former: Story) -> None:
    story = follows(former)
    lesson = proposals_of(former.state, former.rules)[1]

    story.command(cmd.ReviewProposals, ANNA, keep=(kept(lesson).model_copy(update={"note_kind": "unheard_of"}),))

    assert [(note.kind, note.is_knowledge) for note in story.state.notes] == [("observation", True)]


def test_what_is_kept_stands_until_it_is_taken_back(former: Story) -> None:
    story = follows(former)
    keep = kept(proposals_of(former.state, former.rules)[0])
    story.command(cmd.ReviewProposals, ANNA, keep=(keep,))

    story.command(cmd.RetractNote, ANNA, note=keep.note, reason=COURSE)

    assert story.state.notes == ()


def test_what_one_command_names_twice_is_kept_or_dropped_once(former: Story) -> None:
    story = follows(former)
    first, second, *_ = proposals_of(former.state, former.rules)
    again = kept(first).model_copy(update={"note": uuid5(NEXT, "again")})
    drop = (dropped(second.id), dropped(second.id, DropGround.WAS_WRONG))

    story.command(cmd.ReviewProposals, ANNA, keep=(kept(first), again), drop=drop)

    (reviewed,) = story.happened(ev.ProposalsReviewed)
    assert (reviewed.kept, reviewed.dropped) == ((first.id,), drop[:1])
    assert [note.id for note in story.state.notes] == [kept(first).note]


def test_a_statement_is_kept_as_the_lesson_of_its_visit(former: Story) -> None:
    (lesson,) = (each for each in proposals_of(former.state, former.rules) if each.facts)
    (fact,) = lesson.facts
    agreed = next(stated for stated in former.state.facts if stated.fact == "agreed")

    assert lesson_of(former.state.course, fact) == lesson.id
    assert lesson_of(former.state.course, agreed) is None


def test_who_observes_takes_back_where_it_was_kept_what_he_wrote_in_the_former_course() -> None:
    former = wider()
    former.command(cmd.AddObserver, SARA, person="olga", observer_kind="mentor", reason=COURSE)
    words = former.notes(OLGA, "barrier")
    former.reports(ANNA, closing_outcome="job")
    both_acknowledge(former)
    story = follows(former)
    (proposal,) = proposals_of(former.state, former.rules)
    assert proposal.id == words
    story.command(cmd.ReviewProposals, ANNA, keep=(kept(proposal),))

    story.command(cmd.RetractNote, OLGA, note=kept(proposal).note, reason=COURSE)

    assert story.state.notes == ()
