"""A trial or paid hours that stop are one act, told at once; nothing that was planned for them goes on (P13)."""

from datetime import date
from uuid import uuid5

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code
from domain.identity import Actor
from domain.state.news import NewsKind
from domain.state.waiting import WaitingKind
from rules.engine.book import Book
from rules.loading.read_toml import read_rule_set
from tests.domain.jobfirst import JobFirst
from tests.domain.vocabulary import ANNA, BO, COURSE, SARA, TINY, Story
from tests.domain.wider import WIDER, both_acknowledge

WHY = uuid5(COURSE, "why it stopped")
FACTS = """[[steps.facts]]
new = true
id = "stopped_on"
type = "date"
label = "Stoppet"
reporters = ["caseworker", "company_consultant"]

[[steps.facts]]
new = true
id = "stopped_by"
type = "enum"
values = { citizen = "Borgeren" }
label = "Stoppet af"
reporters = ["caseworker", "company_consultant"]

"""
TRIAL = 'label = "Praktik"\n'
STOP = 'stop = { last_day = "stopped_on", by = "stopped_by", note = "lesson" }\n'


@pytest.fixture
def running() -> JobFirst:
    """A trial that began as planned on 5 October 2026; it is Tuesday, 20 October."""
    story = JobFirst().runs_trial()
    story.it_is("2026-10-20")
    for news in story.state.news:
        story.command(cmd.MarkSeen, Actor(person=news.person, roles=ANNA.roles), notice=news.notice)
    return story


def stops(story: Story, visit: int, day: str, by: str = "citizen", actor: Actor = BO) -> None:
    """Say that what is done in a visit stopped."""
    story.command(cmd.StopVisit, actor, visit=visit, last_day=date.fromisoformat(day), stopped_by=by, note=WHY)


def asked(story: Story) -> set[str]:
    """Return the requirements that somebody is waited for to meet."""
    return {waiting.what for waiting in story.waits(WaitingKind.REQUIREMENT)}


def test_a_trial_that_stops_is_told_at_once_to_who_did_not_say_it(running: JobFirst) -> None:
    stops(running, 3, "2026-10-20")

    (news,) = running.state.news
    assert (news.person, news.at) == ("anna", running.now)
    assert [(item.kind, item.what) for item in news.items] == [
        (NewsKind.FACT, "trial_ended_on"),
        (NewsKind.FACT, "trial_stopped_by"),
        (NewsKind.NOTE, "why_stopped"),
    ]
    assert news.notice in {e.notice for e in running.happened(ev.NoticeRaised) if e.at == running.now}


def test_it_is_what_reporting_the_facts_and_writing_the_note_would_be(running: JobFirst) -> None:
    stops(running, 3, "2026-10-19")

    assert running.stated("trial_ended_on", 3) == "2026-10-19"
    assert running.stated("trial_stopped_by", 3) == "citizen"
    assert [(note.kind, note.visit) for note in running.state.notes if note.id == WHY] == [("why_stopped", 3)]


def test_why_it_stopped_may_be_said_later(running: JobFirst) -> None:
    running.command(cmd.StopVisit, BO, visit=3, last_day=date(2026, 10, 20), stopped_by="citizen")

    assert not [event for event in running.happened(ev.NoteAdded) if event.note.kind == "why_stopped"]
    (news,) = running.state.news
    assert [item.what for item in news.items] == ["trial_ended_on", "trial_stopped_by"]


def test_the_same_facts_reported_in_another_way_are_told_at_once_too(running: JobFirst) -> None:
    running.reports(BO, trial_ended_on="2026-10-20", trial_stopped_by="company")

    assert [news.at for news in running.state.news] == [running.now]


def test_a_trial_that_ends_as_planned_is_news_the_next_morning(running: JobFirst) -> None:
    running.reports(BO, trial_ended_on="2026-10-20")

    assert all(news.at > running.now for news in running.state.news)


def test_what_was_learned_and_what_now_are_asked_and_no_follow_up_any_more(running: JobFirst) -> None:
    assert "trial_going_well" in asked(running)

    stops(running, 3, "2026-10-20")

    assert {"trial_learned_from", "outcome_after_end"} <= asked(running)
    assert asked(running).isdisjoint({"trial_going_well", "trial_outcome_known"})


def test_paid_hours_that_stop_ask_what_was_learned_and_what_now() -> None:
    story = JobFirst().works()
    story.it_is("2026-10-20")

    stops(story, 3, "2026-10-20", "company", ANNA)

    assert {"hours_learned_from", "next_after_hours"} <= asked(story)
    assert "hours_going_well" not in asked(story)


def test_what_stops_before_it_begins_came_to_nothing_and_only_what_now_and_what_was_learned_are_asked() -> None:
    trial, hours = JobFirst().reaches_trial(), JobFirst().reaches_paid_hours("2026-10-05=8")
    for story, day in ((trial, "2026-09-29"), (hours, "2026-09-22")):
        stops(story, 3, day)
        story.it_is("2026-10-20")

    assert asked(trial) == {"trial_learned_from", "outcome_after_end"}
    assert asked(hours) == {"hours_learned_from", "next_after_hours"}
    assert trial.judgement().breaches == ()


def test_what_is_wrong_is_named_by_the_field_of_the_act(running: JobFirst) -> None:
    def refused(actor: Actor = BO, day: str = "2026-10-20", by: str = "citizen", visit: int = 3) -> Code:
        wrong = {"visit": visit, "last_day": date.fromisoformat(day), "stopped_by": by, "note": WHY}
        return running.refusal(cmd.StopVisit, actor, **wrong)

    assert refused(day="2026-10-21") is Code.IN_THE_FUTURE
    assert refused(by="nobody") is Code.FACT_VALUE
    assert refused(actor=SARA) is Code.FACT_NOT_YOURS
    assert refused(visit=1) is Code.VISIT_UNKNOWN
    assert (
        JobFirst()
        .reaches_company_visit()
        .refusal(cmd.StopVisit, BO, visit=2, last_day=date(2026, 9, 10), stopped_by="citizen", note=WHY)
        is Code.NOTHING_TO_STOP
    )


def test_what_has_stopped_stops_no_second_time_until_that_is_taken_back(running: JobFirst) -> None:
    stops(running, 3, "2026-10-20")
    again = {"visit": 3, "last_day": date(2026, 10, 19), "stopped_by": "company", "note": COURSE}

    assert running.refusal(cmd.StopVisit, ANNA, **again) is Code.ALREADY_STOPPED

    said = next(fact for fact in running.state.facts if fact.fact == "trial_stopped_by")
    running.command(cmd.RetractFact, BO, fact=said.id, reason=COURSE)
    running.command(cmd.StopVisit, ANNA, **again)
    assert running.stated("trial_stopped_by", 3) == "company"


@pytest.fixture
def planned() -> Story:
    """A trial that may stop, with a meeting on Monday, 14 September."""
    wider = WIDER.read_text().replace(TRIAL, f"{TRIAL}{STOP}\n{FACTS}", 1)
    story = Story(rules=Book(read_rule_set(wider, WIDER.name, {TINY.name: TINY.read_text()}))).starts()
    story.reports(ANNA, agreed=True, way="trial")
    both_acknowledge(story)
    story.reports(BO, meets_on="2026-09-14")
    return story


def is_cancelled(story: Story) -> bool:
    """Say whether the meeting is cancelled."""
    meeting = story.visit.appointment("meeting")
    assert meeting is not None
    return meeting.cancelled


def test_a_meeting_after_the_last_day_is_called_off_and_both_are_told(planned: Story) -> None:
    stops(planned, 2, "2026-09-07")

    assert is_cancelled(planned)
    assert planned.recipients_of("appointment")[2:] == ["person/anna", "person/bo"]


def test_a_meeting_until_the_last_day_stands(planned: Story) -> None:
    stops(planned, 2, "2026-09-14")

    assert not is_cancelled(planned)


def test_a_meeting_that_is_agreed_when_all_know_of_the_stop_stands(planned: Story) -> None:
    stops(planned, 2, "2026-09-07")
    planned.time_passes_to(planned.now.replace(hour=planned.now.hour + 1))

    planned.reports(ANNA, meets_on="2026-09-15")

    assert not is_cancelled(planned)


def test_a_stop_that_is_taken_back_calls_the_meeting_on_again(planned: Story) -> None:
    stops(planned, 2, "2026-09-07")
    said = next(fact for fact in planned.state.facts if fact.fact == "stopped_by")

    planned.command(cmd.RetractFact, BO, fact=said.id, reason=COURSE)

    assert not is_cancelled(planned)
