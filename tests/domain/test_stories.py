"""A good story is asked for once, may be left untold, is approved by a leader's click, and is removed for good."""

from typing import Final
from uuid import UUID, uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.decide.briefings import preview
from domain.errors import Code
from domain.identity import Actor, Role
from domain.state.facts import Audience
from domain.state.notice import WaitSubject
from domain.state.waiting import WaitingKind, WaitingOn
from rules.engine.book import Book
from rules.loading.library import shipped
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, COURSE, MONDAY, SARA

STORY: Final = uuid5(COURSE, "a story")
REASON: Final = uuid5(COURSE, "reason")


@pytest.fixture
def story() -> JobFirst:
    """A course whose paid hours have just been entered."""
    return JobFirst().reaches_paid_hours()


@pytest.fixture
def answered(story: JobFirst) -> JobFirst:
    """A course whose story waits for a leader."""
    story.command(cmd.AnswerStory, BO, story=STORY)
    return story


def approvals(story: JobFirst) -> list[str]:
    """Return to whom a notice went that a story waits for approval."""
    raised = story.happened(ev.NoticeRaised)
    subjects = ((e.recipient, e.subject) for e in raised if isinstance(e.subject, WaitSubject))
    return [str(to) for to, subject in subjects if subject.key.kind is WaitingKind.STORY_APPROVAL]


def is_removed(story: JobFirst) -> bool:
    """Say whether there was a story that is removed."""
    return story.state.story is not None and story.state.story.is_removed


def test_the_company_consultant_is_asked_when_paid_hours_begin_and_nobody_is_reminded(story: JobFirst) -> None:
    (wait,) = story.waits(WaitingKind.STORY)
    assert (wait.persons, wait.roles, wait.until) == (("bo",), (Role.COMPANY_CONSULTANT,), None)
    assert (wait.next_rung_at, wait.escalation, wait.is_shown) == (None, None, True)

    story.it_is("2027-01-04")

    assert story.waits(WaitingKind.STORY) == [wait], "it stays a line, and no more than that"


def test_before_paid_hours_nobody_is_asked() -> None:
    story = JobFirst().reaches_company_visit()

    assert story.waits(WaitingKind.STORY) == []
    assert story.refusal(cmd.AnswerStory, BO, story=STORY) is Code.STORY_NOT_ASKED


def test_the_question_holds_nothing_and_makes_no_version_and_is_no_news(story: JobFirst) -> None:
    before = preview(story.state, 3, story.rules, story.now, story.calendar)
    news = story.state.news

    story.command(cmd.AnswerStory, BO, story=STORY)
    story.command(cmd.ApproveStory, SARA, story=STORY)

    assert preview(story.state, 3, story.rules, story.now, story.calendar) == before
    assert story.state.news == news


def test_a_course_does_not_stand_still_since_a_question_that_may_be_left() -> None:
    story = JobFirst().works()
    story.it_is("2026-11-02")
    story.closes("ordinary_job")
    (wait,) = story.waits(WaitingKind.STORY)
    owed = [other.since for other in story.state.shown_waits if other != wait]

    assert wait.since < min(owed)
    assert story.state.waiting_since == min(owed)


def test_no_thanks_ends_the_question_for_good(story: JobFirst) -> None:
    story.command(cmd.AnswerStory, BO, story=None)

    assert story.waits(WaitingKind.STORY) == story.waits(WaitingKind.STORY_APPROVAL) == []
    assert story.command(cmd.AnswerStory, BO, story=None) == (), "done is done"
    assert story.refusal(cmd.AnswerStory, BO, story=STORY) is Code.STORY_ANSWERED


@pytest.mark.parametrize("actor", [ANNA, SARA, Actor(person="ben", roles=(Role.COMPANY_CONSULTANT,))])
def test_only_who_holds_the_role_that_is_asked_answers(story: JobFirst, actor: Actor) -> None:
    assert story.refusal(cmd.AnswerStory, actor, story=STORY) is Code.NOT_THE_PARTY


@pytest.mark.parametrize("answer", [STORY, None], ids=["a story", "no thanks"])
def test_the_cover_of_who_is_asked_answers_as_he_would(story: JobFirst, answer: UUID | None) -> None:
    gitte = Actor(person="gitte", roles=(Role.COMPANY_CONSULTANT,), covers=("bo",))
    of_another = Actor(person="gitte", roles=(Role.COMPANY_CONSULTANT,), covers=("anna",))
    assert story.refusal(cmd.AnswerStory, of_another, story=answer) is Code.NOT_THE_PARTY

    story.command(cmd.AnswerStory, gitte, story=answer)

    assert story.waits(WaitingKind.STORY) == []
    assert story.state.story is not None
    assert (story.state.story.by, story.state.story.id) == ("gitte", answer)


def test_a_story_waits_for_the_leaders_until_one_approves_it(answered: JobFirst) -> None:
    (wait,) = answered.waits(WaitingKind.STORY_APPROVAL)
    assert answered.waits(WaitingKind.STORY) == []
    assert (wait.persons, wait.next_rung_at, wait.is_stalled) == ((), None, False)
    assert approvals(answered) == ["supervisors/job"]

    answered.command(cmd.ApproveStory, SARA, story=STORY)

    assert answered.waits(WaitingKind.STORY_APPROVAL) == []
    assert answered.command(cmd.ApproveStory, SARA, story=STORY) == (), "done is done"
    assert answered.state.story is not None
    assert (answered.state.story.by, answered.state.story.is_approved) == ("bo", True)


def test_who_told_a_story_does_not_approve_it_although_he_leads_the_unit(answered: JobFirst) -> None:
    bo_leads = Actor(person="bo", roles=(Role.SUPERVISOR,))

    assert answered.refusal(cmd.ApproveStory, bo_leads, story=STORY) is Code.STORY_IS_OWN


@pytest.mark.parametrize("approved", [True, False])
def test_what_is_removed_never_comes_back_and_is_not_asked_for_again(answered: JobFirst, *, approved: bool) -> None:
    if approved:
        answered.command(cmd.ApproveStory, SARA, story=STORY)

    answered.command(cmd.RemoveStory, BO, story=STORY)

    assert answered.waits(WaitingKind.STORY) == answered.waits(WaitingKind.STORY_APPROVAL) == []
    assert answered.command(cmd.RemoveStory, SARA, story=STORY) == (), "done is done"
    assert answered.refusal(cmd.ApproveStory, SARA, story=STORY) is Code.STORY_NOT_FOUND
    assert answered.refusal(cmd.AnswerStory, BO, story=STORY) is Code.STORY_ANSWERED


def test_another_story_is_not_found(answered: JobFirst) -> None:
    for kind in (cmd.ApproveStory, cmd.RemoveStory):
        assert answered.refusal(kind, SARA, story=COURSE) is Code.STORY_NOT_FOUND


def test_a_closed_course_s_story_is_still_approved_and_removed(answered: JobFirst) -> None:
    answered.it_is("2026-11-02")
    answered.closes("ordinary_job")
    answered.both_acknowledge()
    assert answered.state.is_over

    answered.command(cmd.ApproveStory, SARA, story=STORY)
    answered.command(cmd.RemoveStory, SARA, story=STORY)

    assert is_removed(answered)


def test_the_second_visit_to_paid_hours_asks_nobody_again(answered: JobFirst) -> None:
    answered.it_is("2026-10-12")
    answered.reports(BO, paid_hours_ended_on="2026-10-12", after_paid_hours="new_company")
    answered.adds_lessons()
    answered.both_acknowledge()
    answered.company_is_visited("2026-10-13")
    answered.reports(BO, hours_schedule="2026-10-14=5", visit_outcome="paid_hours")
    answered.both_acknowledge()

    assert answered.steps == ["paid_hours"]
    assert answered.waits(WaitingKind.STORY) == []


def test_what_proves_to_be_of_another_citizen_takes_the_story_with_it(answered: JobFirst) -> None:
    (schedule,) = (fact for fact in answered.state.facts if fact.fact == "hours_schedule")
    answered.command(cmd.RetractFact, ANNA, fact=schedule.id, reason=REASON)
    assert not is_removed(answered), "what was only wrong says nothing of another citizen"
    note = answered.notes(ANNA, "barrier")

    answered.command(cmd.RetractNote, ANNA, note=note, reason=REASON, wrong_citizen=True)

    assert is_removed(answered)
    assert len(answered.happened(ev.StoryRemoved)) == 1


def test_words_that_are_removed_from_a_closed_course_take_the_story_with_them(answered: JobFirst) -> None:
    answered.it_is("2026-11-02")
    answered.closes("ordinary_job")
    answered.both_acknowledge()

    answered.command(cmd.RemoveText, ANNA, text=REASON, audience=Audience.BOTH, reason=REASON)

    assert is_removed(answered)


def test_nobody_says_on_whom_a_story_waits(answered: JobFirst) -> None:
    (wait,) = answered.waits(WaitingKind.STORY_APPROVAL)
    waits_on = {"waiting": str(wait.key), "waiting_on": WaitingOn.US, "until": MONDAY.date()}

    assert answered.refusal(cmd.AnswerWait, SARA, **waits_on) is Code.WAIT_UNKNOWN


def test_every_shipped_set_asks_for_a_story_at_its_last_step_alone() -> None:
    for book in map(Book, shipped()):
        *earlier, last = book.steps
        rule = book.story(last)
        assert rule is not None, book.rule_set.id
        assert rule.role is Role.COMPANY_CONSULTANT
        assert [book.story(step) for step in earlier] == [None] * len(earlier)
