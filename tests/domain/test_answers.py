"""What was answered waits again when the answer is taken back, and stays answered when its words are put right (P5)."""

from datetime import timedelta
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain.identity import Role
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, BO, COURSE, Story

WHY = uuid5(COURSE, "the hours do not fit")
RIGHT = uuid5(COURSE, "the right words")


@pytest.fixture
def ready() -> Story:
    """A course whose gate is met but for the informing."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    return story


@pytest.fixture
def disputed(ready: Story) -> Story:
    """A course of which Bo disputes the first version."""
    ready.command(cmd.Dispute, BO, briefing=1, version=1, reason=WHY)
    return ready


def test_a_question_whose_answer_is_taken_back_waits_for_another(ready: Story) -> None:
    question = ready.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
    answer = ready.notes(BO, "observation", answers=question)
    assert not ready.waits(WaitingKind.QUESTION)

    ready.command(cmd.RetractNote, BO, note=answer, reason=COURSE)

    assert [waiting.key.note for waiting in ready.waits(WaitingKind.QUESTION)] == [question]
    assert question not in ready.visit.briefing.manifest.notes if ready.visit.briefing else False
    ready.notes(BO, "observation", answers=question)
    assert not ready.waits(WaitingKind.QUESTION)


@pytest.mark.parametrize("kind", [WaitingKind.QUESTION, WaitingKind.DISPUTE])
def test_what_waits_again_after_its_answer_is_asked_anew_and_not_late_at_once(ready: Story, kind: WaitingKind) -> None:
    if kind is WaitingKind.DISPUTE:
        ready.command(cmd.Dispute, BO, briefing=1, version=1, reason=WHY)
        about, asked = WHY, ANNA
    else:
        about, asked = ready.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT), BO
    told, (first,) = ready.recipients_of(kind), ready.waits(kind)
    answer = ready.notes(asked, "observation", answers=about)
    ready.now += timedelta(days=30)

    ready.command(cmd.RetractNote, asked, note=answer, reason=COURSE)

    (again,) = ready.waits(kind)
    assert (again.since, again.level, again.escalation) == (ready.now, first.level, None)
    assert ready.recipients_of(kind) == [*told, *told]


def test_a_question_stays_answered_while_one_of_its_answers_stands(ready: Story) -> None:
    question = ready.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
    first = ready.notes(BO, "observation", answers=question)
    second = ready.notes(BO, "observation", answers=question)

    ready.command(cmd.RetractNote, BO, note=first, reason=COURSE)
    assert not ready.waits(WaitingKind.QUESTION)

    ready.command(cmd.RetractNote, BO, note=second, reason=COURSE, wrong_citizen=True)
    assert ready.waits(WaitingKind.QUESTION)


def test_right_words_in_the_place_of_an_answer_answer_the_question(ready: Story) -> None:
    question = ready.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
    answer = ready.notes(BO, "observation", answers=question)

    ready.command(cmd.SupersedeNote, BO, note=answer, right=RIGHT, reason=COURSE)
    assert not ready.waits(WaitingKind.QUESTION)

    ready.command(cmd.RetractNote, BO, note=RIGHT, reason=COURSE)
    assert ready.waits(WaitingKind.QUESTION)


def test_a_dispute_whose_answer_is_taken_back_holds_the_advance_again(disputed: Story) -> None:
    answer = disputed.notes(ANNA, "observation", answers=WHY)
    assert not disputed.visit.open_disputes

    disputed.command(cmd.RetractNote, ANNA, note=answer, reason=COURSE)

    assert [dispute.id for dispute in disputed.visit.open_disputes] == [WHY]
    assert disputed.waits(WaitingKind.DISPUTE)


def test_a_dispute_that_facts_answered_is_open_again_when_none_of_them_stands(disputed: Story) -> None:
    disputed.command(cmd.ReportFacts, ANNA, facts={"way": "both"}, answers=WHY)
    assert not disputed.visit.open_disputes
    wrong = next(fact for fact in disputed.state.facts if fact.value == "both")
    disputed.command(cmd.SupersedeFact, ANNA, fact=wrong.id, value="work", reason=COURSE)
    assert not disputed.visit.open_disputes, "a right statement stands in its place"
    right = next(fact for fact in disputed.state.facts if fact.value == "work")

    disputed.command(cmd.RetractFact, ANNA, fact=right.id, reason=COURSE)

    assert disputed.visit.open_disputes


def test_a_dispute_that_was_ended_with_a_reason_stays_ended(disputed: Story) -> None:
    note = disputed.notes(ANNA, "observation")
    disputed.command(cmd.EndDispute, BO, dispute=WHY, reason=RIGHT)

    disputed.command(cmd.RetractNote, ANNA, note=note, reason=COURSE)

    assert not disputed.visit.open_disputes
