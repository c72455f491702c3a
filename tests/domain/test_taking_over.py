"""A course that ran elsewhere begins here where it stands: no invented receipts, and nobody reminded at once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.decide import decide
from domain.errors import Code
from domain.identity import Role
from domain.state.takeover import PriorVisit, TakenOver
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM, MONDAY, Story, add_note, default_book
from tests.domain.wider import both_acknowledge

QUIET_UNTIL = MONDAY + timedelta(days=14)
MARCH, MAY = date(2026, 3, 2), date(2026, 5, 4)


def taken_over(*visits: PriorVisit, quiet_until: datetime = QUIET_UNTIL) -> dict[str, Any]:
    return {"started_on": MARCH, "taken_over": TakenOver(visits=visits, quiet_until=quiet_until)}


def visit_in(step: str, entered_on: date = MAY, left_on: date | None = None) -> PriorVisit:
    return PriorVisit(step=step, entered_on=entered_on, left_on=left_on)


@pytest.fixture
def hybrid() -> Story:
    """A course of the tiny rules that was at work beside a trial, and had talked before."""
    talk = visit_in("talk", MARCH, left_on=MAY)
    return Story().starts(**taken_over(talk, visit_in("trial"), visit_in("work")), facts={"agreed": True})


@pytest.fixture
def silent() -> Story:
    """A course of the default rules that was at its company visit since May, which nobody has touched."""
    visits = taken_over(visit_in("intake", MARCH, left_on=MAY), visit_in("company_visit"))
    return Story(rules=default_book()).starts("cash_benefit_activity_ready", **visits)


def reminders(story: Story) -> list[ev.NoticeRaised]:
    return [e for e in story.happened(ev.NoticeRaised) if e.about == "escalation"]


def test_it_stands_where_it_stood_and_what_was_left_is_left(hybrid: Story) -> None:
    assert hybrid.steps == ["trial", "work"]
    assert [(v.step, v.entered_on, v.is_open, v.follows) for v in hybrid.state.visits] == [
        ("talk", MARCH, False, None),
        ("trial", MAY, True, 1),
        ("work", MAY, True, 1),
    ]


def test_what_was_said_of_a_step_that_was_left_belongs_to_its_visit(hybrid: Story) -> None:
    assert hybrid.state.on_record("agreed", 1) is not None


def test_there_is_no_receipt_of_anything_before(hybrid: Story) -> None:
    assert [visit.briefing.receipts for visit in hybrid.state.visits if visit.briefing] == []
    assert hybrid.happened(ev.BriefingAcknowledged) == []
    assert hybrid.happened(ev.VisitLeft) == []


def test_it_is_not_advanced_before_both_are_informed_of_where_it_stands(hybrid: Story) -> None:
    hybrid.reports(BO, over="trial")
    assert hybrid.steps == ["trial", "work"]

    both_acknowledge(hybrid)

    assert hybrid.steps == ["trial"]


def test_nobody_is_reminded_before_the_quiet_time_is_over(silent: Story) -> None:
    silent.time_passes_to(QUIET_UNTIL)

    assert reminders(silent) == []
    assert not silent.state.is_stalled


def test_after_it_the_ladders_are_climbed_from_their_foot(silent: Story) -> None:
    silent.time_passes_to(QUIET_UNTIL + timedelta(days=60))

    notices = reminders(silent)
    assert min(notice.at for notice in notices) > QUIET_UNTIL
    assert {notice.level for notice in notices if notice.waiting == notices[0].waiting} >= {1, 2}


def test_waits_say_since_when_they_really_are_and_there_is_a_next_wake_up_all_the_time(silent: Story) -> None:
    of_the_visit = silent.waits(WaitingKind.REQUIREMENT)

    assert of_the_visit
    assert {waiting.since.date() for waiting in of_the_visit} == {MARCH}
    assert all(w.next_rung_at is None or w.next_rung_at > QUIET_UNTIL for w in silent.state.waiting)
    assert silent.state.wakeup is not None


def test_a_wait_that_begins_within_the_quiet_time_is_quiet_too(silent: Story) -> None:
    note = silent.notes(ANNA, "observation")
    silent.command(add_note, ANNA, note=note, note_kind="question", to="company_consultant")

    silent.time_passes_to(QUIET_UNTIL)

    assert reminders(silent) == []


def test_the_supervisors_are_not_told_of_each_course_that_somebody_brings_along() -> None:
    story = Story(rules=default_book())
    visits = taken_over(visit_in("company_visit"))
    given = {**start_of(story), "target_group": "cash_benefit_activity_ready", **visits}
    command = cmd.StartCourse(id=story.state.course, actor=CASE_SYSTEM, **given)

    events = decide(
        story.state, command, story.rules, story.now, story.calendar, caseloads={(Role.CASEWORKER, "anna"): 90}
    ).events

    assert not [e for e in events if isinstance(e, ev.NoticeRaised) and e.about == "caseload"]


def start_of(story: Story) -> dict[str, Any]:
    return {
        "municipality": "0990",
        "unit": "job",
        "reference": "case-1",
        "citizen": "citizen-1",
        "rules": story.rules.reference.sha256,
        "caseworker": cmd.PartyClaim(person="anna"),
        "company_consultant": cmd.PartyClaim(person="bo"),
    }


@pytest.mark.parametrize(
    ("visits", "code"),
    [
        ([visit_in("dance")], Code.STEP_UNKNOWN),
        ([visit_in("talk", MARCH, left_on=MAY)], Code.TAKEN_OVER_NOWHERE),
        ([visit_in("trial"), visit_in("trial")], Code.TAKEN_OVER_TWICE),
        ([visit_in("trial", MARCH - timedelta(days=1))], Code.BEFORE_THE_START),
        ([visit_in("talk", MAY, left_on=MARCH), visit_in("trial")], Code.BEFORE_THE_START),
        ([visit_in("trial", MONDAY.date() + timedelta(days=1))], Code.IN_THE_FUTURE),
        ([visit_in("talk", MAY, left_on=MONDAY.date() + timedelta(days=1)), visit_in("trial")], Code.IN_THE_FUTURE),
    ],
)
def test_where_it_cannot_stand_it_is_not_taken_over(visits: list[PriorVisit], code: Code) -> None:
    story = Story()

    given = {**start_of(story), "target_group": "a", **taken_over(*visits)}

    assert story.refusal(cmd.StartCourse, CASE_SYSTEM, **given) is code


@pytest.mark.parametrize("quiet_until", [MONDAY, MONDAY + timedelta(days=63), datetime(2099, 1, 1, tzinfo=UTC)])
def test_the_quiet_time_lies_ahead_and_does_not_silence_a_course_for_good(quiet_until: datetime) -> None:
    story = Story()

    given = {**start_of(story), "target_group": "a", **taken_over(visit_in("trial"), quiet_until=quiet_until)}

    assert story.refusal(cmd.StartCourse, CASE_SYSTEM, **given) is Code.QUIET_PERIOD
