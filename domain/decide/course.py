"""Deciding who holds the course and how its clock runs: start, parties, pauses, waivers, reopening."""

from uuid import UUID

from domain import commands as cmd
from domain import events as ev
from domain.decide.facts import Origin, state_facts
from domain.decide.taking_over import enter_taken_over
from domain.decide.turn import DANISH_TIME, Turn
from domain.errors import Code, refuse
from domain.identity import ENGINE, GATE_ROLES, Role, notice_id, supervisors_address
from domain.state.course import Party, Status, Visit
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


def assign_party(turn: Turn, command: cmd.AssignParty) -> None:
    """Give a role to a person or a queue; taking it from a person is a hand-over and needs a reason."""
    roles = GATE_ROLES if turn.state.shared_role else (command.role,)
    for role in roles:
        _expect_other_person(turn, role, command.to.person)
    changed = [role for role in roles if _claim_of(turn.state.party(role)) != command.to]
    if any(turn.state.holder(role) for role in changed) and command.reason is None:
        raise refuse(Code.REASON_MISSING, "reason")
    for role in changed:
        _assign(turn, role, command.to, command.reason)


def _assign(turn: Turn, role: Role, claim: cmd.PartyClaim, reason: UUID | None = None) -> None:
    """Give a role to somebody; the supervisors are told when that is more than the rules think one person can carry."""
    turn.happen(ev.PartyAssigned, role=role, to=claim, reason=reason)
    at_most, party = turn.rules.caseload(role), turn.state.party(role)
    if at_most is None or claim.person is None or party is None or turn.is_quiet:
        return
    held = turn.caseloads.get((role, claim.person), 0) + 1
    if held > at_most:
        recipient = supervisors_address(turn.state.unit)
        notice = notice_id(turn.state.course, f"caseload/{role}/{party.generation}", recipient)
        turn.happen(ev.NoticeRaised, by=ENGINE, notice=notice, about="caseload", recipient=recipient, level=held)


def _claim_of(party: Party | None) -> cmd.PartyClaim:
    return cmd.PartyClaim(person=party.person, unit=party.unit) if party else cmd.PartyClaim()


def _expect_other_person(turn: Turn, role: Role, person: str | None) -> None:
    """Raise when the person holds the other role and the course does not say that one person has both (P1)."""
    if person is None or turn.state.shared_role:
        return
    if any(turn.state.holder(other) == person for other in GATE_ROLES if other != role):
        raise refuse(Code.SAME_PERSON, "person")


def pause_course(turn: Turn, command: cmd.PauseCourse) -> None:
    """Stop the clock; waits stand still and nothing is issued or advanced until it runs again."""
    if turn.state.is_paused:
        raise refuse(Code.COURSE_PAUSED)
    since = command.since or turn.now
    ended = [pause.until for pause in turn.state.pauses if pause.until]
    if since > turn.now or since.astimezone(DANISH_TIME).date() < (turn.state.started_on or turn.today):
        raise refuse(Code.PAUSE_PERIOD, "from")
    if ended and since < max(ended):
        raise refuse(Code.PAUSE_PERIOD, "from")
    if command.until is not None and command.until <= turn.now:
        raise refuse(Code.PAUSE_PERIOD, "until")
    turn.happen(ev.CoursePaused, since=since, until=command.until, reason=command.reason)


def resume_course(turn: Turn, command: cmd.ResumeCourse) -> None:
    """Let the clock run again."""
    if not turn.state.is_paused:
        raise refuse(Code.COURSE_NOT_PAUSED)
    turn.happen(ev.CourseResumed, reason=command.reason)


def end_pause_that_is_over(turn: Turn) -> None:
    """End a pause when its end has come, whatever came first: the alarm, or a command after an outage."""
    resumes_at = turn.state.resumes_at
    if turn.state.is_paused and resumes_at is not None and resumes_at <= turn.now:
        turn.happen(ev.CourseResumed, by=ENGINE, ended_at=resumes_at)


def time_passed(_turn: Turn, _command: cmd.TimePassed) -> None:
    """Do nothing but let the course be settled: what time brings follows from the state alone."""


def waive_requirement(turn: Turn, command: cmd.WaiveRequirement) -> None:
    """Waive a named requirement for one visit; only what the rules know and allow."""
    visit = _visit_of_requirement(turn, command)
    if command.requirement not in visit.waived:
        turn.happen(
            ev.RequirementWaived,
            visit=visit.number,
            requirement=command.requirement,
            waiver=command.waiver,
            reason=command.reason,
        )


def _visit_of_requirement(turn: Turn, command: cmd.WaiveRequirement) -> Visit:
    """Return the open visit whose gate asks the requirement; raise when none does or it may not be waived."""
    asking = [v for v in turn.judge().visits if command.visit in (None, v.visit)]
    named = {r.requirement: v.visit for v in asking for r in v.requirements}
    if command.requirement not in named:
        raise refuse(Code.REQUIREMENT_UNKNOWN, "requirement", known=", ".join(sorted(named)))
    visit = turn.open_visit(named[command.requirement])
    if command.requirement not in turn.rules.waivable(visit.step):
        raise refuse(Code.REQUIREMENT_NOT_WAIVABLE, "requirement")
    return visit


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


def reopen_visit(turn: Turn, command: cmd.ReopenVisit) -> None:
    """Open a left visit again; visits entered by the mistake are withdrawn, nothing reported there is lost."""
    visit = turn.state.visit(command.visit)
    if visit is None or visit.withdrawn:
        raise refuse(Code.VISIT_UNKNOWN, "visit", open="")
    if visit.is_open:
        raise refuse(Code.VISIT_STILL_OPEN, "visit")
    led_to = [v for v in turn.state.visits if visit.number in (v.follows, v.joined_by)]
    entered = [v for v in led_to if v.follows == visit.number and v.entered_at == visit.left_at]
    joined = [v for v in led_to if v.joined_by == visit.number]
    gone_on = {v.follows for v in turn.state.visits if not v.withdrawn}
    if any(v.number in gone_on for v in entered) or not all(v.is_open for v in (*entered, *joined)):
        raise refuse(Code.VISIT_MOVED_ON, "visit")
    for successor in entered:
        turn.happen(ev.VisitWithdrawn, visit=successor.number)
    turn.happen(ev.VisitReopened, visit=visit.number, reason=command.reason)
