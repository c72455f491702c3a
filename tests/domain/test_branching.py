"""A visit may go on while another step is entered beside it, and be joined to what is open (P1, P11)."""

from datetime import date, timedelta

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import Role
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, Story

HOUR = timedelta(hours=1)
TALK, WORK, BESIDE = 1, 2, 3


def both_acknowledge(story: Story, visit: int | None = None) -> None:
    """Let Anna and Bo acknowledge what a visit tells now."""
    story.acknowledges(ANNA, visit=visit)
    story.acknowledges(BO, visit=visit)


@pytest.fixture
def working() -> Story:
    """A course whose second visit is to work."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="work")
    story.reports(BO, contract=True)
    both_acknowledge(story)
    story.now += HOUR
    return story


@pytest.fixture
def branched(working: Story) -> Story:
    """A course that has a talk, its third visit, open beside the work."""
    working.reports(BO, beside=True)
    both_acknowledge(working)
    working.now += HOUR
    return working


# Branching


def test_a_visit_that_branches_goes_on_beside_what_it_led_to(branched: Story) -> None:
    assert branched.steps == ["work", "talk"]
    assert branched.state.visits[-1].follows == WORK
    assert [(e.visit, e.version, e.to) for e in branched.happened(ev.VisitBranched)] == [(WORK, 1, ("talk",))]
    assert [e.visit for e in branched.happened(ev.VisitLeft)] == [TALK]


def test_a_visit_branches_only_when_both_are_informed(working: Story) -> None:
    working.reports(BO, beside=True)
    working.acknowledges(BO)
    working.acknowledges(BO)
    assert working.steps == ["work"]

    working.acknowledges(ANNA)

    assert working.steps == ["work", "talk"]


def test_what_leaving_asks_does_not_hold_a_branch_and_is_still_asked_for(working: Story) -> None:
    working.reports(BO, beside=True)

    assert [w.what for w in working.waits(WaitingKind.REQUIREMENT)] == ["is_over"]
    assert working.visit.judgement.ready
    manifest = working.happened(ev.BriefingIssued)[-1].manifest
    assert (manifest.to, manifest.stays) == (("talk",), True)


def test_a_branch_uses_the_briefing_up(branched: Story) -> None:
    work = branched.state.visit(WORK)
    assert work is not None
    assert (work.briefing, work.used_up, work.asked_early) == (None, 1, False)

    branched.reports(BO, visit=WORK, over="talk")
    branched.acknowledges(ANNA, visit=WORK, version=1)
    work = branched.state.visit(WORK)
    assert work is not None
    assert work.briefing is not None
    assert work.briefing.receipts == (), "what is used up counts no more, and is answered as done"
    branched.acknowledges(ANNA, visit=WORK)
    assert branched.holds(WORK)

    branched.acknowledges(BO, visit=WORK)
    assert not branched.holds(WORK)


def test_a_visit_does_not_branch_a_second_time_while_what_it_led_to_is_open(branched: Story) -> None:
    branched.reports(BO, visit=WORK, beside=True)
    branched.command(cmd.BriefNow, ANNA, visit=WORK)
    both_acknowledge(branched, WORK)

    assert branched.steps == ["work", "talk"]


# Joining


def test_what_is_open_beside_a_visit_is_joined_and_not_entered_again(branched: Story) -> None:
    branched.reports(BO, visit=WORK, over="talk")

    both_acknowledge(branched, WORK)

    assert branched.steps == ["talk"]
    assert len(branched.state.visits) == BESIDE
    assert branched.happened(ev.VisitLeft)[-1].joined == (BESIDE,)


def test_what_is_not_open_is_entered_though_the_way_would_join_it(working: Story) -> None:
    working.reports(BO, over="talk")

    both_acknowledge(working)

    assert working.steps == ["talk"]
    assert working.visit.number == BESIDE


def test_what_entering_asks_is_not_asked_again_of_what_is_joined(branched: Story) -> None:
    branched.reports(ANNA, visit=BESIDE, agreed=True, way="again")

    asked = branched.visit.judgement.outcomes

    assert asked == {"is_agreed": "met"}
    both_acknowledge(branched, BESIDE)
    assert branched.steps == ["work"]


def test_what_was_told_ahead_of_a_step_is_told_of_the_visit_that_is_joined(branched: Story) -> None:
    branched.reports(BO, visit=BESIDE, work_begun=True)
    assert branched.state.ahead_of_informing == ("work",)
    branched.reports(ANNA, visit=BESIDE, agreed=True, way="again")

    both_acknowledge(branched, BESIDE)

    assert branched.state.on_record("work_begun", WORK) is not None
    assert not branched.state.is_ahead_of_informing


# Facts that are ahead of a second visit


def test_a_fact_told_from_a_visit_that_observes_it_goes_ahead_of_the_visit_that_is_open(branched: Story) -> None:
    branched.reports(BO, visit=BESIDE, contract=True)
    branched.reports(BO, visit=WORK, contract=False)

    ahead, there = branched.state.on_record("contract"), branched.state.on_record("contract", WORK)
    assert ahead is not None
    assert there is not None
    assert (ahead.fact.value, there.fact.value) == (True, False)


def test_a_fact_that_may_be_ahead_or_of_the_visit_that_is_open_names_its_visit(branched: Story) -> None:
    assert branched.refusal(cmd.ReportFacts, BO, facts={"contract": True}) is Code.VISIT_UNKNOWN


def test_a_second_visit_is_entered_with_what_was_told_ahead_of_it_while_the_first_goes_on(branched: Story) -> None:
    branched.reports(ANNA, visit=BESIDE, agreed=True, way="work")
    branched.reports(BO, visit=BESIDE, contract=True, work_begun=True)
    assert branched.state.ahead_of_informing == ("work",)
    assert branched.recipients_of("ahead") == ["supervisors/job"]

    both_acknowledge(branched, BESIDE)

    assert [(v.step, v.ordinal) for v in branched.state.open_visits] == [("work", 1), ("work", 2)]
    assert branched.visit.went_ahead
    assert branched.state.on_record("work_begun", branched.visit.number) is not None
    assert branched.state.on_record("work_begun", WORK) is None
    assert not branched.state.is_ahead_of_informing


def test_a_fact_of_a_visit_is_told_of_the_one_that_is_named(branched: Story) -> None:
    branched.reports(BO, visit=WORK, work_begun=True)

    assert branched.state.on_record("work_begun", WORK) is not None
    assert branched.state.ahead_of_informing == ()


# What was told ahead of a way that was not taken


def talks_again(story: Story) -> None:
    """Let the newest talk be left for a new one."""
    story.reports(ANNA, agreed=True, way="again")
    both_acknowledge(story)
    story.now += HOUR


def test_what_was_told_ahead_in_a_visit_that_begins_anew_is_its_history_and_admits_to_nothing() -> None:
    story = Story().starts()
    story.reports(BO, contract=True)
    talks_again(story)

    story.reports(ANNA, agreed=True, way="work")

    assert [w.what for w in story.waits(WaitingKind.REQUIREMENT)] == ["has_contract"]
    assert story.state.on_record("contract") is None
    assert story.state.on_record("contract", TALK) is not None


def test_what_reality_is_at_stays_ahead_though_the_visit_begins_anew() -> None:
    story = Story().starts()
    story.reports(BO, contract=True, work_begun=True)

    talks_again(story)

    assert story.state.ahead_of_informing == ("work",)
    assert story.state.on_record("contract") is not None


def test_a_visit_that_began_anew_by_a_mistake_finds_again_what_was_told_ahead() -> None:
    story = Story().starts()
    story.reports(BO, contract=True)
    talks_again(story)

    story.command(cmd.ReopenVisit, SARA, visit=TALK, reason=COURSE)
    story.reports(ANNA, way="work")

    assert story.state.on_record("contract", TALK) is None
    both_acknowledge(story)
    assert story.steps == ["work"]


# Putting right


def test_reopening_withdraws_what_was_entered_by_the_mistake(working: Story) -> None:
    working.command(cmd.ReopenVisit, SARA, visit=TALK, reason=COURSE)

    assert [(v.step, v.withdrawn) for v in working.state.visits] == [("talk", False), ("work", True)]


def test_reopening_does_not_withdraw_what_was_only_joined(branched: Story) -> None:
    branched.reports(BO, visit=WORK, over="talk")
    both_acknowledge(branched, WORK)
    branched.now += HOUR

    branched.command(cmd.ReopenVisit, SARA, visit=WORK, reason=COURSE)

    assert branched.steps == ["work", "talk"]
    assert not any(visit.withdrawn for visit in branched.state.visits)


def test_a_visit_whose_successor_has_branched_is_not_reopened(branched: Story) -> None:
    assert branched.refusal(cmd.ReopenVisit, SARA, visit=TALK, reason=COURSE) is Code.VISIT_MOVED_ON


def test_a_version_that_advanced_a_visit_is_used_up_also_when_it_is_open_again() -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    both_acknowledge(story, TALK)
    story.now += HOUR
    story.command(cmd.ReopenVisit, SARA, visit=TALK, reason=COURSE)
    assert story.holds(TALK)

    both_acknowledge(story, TALK)

    assert not story.holds(TALK)
    assert [left.version for left in story.happened(ev.VisitLeft)] == [1, 2]


def test_a_course_closed_while_it_had_branched_is_reopened_with_both_visits(branched: Story) -> None:
    branched.command(cmd.CloseCourse, ANNA, outcome="job", reason=COURSE)
    both_acknowledge(branched)
    assert branched.state.is_over
    branched.now += HOUR

    branched.command(cmd.ReopenCourse, SARA, reason=COURSE)

    assert branched.steps == ["work", "talk"]


def test_a_hand_over_voids_the_receipts_of_every_open_visit(branched: Story) -> None:
    branched.reports(BO, visit=WORK, over="talk")
    branched.reports(ANNA, visit=BESIDE, agreed=True, way="trial")
    branched.acknowledges(ANNA, visit=WORK)
    branched.acknowledges(ANNA, visit=BESIDE)

    branched.hand_over(Role.CASEWORKER, "carl")
    branched.acknowledges(BO, visit=WORK)
    branched.acknowledges(BO, visit=BESIDE)

    assert branched.steps == ["work", "talk"]


def test_other_work_than_in_the_trial_is_asked_only_while_a_trial_is_or_will_be_open(working: Story) -> None:
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="both")
    story.reports(BO, contract=True)

    assert [w.what for w in story.waits(WaitingKind.REQUIREMENT)] == ["is_apart"]
    judged = [j.outcomes for e in working.happened(ev.Settled) for j in e.judgements.values()]
    assert {outcomes["is_apart"] for outcomes in judged if "is_apart" in outcomes} == {"not_applicable"}


def test_a_second_visit_to_a_step_is_dated_when_it_began_in_reality(branched: Story) -> None:
    began = date(2026, 9, 7)
    branched.reports(BO, on=began, visit=BESIDE, contract=True, work_begun=True)
    branched.time_passes_to(branched.now + timedelta(days=2))
    branched.reports(ANNA, visit=BESIDE, agreed=True, way="work")

    both_acknowledge(branched, BESIDE)

    assert branched.visit.entered_on == began


def test_a_visit_that_joined_another_is_not_reopened_once_that_has_been_left(working: Story) -> None:
    working.reports(BO, beside=True)
    both_acknowledge(working)
    working.now += HOUR
    working.reports(BO, visit=WORK, over="talk")
    both_acknowledge(working, WORK)
    working.reports(ANNA, visit=BESIDE, agreed=True, way="trial")
    both_acknowledge(working, BESIDE)

    assert working.refusal(cmd.ReopenVisit, SARA, visit=WORK, reason=COURSE) is Code.VISIT_MOVED_ON


def test_what_begins_in_the_very_turn_in_which_a_visit_begins_anew_is_still_ahead() -> None:
    story = Story().starts(shared_role=True, company_consultant=cmd.PartyClaim())
    story.reports(ANNA, agreed=True, way="again")

    story.command(cmd.ReportFacts, ANNA, facts={"work_begun": True}, acknowledge=story.version)

    assert [visit.step for visit in story.state.visits] == ["talk", "talk"]
    assert story.state.ahead_of_informing == ("work",)
