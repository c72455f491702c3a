"""Deciding that a course follows another rule set: now, or from its next visit on, and back again."""

from domain import commands as cmd
from domain import events as ev
from domain.decide.breaches import promises
from domain.decide.decision import Decision, decides
from domain.errors import Code, refuse
from domain.identity import ENGINE
from domain.rules_port import RuleBook


@decides(cmd.RePinCourse)
def re_pin_course(decision: Decision, command: cmd.RePinCourse) -> None:
    """Let the course follow other rules now, or from its next visit; it is done already where it follows them.

    Refuses with `followed-rules-changed`, `step-unknown`.
    """
    state, rules = decision.state, decision.next_rules
    if rules is None or state.rules is None:
        raise refuse(Code.FOLLOWED_RULES_CHANGED, "instead_of")
    if state.rules.sha256 == command.rules:
        if state.rules_next is not None:
            decision.record(ev.RePinPlanned, rules=None, act=command.act)
        return
    if state.rules.sha256 != command.instead_of:
        raise refuse(Code.FOLLOWED_RULES_CHANGED, "instead_of", current=state.rules.version)
    if command.at_next_visit:
        if state.rules_next != rules.reference:
            decision.record(ev.RePinPlanned, rules=rules.reference, act=command.act)
        return
    if not _has_every_step(decision, rules):
        raise refuse(Code.STEP_UNKNOWN, "rules", known=", ".join(rules.steps))
    decision.follow_next_rules(decision.actor.person, promises(decision, rules), command.act)


def follow_planned_rules(decision: Decision) -> None:
    """Let the course follow the rules that were put off to its next visit, if they have every step where it stands."""
    rules = decision.next_rules
    if rules is not None and decision.state.rules_next == rules.reference and _has_every_step(decision, rules):
        decision.follow_next_rules(ENGINE, promises(decision, rules))


def _has_every_step(decision: Decision, rules: RuleBook) -> bool:
    return all(visit.step in rules.steps for visit in decision.state.open_visits)
