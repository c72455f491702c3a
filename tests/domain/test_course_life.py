"""What is reported and how a course is steered: reality first, nothing by halves, and time (P2, P5, P6, P9, P11)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.decide.settle.advance import SPREAD
from domain.errors import Code, RefusedError
from domain.identity import Actor, Role
from domain.state.course import CourseState, Status
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, BO, CASE_SYSTEM, COURSE, MONDAY, SARA, Story, default_book

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def started() -> Story:
    """A course under the smallest rules."""
    return Story().starts()


@pytest.fixture
def ready(started: Story) -> Story:
    """A course whose gate is met but for the informing."""
    started.reports(ANNA, agreed=True, way="again")
    return started


def both_acknowledge(story: Story) -> None:
    """Let Anna and Bo acknowledge what stands."""
    story.acknowledges(ANNA)
    story.acknowledges(BO)


def problems(story: Story, actor: Actor, **what: Any) -> list[tuple[Code, str | None]]:
    """Return why a report is refused, by field; nothing may change by it."""
    before = story.state
    with pytest.raises(RefusedError) as refused:
        story.command(cmd.ReportFacts, actor, **what)
    assert story.state is before
    return [(problem.code, problem.field) for problem in refused.value.problems]


def escalations(story: Story) -> list[tuple[str | None, int | None]]:
    """Return each rung that was fired: of which wait, and how high."""
    return [(str(e.waiting), e.level) for e in story.happened(ev.NoticeRaised) if e.about == "escalation"]


# Reality first


def test_what_really_happened_is_accepted_though_the_course_holds_its_step(started: Story) -> None:
    started.reports(BO, work_begun=True)

    assert started.steps == ["talk"]
    assert started.state.ahead_of_informing == ("work",)
    assert started.state.is_ahead_of_informing


def test_the_supervisors_are_told_once_that_reality_went_ahead(started: Story) -> None:
    started.reports(BO, work_begun=True)
    started.reports(ANNA, work_begun=True)
    started.time_passes_to(started.now + 5 * DAY)

    assert started.recipients_of("ahead") == ["supervisors/job"]
    assert len(started.happened(ev.WentAhead)) == 1


def test_a_step_entered_late_is_dated_when_it_began_in_reality(started: Story) -> None:
    began = date(2026, 9, 7)
    started.reports(BO, on=began, work_begun=True)
    started.time_passes_to(started.now + 3 * DAY)
    started.reports(ANNA, agreed=True, way="work")
    started.reports(BO, contract=True)
    both_acknowledge(started)

    assert started.visit.step == "work"
    assert started.visit.went_ahead
    assert started.visit.entered_on == began
    assert not started.state.is_ahead_of_informing
    assert started.state.on_record("work_begun", started.visit.number) is not None


def test_reality_going_ahead_lets_nobody_skip_the_informing(started: Story) -> None:
    started.reports(BO, work_begun=True)
    started.reports(ANNA, agreed=True, way="work")
    started.reports(BO, contract=True)
    started.acknowledges(BO)

    assert started.steps == ["talk"]


# What is said


def test_a_person_and_a_system_that_contradict_each_other_hold_the_course(ready: Story) -> None:
    ready.reports(BO, contract=True)
    ready.reports(CASE_SYSTEM, way="work")

    assert not ready.visit.judgement.ready
    both_acknowledge(ready)
    assert ready.holds(1)


def test_retracting_one_of_two_contradicting_statements_resolves_the_hold(ready: Story) -> None:
    ready.reports(BO, contract=True)
    ready.reports(CASE_SYSTEM, way="work")
    statement = next(fact for fact in ready.state.facts if fact.by_system and fact.fact == "way")

    ready.command(cmd.RetractFact, SARA, fact=statement.id, reason=COURSE)

    assert ready.visit.judgement.ready
    both_acknowledge(ready)
    assert not ready.holds(1)


@pytest.mark.parametrize(
    ("actor", "facts", "code"),
    [
        (ANNA, {"weather": "fine"}, Code.FACT_UNKNOWN),
        (ANNA, {"agreed": "yes"}, Code.FACT_VALUE),
        (ANNA, {"way": "home"}, Code.FACT_VALUE),
        (BO, {"agreed": True}, Code.FACT_NOT_YOURS),
        (BO, {"tried": True}, Code.FACT_NOT_EXPECTED),
    ],
)
def test_a_fact_that_cannot_be_reported_is_refused_by_its_field(
    started: Story, actor: Actor, facts: dict[str, Any], code: Code
) -> None:
    assert problems(started, actor, facts=facts) == [(code, f"facts.{next(iter(facts))}")]


def test_nothing_is_reported_that_has_not_happened_yet(started: Story) -> None:
    tomorrow = started.now.date() + DAY

    refused = problems(started, ANNA, facts={"agreed": True}, occurred_on=tomorrow)

    assert refused == [(Code.IN_THE_FUTURE, "occurred_on")]


def test_facts_are_reported_all_or_not_at_all_and_every_problem_is_named(started: Story) -> None:
    refused = problems(started, BO, facts={"way": "work", "agreed": True, "weather": "fine"})

    assert refused == [(Code.FACT_NOT_YOURS, "facts.agreed"), (Code.FACT_UNKNOWN, "facts.weather")]
    assert started.state.on_record("way", 1) is None


def test_the_fact_that_occurred_last_counts_whenever_it_was_heard(started: Story) -> None:
    started.reports(ANNA, way="work")
    started.now += HOUR
    started.reports(ANNA, on=started.now.date() - DAY, way="again")

    on_record = started.state.on_record("way", 1)
    assert on_record is not None
    assert on_record.fact.value == "work"


# The clock


def test_a_paused_course_issues_nothing_and_climbs_no_ladder(started: Story) -> None:
    started.command(cmd.PauseCourse, SARA, reason=COURSE)
    started.events.clear()
    started.reports(ANNA, agreed=True, way="again")
    started.now += HOUR

    started.command(cmd.TimePassed, SARA)
    started.time_passes_to(started.now + 20 * DAY)

    assert started.version is None
    assert {waiting for waiting, _ in escalations(started) if not (waiting or "").startswith("pause/")} == set()


def test_a_forgotten_pause_is_itself_told_of(started: Story) -> None:
    started.command(cmd.PauseCourse, SARA, reason=COURSE)

    started.time_passes_to(started.now + 3 * DAY + SPREAD)

    of_pause = [e for e in started.happened(ev.NoticeRaised) if e.waiting and e.waiting.kind == "pause"]
    assert [str(e.recipient) for e in of_pause] == ["person/anna", "person/bo", *["supervisors/job"] * 3]


def test_a_pause_with_an_end_ends_by_time_alone(started: Story) -> None:
    until = started.now + 4 * DAY
    started.command(cmd.PauseCourse, SARA, reason=COURSE, until=until)

    started.time_passes_to(until + SPREAD)

    assert not started.state.is_paused
    assert started.state.pauses[-1].until == until


def test_a_pause_may_be_told_of_late_but_not_from_the_future(started: Story) -> None:
    started.now += 2 * DAY

    assert started.refusal(cmd.PauseCourse, SARA, reason=COURSE, since=started.now + HOUR) is Code.PAUSE_PERIOD
    assert started.refusal(cmd.PauseCourse, SARA, reason=COURSE, until=started.now) is Code.PAUSE_PERIOD
    started.command(cmd.PauseCourse, SARA, reason=COURSE, since=started.now - DAY)
    assert started.state.is_paused


def test_a_paused_course_is_not_paused_otherwise(started: Story) -> None:
    started.command(cmd.PauseCourse, SARA, reason=COURSE)

    assert started.refusal(cmd.PauseCourse, SARA, reason=COURSE, until=started.now + DAY) is Code.COURSE_PAUSED
    assert started.refusal(cmd.PauseCourse, SARA, reason=COURSE, since=started.now - HOUR) is Code.COURSE_PAUSED


def test_a_backdated_start_fires_only_the_highest_overdue_rung_and_the_supervisors_a_working_day_later() -> None:
    story = Story(rules=default_book())

    story.starts("cash_benefit_activity_ready", started_on=MONDAY.date() - 60 * DAY)

    rungs = {(w, level) for w, level in escalations(story) if w and "requirement" in w}
    reached = {(str(w.key), w.level) for w in story.waits(WaitingKind.REQUIREMENT)}
    assert rungs <= reached
    assert {level for _, level in rungs} == {level for _, level in reached} == {1}, "as high as both are told"
    assert not story.state.is_stalled

    story.time_passes_to(story.now + DAY + SPREAD)

    assert {w.level for w in story.waits(WaitingKind.REQUIREMENT)} == {1, 2}, "as high as each ladder is"
    assert story.state.is_stalled


def test_after_a_long_absence_only_the_highest_overdue_rung_fires_and_both_are_told_first(ready: Story) -> None:
    ready.now += 30 * DAY

    ready.command(cmd.TimePassed, SARA)

    def receipts() -> list[int | None]:
        return [level for waiting, level in escalations(ready) if waiting and "acknowledgement" in waiting]

    assert receipts() == [1, 1], "each of the own one"
    ready.time_passes_to(ready.now + DAY + SPREAD)
    assert receipts() == [1, 1, 2], "the supervisors once"


def test_the_wake_ups_of_many_courses_at_one_instant_are_spread() -> None:
    courses = [CourseState(course=UUID(int=900 * 10**30 + n), municipality="0990") for n in range(900)]
    wakeups = {Story(state=course).starts().state.wakeup for course in courses[::90]}

    assert len(wakeups) == 10
    instants = [wakeup for wakeup in wakeups if wakeup is not None]
    assert HOUR / 10 < max(instants) - min(instants) < SPREAD


# Steering


def test_a_course_is_closed_from_any_step_but_not_before_both_are_informed(started: Story) -> None:
    started.command(cmd.CloseCourse, ANNA, outcome="job", reason=COURSE)
    started.acknowledges(ANNA)
    assert not started.state.is_over

    started.acknowledges(BO)

    assert started.state.status is Status.COMPLETED
    assert started.state.outcome == "job"
    assert started.recipients_of("completed") == ["person/anna", "person/bo"]


def test_a_course_is_closed_only_by_an_outcome_that_the_rules_know(started: Story) -> None:
    refused = started.refusal(cmd.CloseCourse, ANNA, outcome="bored", reason=COURSE)

    assert refused is Code.OUTCOME_UNKNOWN


def test_closing_a_paused_course_lets_its_clock_run_again(started: Story) -> None:
    started.command(cmd.PauseCourse, SARA, reason=COURSE)

    started.command(cmd.CloseCourse, ANNA, outcome="job", reason=COURSE)

    assert started.version == 1


def test_a_course_closed_by_mistake_is_reopened_where_it_was(started: Story) -> None:
    started.command(cmd.CloseCourse, ANNA, outcome="job", reason=COURSE)
    both_acknowledge(started)
    assert started.refusal(cmd.ReportFacts, ANNA, facts={"agreed": True}) is Code.COURSE_CLOSED

    started.command(cmd.ReopenCourse, SARA, reason=COURSE)

    assert started.state.status is Status.OPEN
    assert started.steps == ["talk"]
    assert started.state.outcome is None
    assert started.state.closing_outcome is None


def test_reopening_a_visit_withdraws_its_successor_and_keeps_what_was_said_there(started: Story) -> None:
    started.reports(ANNA, agreed=True, way="work")
    started.reports(BO, contract=True)
    both_acknowledge(started)
    started.reports(BO, work_begun=True)
    started.now += HOUR

    started.command(cmd.ReopenVisit, SARA, visit=1, reason=COURSE)

    assert started.steps == ["talk"]
    assert [visit.withdrawn for visit in started.state.visits] == [False, True]
    assert started.state.on_record("work_begun") is not None, "said of the step, whichever visit it will be"


def test_a_visit_whose_successor_was_left_is_not_reopened(ready: Story) -> None:
    both_acknowledge(ready)
    ready.now += HOUR
    ready.reports(ANNA, agreed=True, way="again")
    both_acknowledge(ready)

    assert ready.refusal(cmd.ReopenVisit, SARA, visit=1, reason=COURSE) is Code.VISIT_MOVED_ON
    assert ready.refusal(cmd.ReopenVisit, SARA, visit=9, reason=COURSE) is Code.VISIT_UNKNOWN


def test_a_question_waits_for_its_answer_and_climbs_a_ladder_meanwhile(started: Story) -> None:
    question = started.notes(ANNA, "question", to=Role.COMPANY_CONSULTANT)
    assert started.recipients_of("question") == ["person/bo"]
    started.time_passes_to(started.now + 2 * DAY)
    assert [level for waiting, level in escalations(started) if waiting == f"1/question/{question}"] == [1, 1, 2]

    started.notes(BO, "observation", answers=question)

    assert started.waits(WaitingKind.QUESTION) == []


def test_a_hybrid_route_opens_two_visits_that_are_left_each_by_itself(started: Story) -> None:
    started.reports(ANNA, agreed=True, way="both")
    started.reports(BO, contract=True, apart=True)
    both_acknowledge(started)
    assert started.steps == ["trial", "work"]

    started.reports(BO, tried=True)
    for actor in (ANNA, BO):
        started.acknowledges(actor, visit=2)

    assert started.steps == ["work", "talk"]


def test_one_person_in_both_roles_is_handed_over_as_one() -> None:
    story = Story().starts(shared_role=True, company_consultant=cmd.PartyClaim())

    story.hand_over(Role.CASEWORKER, "carl")

    assert story.state.roles_of("carl") == (Role.CASEWORKER, Role.COMPANY_CONSULTANT)
    assert story.state.roles_of("anna") == ()


def test_one_person_in_both_roles_is_told_once_that_the_course_is_closed() -> None:
    story = Story().starts(shared_role=True, company_consultant=cmd.PartyClaim())
    story.command(cmd.CloseCourse, ANNA, outcome="job", reason=COURSE)

    story.acknowledges(ANNA)

    assert story.recipients_of("completed") == ["person/anna"]
