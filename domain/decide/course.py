"""Deciding who holds the course and how its clock runs: start, parties, pauses, waivers, reopening."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from domain import commands as cmd
from domain import events as ev
from domain.calendar import start_of_day
from domain.decide.facts import Origin, state_facts
from domain.decide.parties import _assign
from domain.decide.turn import Turn
from domain.errors import Code, Problem, RefusedError, refuse
from domain.identity import GATE_ROLES, Role
from domain.state.course import Status
from domain.state.takeover import StandingVisit, TakenOver
from domain.state.verdict import CLOSING_OUTCOME, TARGET_GROUP


def start_course(turn: Turn, command: cmd.StartCourse) -> None:
    """Start the course at the first step, with its parties and what is known on day one."""
    if turn.state.status is not Status.UNBORN:
        raise refuse(Code.ALREADY_OPEN)
    if command.started_on > turn.today:
        raise refuse(Code.IN_THE_FUTURE, "started_on")
    claims = _claims(command)
    shared = set(cmd.StartCourse.model_fields) & set(ev.CourseStarted.model_fields) - {"kind", "rules"}
    said = {name: getattr(command, name) for name in shared}
    quiet_until = command.taken_over.quiet_until if command.taken_over else None
    turn.happen(ev.CourseStarted, rules=turn.rules.reference, quiet_until=quiet_until, **said)
    for role, claim in claims.items():
        if claim != cmd.PartyClaim():
            _assign(turn, role, claim)
    if command.taken_over is not None:
        enter_taken_over(turn, command.taken_over)
    else:
        turn.happen(ev.VisitEntered, visit=1, step=turn.rules.steps[0], ordinal=1, entered_on=command.started_on)
    if turn.rules.problem_with(TARGET_GROUP, command.target_group) is not None:
        raise refuse(Code.TARGET_GROUP_UNKNOWN, "target_group")
    facts = {TARGET_GROUP: command.target_group, **command.facts}
    of_others = command.taken_over is not None
    state_facts(turn, facts, Origin(command.started_on, command.source), of_others=of_others)


def _claims(command: cmd.StartCourse) -> dict[Role, cmd.PartyClaim]:
    """Return who shall hold each role; with a shared role, one person named once holds both."""
    claims = {
        Role.CASEWORKER: command.caseworker,
        Role.COMPANY_CONSULTANT: command.company_consultant,
    }
    people = {claim.person for claim in claims.values() if claim.person}
    if command.shared_role:
        if len(people) > 1:
            raise refuse(Code.SHARED_ROLE_PEOPLE, "company_consultant.person")
        named = next((claim for claim in claims.values() if claim.person), cmd.PartyClaim())
        return dict.fromkeys(GATE_ROLES, named) if named.person else claims
    if command.caseworker.person and len(people) == 1 and command.company_consultant.person:
        raise refuse(Code.SAME_PERSON, "company_consultant.person")
    return claims


def reopen_course(turn: Turn, command: cmd.ReopenCourse) -> None:
    """Open a completed course where it was closed, the closing decision taken back."""
    if not turn.state.is_over:
        raise refuse(Code.COURSE_NOT_CLOSED)
    closed = [visit for visit in turn.state.visits if visit.closing is not None]
    last = max(visit.left_at for visit in closed if visit.left_at is not None)
    turn.happen(ev.CourseReopened, reason=command.reason)
    for fact in [f for f in turn.state.facts if f.fact == CLOSING_OUTCOME]:
        turn.happen(ev.FactRetracted, fact=fact.id, reason=command.reason)
    for visit in closed:
        if visit.left_at == last:
            turn.happen(ev.VisitReopened, visit=visit.number, reason=command.reason)


def close_course(turn: Turn, command: cmd.CloseCourse) -> None:
    """Record the human decision that ends the course; the course completes when both are informed of it (P9)."""
    if turn.rules.problem_with(CLOSING_OUTCOME, command.outcome) is not None:
        raise refuse(Code.OUTCOME_UNKNOWN, "outcome")
    if turn.state.is_paused:
        turn.happen(ev.CourseResumed)
    state_facts(turn, {CLOSING_OUTCOME: command.outcome}, Origin(command.occurred_on), reason=command.reason)


QUIET_AT_MOST: Final = timedelta(days=62)
"""How long nobody is reminded at most, so that a slip of the pen silences no course (P6)."""


_FIELD: Final = "taken_over"


def enter_taken_over(turn: Turn, taken_over: TakenOver) -> None:
    """Enter every visit as it stands in reality; those that were left there are left.

    Raises RefusedError naming each step, day or instant that cannot be.
    """
    problems = tuple(_problems(turn, taken_over))
    if problems:
        raise RefusedError(*problems)
    met: Counter[str] = Counter()
    before: int | None = None
    for number, visit in enumerate(taken_over.visits, 1):
        met[visit.step] += 1
        turn.happen(
            ev.VisitEntered,
            visit=number,
            step=visit.step,
            ordinal=met[visit.step],
            entered_on=visit.entered_on,
            follows=before,
            left_at=_end_of(turn, visit),
        )
        before = number if visit.left_on is not None else before


def _end_of(turn: Turn, visit: StandingVisit) -> datetime | None:
    """Return the instant at which a visit was left: as its day ended, or now when that is today."""
    if visit.left_on is None:
        return None
    return min(start_of_day(visit.left_on + timedelta(days=1)), turn.now)


def _problems(turn: Turn, taken_over: TakenOver) -> Iterator[Problem]:
    """Yield what is wrong with where the course is said to stand."""
    still_open = [visit.step for visit in taken_over.visits if visit.left_on is None]
    if not still_open:
        yield Problem(code=Code.TAKEN_OVER_NOWHERE, field=f"{_FIELD}.visits")
    for index, visit in enumerate(taken_over.visits):
        yield from _problems_of_visit(turn, visit, f"{_FIELD}.visits.{index}")
        if visit.left_on is None and still_open.count(visit.step) > 1:
            yield Problem(code=Code.TAKEN_OVER_TWICE, field=f"{_FIELD}.visits.{index}.step")
    if not turn.now < taken_over.quiet_until <= turn.now + QUIET_AT_MOST:
        params = {"days": str(QUIET_AT_MOST.days)}
        yield Problem(code=Code.QUIET_PERIOD, field=f"{_FIELD}.quiet_until", params=params)


def _problems_of_visit(turn: Turn, visit: StandingVisit, field: str) -> Iterator[Problem]:
    known = turn.rules.steps
    if visit.step not in known:
        yield Problem(code=Code.STEP_UNKNOWN, field=f"{field}.step", params={"known": ", ".join(known)})
    if visit.entered_on > turn.today:
        yield Problem(code=Code.IN_THE_FUTURE, field=f"{field}.entered_on")
    if turn.state.started_on is not None and visit.entered_on < turn.state.started_on:
        yield Problem(code=Code.BEFORE_THE_START, field=f"{field}.entered_on")
    if visit.left_on is not None and visit.left_on > turn.today:
        yield Problem(code=Code.IN_THE_FUTURE, field=f"{field}.left_on")
    if visit.left_on is not None and visit.left_on < visit.entered_on:
        yield Problem(code=Code.BEFORE_THE_START, field=f"{field}.left_on")


def describe_citizen(turn: Turn, command: cmd.DescribeCitizen) -> None:
    """Take another name, or protect the name from now on or no longer; saying the same again changes nothing."""
    if command.citizen_text is not None or command.protected != turn.state.protected:
        turn.happen(
            ev.CitizenDescribed,
            citizen_text=command.citizen_text,
            protected=command.protected,
            reason=command.reason,
        )
