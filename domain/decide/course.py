"""Deciding who holds the course and how its clock runs: start, parties, pauses, waivers, reopening."""

from domain import commands as cmd
from domain import events as ev
from domain.decide.facts import Origin, state_facts
from domain.decide.parties import _assign
from domain.decide.taking_over import enter_taken_over
from domain.decide.turn import Turn
from domain.errors import Code, refuse
from domain.identity import GATE_ROLES, Role
from domain.state.course import Status
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
