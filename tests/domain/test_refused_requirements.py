"""A refusal is an answer: nobody is asked for it again, and another way is chosen (P5)."""

from typing import Any

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import GATE_ROLES
from domain.state.verdict import Outcome
from domain.state.waiting import Waiting, WaitingKind
from rules.engine.book import Book
from tests.domain.jobfirst import RULES, JobFirst, refusing_twice
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM, COURSE, SARA


def wanting_trial(rules: Book = RULES, **facts: Any) -> JobFirst:
    """A company visit that is to lead to a trial, with what was said of it on 22 September."""
    story = JobFirst(rules=rules).reaches_company_visit()
    story.company_is_visited("2026-09-22")
    story.reports(BO, visit_outcome="trial")
    if facts:
        story.reports(ANNA, **facts)
    return story


def waits(story: JobFirst) -> dict[str, Waiting]:
    """Return the waits for a requirement or about one, by requirement."""
    return {waiting.what: waiting for waiting in story.state.waiting if waiting.what}


def test_what_is_refused_is_waited_for_no_more_and_another_way_is_to_be_chosen() -> None:
    story = wanting_trial(trial_decision="rejected")

    assert {name: (w.kind, w.roles) for name, w in waits(story).items()} == {
        "trial_granted": (WaitingKind.DECISION, GATE_ROLES)
    }
    assert story.judgement().outcomes["trial_granted"] == Outcome.REFUSED
    assert not story.judgement().ready


def test_what_was_refused_is_the_next_step_no_more_until_it_is_not_refused() -> None:
    story = wanting_trial()
    story.command(cmd.BriefNow, BO)
    assert (story.judgement().to, story.manifest.to) == (("trial",), ("trial",))

    story.reports(ANNA, trial_decision="rejected")

    assert (story.judgement().to, story.manifest.to, story.manifest.tasks) == (None, None, ())
    story.reports(ANNA, trial_decision="granted")
    assert (story.judgement().to, story.manifest.to) == (("trial",), ("trial",))


def test_all_that_is_refused_in_a_visit_is_one_decision_which_stays_while_any_of_it_is_refused() -> None:
    story = wanting_trial(refusing_twice(), trial_decision="rejected")
    (first,) = story.waits(WaitingKind.DECISION)

    story.reports(BO, trial_weekly_hours=40)
    (both,) = story.waits(WaitingKind.DECISION)
    story.it_is("2026-10-30")

    assert (both.key, both.since) == (first.key, first.since)
    told = [e.waiting for e in story.happened(ev.NoticeRaised) if e.about == "escalation" and e.waiting]
    assert {key for key in told if key.kind is WaitingKind.DECISION} == {both.key}


def test_no_reminder_asks_for_a_grant_that_was_rejected() -> None:
    story = wanting_trial()
    assert waits(story)["trial_granted"].kind is WaitingKind.REQUIREMENT

    story.reports(ANNA, trial_decision="rejected")
    since = story.now
    story.it_is("2026-10-30")

    told = [e.waiting for e in story.happened(ev.NoticeRaised) if e.about == "escalation" and e.at > since]
    assert {(key.kind, key.what) for key in told if key} == {(WaitingKind.DECISION, "trial_granted")}
    assert story.days_reminded("trial_granted") == ["2026-09-29", "2026-10-06"]


def test_after_a_rejection_the_way_leads_to_another_company_where_the_grant_is_asked_for_anew() -> None:
    story = wanting_trial(trial_decision="rejected")

    story.reports(BO, visit_outcome="another_company")
    assert not waits(story)
    story.both_acknowledge()
    story.company_is_visited("2026-09-30", company_p_number="1000000002")
    story.reports(BO, visit_outcome="trial")

    assert story.steps == ["company_visit"]
    assert story.judgement().outcomes["trial_granted"] == Outcome.UNKNOWN
    assert waits(story)["trial_granted"].kind is WaitingKind.REQUIREMENT


def test_a_rejection_that_is_changed_or_contradicted_is_none() -> None:
    story = wanting_trial(trial_decision="rejected")

    story.reports(CASE_SYSTEM, trial_decision="granted")
    assert waits(story)["trial_granted"].kind is WaitingKind.REQUIREMENT
    story.takes_back("trial_decision", from_system=False)
    story.trial_is_granted()
    assert "trial_granted" not in story.lacks()


def test_what_the_law_asks_and_was_refused_is_waived_by_nobody() -> None:
    story = wanting_trial(trial_decision="rejected")
    waiver = {"waiver": cmd.WaiverReason.OTHER, "reason": COURSE}

    refused = story.refusal(cmd.WaiveRequirement, SARA, requirement="trial_granted", **waiver)

    assert refused is Code.LAW_NOT_WAIVABLE


def test_what_is_refused_while_the_trial_runs_is_told_to_both_at_once() -> None:
    story = JobFirst().runs_trial()
    story.it_is("2026-10-07")

    story.reports(ANNA, trial_decision="rejected")

    assert waits(story)["granted_before_start"].kind is WaitingKind.DECISION
    assert story.escalated("granted_before_start") == [("2026-10-07", "person/anna"), ("2026-10-07", "person/bo")]
