"""Deciding how a course begins and ends: start, the citizen, closing and reopening."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from domain import commands as cmd
from domain import events as ev
from domain.calendar import start_of_day
from domain.decide.decision import Decision, decides
from domain.decide.facts import Origin, expect_value, state_facts
from domain.decide.parties import _assign, expect_may_share
from domain.errors import Code, Problem, RefusedError, refuse
from domain.identity import GATE_ROLES, Role
from domain.state.course import Status
from domain.state.takeover import PriorVisit, TakenOver
from domain.state.verdict import CLOSING_OUTCOME, TARGET_GROUP


@decides(cmd.StartCourse)
def start_course(decision: Decision, command: cmd.StartCourse) -> None:
    """Start the course at the first step, with its parties and what is known on day one.

    Refuses with `already-open`, `before-the-start`, `fact-not-expected`, `fact-not-yours`, `in-the-future`,
    `quiet-period`, `reason-missing`, `same-person`, `shared-role-not-yours`,
    `shared-role-people`, `step-unknown`, `taken-over-nowhere`, `taken-over-twice`, `visit-unknown`.
    """
    if decision.state.status is not Status.NOT_STARTED:
        raise refuse(Code.ALREADY_OPEN)
    if command.started_on > decision.today:
        raise refuse(Code.IN_THE_FUTURE, "started_on")
    claims = _claims(decision, command)
    shared = set(cmd.StartCourse.model_fields) & set(ev.CourseStarted.model_fields) - {"kind", "rules"}
    shared_fields = {name: getattr(command, name) for name in shared}
    quiet_until = command.taken_over.quiet_until if command.taken_over else None
    decision.record(ev.CourseStarted, rules=decision.rules.reference, quiet_until=quiet_until, **shared_fields)
    if command.shared_role:
        decision.record(ev.RolesShared, reason=command.shared_role_reason)
    for role, claim in claims.items():
        if claim != cmd.PartyClaim():
            _assign(decision, role, claim)
    if command.taken_over is not None:
        enter_taken_over(decision, command.taken_over)
    else:
        decision.record(
            ev.VisitEntered, visit=1, step=decision.rules.steps[0], ordinal=1, entered_on=command.started_on
        )
    expect_value(decision.rules, TARGET_GROUP, command.target_group, "target_group")
    facts = {TARGET_GROUP: command.target_group, **command.facts}
    of_others = command.taken_over is not None
    state_facts(decision, facts, Origin(command.started_on, command.source), of_others=of_others)


def _claims(decision: Decision, command: cmd.StartCourse) -> dict[Role, cmd.PartyClaim]:
    """Return who shall hold each role; with a shared role, one person named once holds both."""
    claims = {
        Role.CASEWORKER: command.caseworker,
        Role.COMPANY_CONSULTANT: command.company_consultant,
    }
    people = {claim.person for claim in claims.values() if claim.person}
    if command.shared_role:
        expect_may_share(decision)
        if len(people) > 1:
            raise refuse(Code.SHARED_ROLE_PEOPLE, "company_consultant.person")
        if command.shared_role_reason is None:
            raise refuse(Code.REASON_MISSING, "shared_role_reason")
        named = next((claim for claim in claims.values() if claim.person), cmd.PartyClaim())
        return dict.fromkeys(GATE_ROLES, named) if named.person else claims
    if command.caseworker.person and len(people) == 1 and command.company_consultant.person:
        raise refuse(Code.SAME_PERSON, "company_consultant.person")
    return claims


@decides(cmd.ReopenCourse, after_closing=True)
def reopen_course(decision: Decision, command: cmd.ReopenCourse) -> None:
    """Open a completed course where it was closed, the closing decision taken back; an open one is left alone."""
    if not decision.state.is_over:
        return
    closed = [visit for visit in decision.state.visits if visit.closing is not None]
    last = max(visit.left_at for visit in closed if visit.left_at is not None)
    decision.record(ev.CourseReopened, reason=command.reason)
    for fact in [f for f in decision.state.facts if f.fact == CLOSING_OUTCOME]:
        decision.record(ev.FactRetracted, fact=fact.id, reason=command.reason)
    for visit in closed:
        if visit.left_at == last:
            decision.record(ev.VisitReopened, visit=visit.number, reason=command.reason)


@decides(cmd.CloseCourse, after_closing=True)
def close_course(decision: Decision, command: cmd.CloseCourse) -> None:
    """Record the human decision that ends the course; the course completes when both are informed of it (P9).

    The same outcome again changes nothing.
    Refuses with `course-closed`, `fact-not-expected`, `fact-not-yours`, `in-the-future`, `visit-unknown`.
    """
    expect_value(decision.rules, CLOSING_OUTCOME, command.outcome, "outcome")
    if _is_closing_so(decision, command):
        return
    if decision.state.is_over:
        raise refuse(Code.COURSE_CLOSED)
    if decision.state.is_paused:
        decision.record(ev.CourseResumed)
    state_facts(decision, {CLOSING_OUTCOME: command.outcome}, Origin(command.occurred_on), reason=command.reason)


def _is_closing_so(decision: Decision, command: cmd.CloseCourse) -> bool:
    """Say whether this very outcome is what ends the course already, of the same day where one is named."""
    on_record = decision.state.on_record(CLOSING_OUTCOME, None)
    if on_record is None:
        return False
    decided = on_record.fact
    is_same_day = command.occurred_on in (None, decided.occurred_on)
    return is_same_day and decided.value == decision.rules.as_stored(CLOSING_OUTCOME, command.outcome)


QUIET_AT_MOST: Final = timedelta(days=62)
"""How long nobody is reminded at most, so that a slip of the pen silences no course (P6)."""


_FIELD: Final = "taken_over"


def enter_taken_over(decision: Decision, taken_over: TakenOver) -> None:
    """Enter every visit as it stands in reality; those that were left there are left.

    Raises RefusedError naming each step, day or instant that cannot be.
    """
    problems = tuple(_problems(decision, taken_over))
    if problems:
        raise RefusedError(*problems)
    met: Counter[str] = Counter()
    before: int | None = None
    for number, visit in enumerate(taken_over.visits, 1):
        met[visit.step] += 1
        decision.record(
            ev.VisitEntered,
            visit=number,
            step=visit.step,
            ordinal=met[visit.step],
            entered_on=visit.entered_on,
            follows=before,
            left_at=_end_of(decision, visit),
        )
        before = number if visit.left_on is not None else before


def _end_of(decision: Decision, visit: PriorVisit) -> datetime | None:
    """Return the instant at which a visit was left: as its day ended, or now when that is today."""
    if visit.left_on is None:
        return None
    return min(start_of_day(visit.left_on + timedelta(days=1)), decision.now)


def _problems(decision: Decision, taken_over: TakenOver) -> Iterator[Problem]:
    """Yield what is wrong with where the course is said to stand."""
    still_open = [visit.step for visit in taken_over.visits if visit.left_on is None]
    if not still_open:
        yield Problem(code=Code.TAKEN_OVER_NOWHERE, field=f"{_FIELD}.visits")
    for index, visit in enumerate(taken_over.visits):
        yield from _problems_of_visit(decision, visit, f"{_FIELD}.visits.{index}")
        if visit.left_on is None and still_open.count(visit.step) > 1:
            yield Problem(code=Code.TAKEN_OVER_TWICE, field=f"{_FIELD}.visits.{index}.step")
    if not decision.now < taken_over.quiet_until <= decision.now + QUIET_AT_MOST:
        params = {"days": str(QUIET_AT_MOST.days)}
        yield Problem(code=Code.QUIET_PERIOD, field=f"{_FIELD}.quiet_until", params=params)


def _problems_of_visit(decision: Decision, visit: PriorVisit, field: str) -> Iterator[Problem]:
    declared_steps = decision.rules.steps
    if visit.step not in declared_steps:
        yield Problem(code=Code.STEP_UNKNOWN, field=f"{field}.step", params={"known": ", ".join(declared_steps)})
    if visit.entered_on > decision.today:
        yield Problem(code=Code.IN_THE_FUTURE, field=f"{field}.entered_on")
    if decision.state.started_on is not None and visit.entered_on < decision.state.started_on:
        yield Problem(code=Code.BEFORE_THE_START, field=f"{field}.entered_on")
    if visit.left_on is not None and visit.left_on > decision.today:
        yield Problem(code=Code.IN_THE_FUTURE, field=f"{field}.left_on")
    if visit.left_on is not None and visit.left_on < visit.entered_on:
        yield Problem(code=Code.BEFORE_THE_START, field=f"{field}.left_on")


@decides(cmd.DescribeCitizen)
def describe_citizen(decision: Decision, command: cmd.DescribeCitizen) -> None:
    """Take another name, or protect the name from now on or no longer; saying the same again changes nothing."""
    if command.citizen_text is not None or command.protected != decision.state.protected:
        decision.record(
            ev.CitizenDescribed,
            citizen_text=command.citizen_text,
            protected=command.protected,
            reason=command.reason,
        )
