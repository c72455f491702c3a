"""Who is asked answers on whom he waits: reminders begin again then, and the deadline itself does not move (P6)."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import Actor, Role
from domain.state.news import NewsKind
from domain.state.waiting import Waiting, WaitingKind, WaitingOn
from tests.domain.vocabulary import ANNA, BO, CARL, MONDAY, SARA, Story

FRIDAY = date(2026, 9, 11)


@pytest.fixture
def briefed() -> Story:
    """A course in which both are asked to acknowledge, and reminded after a working day."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    story.events.clear()
    return story


def asked(story: Story, person: str = "bo") -> Waiting:
    """Return the receipt that a person is asked for."""
    (waiting,) = [w for w in story.waits(WaitingKind.ACKNOWLEDGEMENT) if w.persons == (person,)]
    return waiting


def answer(story: Story, until: date = FRIDAY, on: WaitingOn = WaitingOn.COMPANY) -> dict[str, Any]:
    """Return an answer to what Bo is asked."""
    return {"waiting": str(asked(story).key), "waiting_on": on, "until": until}


def reminders(story: Story) -> list[str]:
    """Return when Bo was reminded of his own receipt."""
    told = [e for e in story.happened(ev.NoticeRaised) if e.about == "escalation" and e.recipient.name == "bo"]
    raised = [e for e in told if e.waiting.role is Role.COMPANY_CONSULTANT]
    return [event.at.date().isoformat() for event in raised]


def test_who_answers_is_reminded_again_only_after_the_day_he_named(briefed: Story) -> None:
    until = asked(briefed).until
    briefed.command(cmd.AnswerWait, BO, **answer(briefed))
    assert asked(briefed).until == until, "the deadline does not move"

    briefed.time_passes_to(MONDAY + timedelta(days=3))
    assert reminders(briefed) == []
    briefed.time_passes_to(MONDAY + timedelta(days=8))

    assert reminders(briefed) == ["2026-09-14"]
    assert asked(briefed).answer is not None


def test_a_reminder_after_an_answer_is_another_one_than_before(briefed: Story) -> None:
    briefed.time_passes_to(MONDAY + timedelta(days=1, hours=2))
    assert reminders(briefed) == ["2026-09-08"]

    briefed.command(cmd.AnswerWait, BO, **answer(briefed))
    briefed.time_passes_to(MONDAY + timedelta(days=8))

    assert reminders(briefed) == ["2026-09-08", "2026-09-14"]
    notices = [e.notice for e in briefed.happened(ev.NoticeRaised)]
    assert len(notices) == len(set(notices))


def test_the_other_role_has_the_answer_as_news(briefed: Story) -> None:
    briefed.command(cmd.AnswerWait, BO, **answer(briefed))

    (news,) = briefed.state.news
    assert (news.person, [(item.kind, item.what) for item in news.items]) == ("anna", [(NewsKind.ANSWER, "company")])


def test_the_answer_ends_with_the_wait(briefed: Story) -> None:
    briefed.command(cmd.AnswerWait, BO, **answer(briefed))

    briefed.acknowledges(BO)

    assert all(waiting.answer is None for waiting in briefed.state.waiting)


def test_only_who_is_asked_his_cover_or_a_supervisor_answers(briefed: Story) -> None:
    assert briefed.refusal(cmd.AnswerWait, CARL, **answer(briefed)) is Code.NOT_THE_PARTY
    cover = Actor(person="carl", roles=(Role.COMPANY_CONSULTANT,), covers=("bo",))

    for actor in (cover, SARA):
        assert briefed.command(cmd.AnswerWait, actor, **answer(briefed))


def test_a_wait_is_answered_twice_and_then_by_a_supervisor(briefed: Story) -> None:
    for day in (9, 10):
        briefed.command(cmd.AnswerWait, BO, **answer(briefed, date(2026, 9, day)))

    assert briefed.refusal(cmd.AnswerWait, BO, **answer(briefed)) is Code.ANSWERED_TOO_OFTEN
    briefed.command(cmd.AnswerWait, SARA, **answer(briefed))
    assert (given := asked(briefed).answer) is not None
    assert given.times == 3


def test_the_same_answer_again_changes_nothing(briefed: Story) -> None:
    briefed.command(cmd.AnswerWait, BO, **answer(briefed))

    assert briefed.command(cmd.AnswerWait, BO, **answer(briefed)) == ()


def test_the_same_answer_in_other_words_is_kept_and_counts_once(briefed: Story) -> None:
    for words in (uuid4(), uuid4(), uuid4(), uuid4()):
        said = {**answer(briefed), "reason": words}
        assert briefed.command(cmd.AnswerWait, BO, **said)
        assert briefed.command(cmd.AnswerWait, BO, **said) == ()
        assert briefed.command(cmd.AnswerWait, BO, **answer(briefed)) == (), "no words take none away"
        kept = asked(briefed).answer
        assert kept is not None
        assert (kept.reason, kept.times) == (words, 1)


@pytest.mark.parametrize("until", [MONDAY.date(), date(2026, 9, 22)])
def test_nobody_waits_into_the_past_or_longer_than_ten_working_days(briefed: Story, until: date) -> None:
    assert briefed.refusal(cmd.AnswerWait, BO, **answer(briefed, until)) is Code.WAIT_PERIOD
    assert briefed.command(cmd.AnswerWait, BO, **answer(briefed, date(2026, 9, 21)))


@pytest.mark.parametrize("kind", [None, WaitingKind.SILENCE])
def test_what_nobody_is_asked_is_not_answered(briefed: Story, kind: WaitingKind | None) -> None:
    key = str(briefed.waits(kind)[0].key) if kind else "1/requirement/nothing"

    refused = briefed.refusal(cmd.AnswerWait, BO, **{**answer(briefed), "waiting": key})

    assert refused is Code.WAIT_UNKNOWN
