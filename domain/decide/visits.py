"""Deciding about visits: waiving a requirement, reopening a visit, and that what is done in one stopped."""

from domain import commands as cmd
from domain import events as ev
from domain.decide.decision import Decision, decides
from domain.decide.facts import Origin, state_facts
from domain.decide.notes import note_rule, write_note
from domain.errors import Code, RefusedError, refuse
from domain.identity import Role
from domain.rules_port import RequirementRule, RuleBook, StopRule
from domain.state.bounds import has_room_for_lessons
from domain.state.course import CourseState, Visit
from domain.state.verdict import Kind


@decides(cmd.WaiveRequirement)
def waive_requirement(decision: Decision, command: cmd.WaiveRequirement) -> None:
    """Waive a named requirement for one visit; only what the rules know and allow, and never the law.

    On another ground or in other words it is waived anew; the same again changes nothing.
    Refuses with `law-not-waivable`, `requirement-not-waivable`, `requirement-unknown`, `visit-unknown`,
    `waiver-not-yours`.
    """
    visit = _visit_of_requirement(decision, command)
    said = (command.requirement, command.waiver, command.reason)
    if said not in ((waiver.requirement, waiver.ground, waiver.reason) for waiver in visit.waivers):
        decision.record(
            ev.RequirementWaived,
            visit=visit.number,
            requirement=command.requirement,
            waiver=command.waiver,
            reason=command.reason,
        )


def _visit_of_requirement(decision: Decision, command: cmd.WaiveRequirement) -> Visit:
    """Return the open visit whose gate asks the requirement; raise when none does or the actor may not waive it."""
    asking = [v for v in decision.verdict.visits if command.visit in (None, v.visit)]
    named = {r.requirement: v.visit for v in asking for r in v.requirements}
    if command.requirement not in named:
        raise refuse(Code.REQUIREMENT_UNKNOWN, "requirement", known=", ".join(sorted(named)))
    _expect_may_waive(decision, decision.rules.requirement(command.requirement))
    return decision.open_visit(named[command.requirement])


def _expect_may_waive(decision: Decision, rule: RequirementRule | None) -> None:
    """Expect that the actor, as holder of a role in this course or as supervisor, may waive it."""
    if rule is not None and rule.kind is Kind.LAW:
        raise refuse(Code.LAW_NOT_WAIVABLE, "requirement")
    if rule is None or not rule.waivable_by:
        raise refuse(Code.REQUIREMENT_NOT_WAIVABLE, "requirement")
    as_supervisor = {Role.SUPERVISOR}.intersection(decision.actor.roles)
    if rule.waivable_by.isdisjoint({*decision.state.roles_of(decision.actor.person), *as_supervisor}):
        raise refuse(Code.WAIVER_NOT_YOURS, "requirement", roles=", ".join(sorted(rule.waivable_by)))


@decides(cmd.ReopenVisit)
def reopen_visit(decision: Decision, command: cmd.ReopenVisit) -> None:
    """Open a left visit again; visits entered by the mistake are withdrawn, nothing reported there is lost.

    One that is open is left alone. Refuses with `visit-moved-on`, `visit-unknown`.
    """
    visit = decision.state.visit(command.visit)
    if visit is None or visit.withdrawn:
        raise refuse(Code.VISIT_UNKNOWN, "visit", open="")
    if visit.is_open:
        return
    led_to = [v for v in decision.state.visits if not v.withdrawn and visit.number in (v.follows, v.joined_by)]
    entered = [v for v in led_to if v.follows == visit.number and _is_entered_by_leaving(v, visit)]
    joined = [v for v in led_to if v.joined_by == visit.number]
    gone_on = {v.follows for v in decision.state.visits if not v.withdrawn}
    if any(v.number in gone_on for v in entered) or not all(v.is_open for v in (*entered, *joined)):
        raise refuse(Code.VISIT_MOVED_ON, "visit")
    for successor in entered:
        decision.record(ev.VisitWithdrawn, visit=successor.number)
    decision.record(ev.VisitReopened, visit=visit.number, reason=command.reason)


def stop_to_report(state: CourseState, rules: RuleBook, visit: Visit) -> StopRule | None:
    """Return by what it is said that a visit stopped; None where nothing stops, or both facts of it are on record."""
    stop = rules.stop(visit.step)
    is_said = stop is not None and all(state.on_record(fact, visit.number) for fact in (stop.last_day, stop.by))
    return None if is_said else stop


def _is_entered_by_leaving(successor: Visit, visit: Visit) -> bool:
    """Whether a visit was entered as the one before it was left, there or, in a course taken over, here since."""
    return visit.left_at is not None and visit.left_at <= successor.entered_at


@decides(cmd.StopVisit)
def stop_visit(decision: Decision, command: cmd.StopVisit) -> None:
    """Report the last day and who stopped it, and write down why if that is said, as the rules of the step say (P13).

    What follows is that of the facts: both are told at once, and the gate asks what was learned and what now.
    Refuses with `already-stopped`, `fact-not-expected`, `fact-not-yours`, `in-the-future`, `lessons-too-many`,
    `note-kind-unknown`, `notes-too-many`, `nothing-to-stop`, `visit-unknown`.
    """
    visit = decision.open_visit(command.visit)
    if decision.rules.stop(visit.step) is None:
        raise refuse(Code.NOTHING_TO_STOP, "visit")
    stop = stop_to_report(decision.state, decision.rules, visit)
    if stop is None:
        raise refuse(Code.ALREADY_STOPPED, "visit", visit=visit.number)
    fields = {f"facts.{stop.last_day}": "last_day", f"facts.{stop.by}": "by"}
    facts = {stop.last_day: command.last_day.isoformat(), stop.by: command.stopped_by}
    try:
        state_facts(decision, facts, Origin(), visit=visit.number)
    except RefusedError as refusal:
        named = (p.model_copy(update={"field": fields.get(p.field or "", p.field)}) for p in refusal.problems)
        raise RefusedError(*named) from None
    if not has_room_for_lessons(decision.before, decision.state.facts):
        raise refuse(Code.LESSONS_TOO_MANY)
    if command.note is not None:
        write_note(decision, command.note, note_rule(decision.rules, stop.note), visit)
