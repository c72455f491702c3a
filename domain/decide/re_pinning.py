"""Deciding that a course follows another rule set: now, or from its next visit on, and back again."""

from collections.abc import Collection
from uuid import UUID

from domain import commands as cmd
from domain import events as ev
from domain.decide.breaches import graces
from domain.decide.decision import Decision, decides
from domain.errors import Code, refuse
from domain.identity import ENGINE
from domain.rules_port import RuleBook
from domain.state.course import CourseState
from domain.state.verdict import LeftRequirement


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
        if (state.rules_next, state.rules_next_ask_left) != (rules.reference, command.ask_left):
            decision.record(ev.RePinPlanned, rules=rules.reference, ask_left=command.ask_left, act=command.act)
        return
    if not _has_every_step(decision, rules):
        raise refuse(Code.STEP_UNKNOWN, "rules", known=", ".join(rules.steps))
    _follow(decision, rules, decision.actor.person, command.act, ask_left=command.ask_left)


def follow_planned_rules(decision: Decision, entered: Collection[str]) -> None:
    """Let the course follow the rules that were put off to its next visit, as steps are `entered`.

    It stays as it is where they do not have every step at which it will stand.
    """
    rules, state = decision.next_rules, decision.state
    if rules is None or not entered or state.rules_next != rules.reference:
        return
    if _has_every_step(decision, rules, entered):
        _follow(decision, rules, ENGINE, None, ask_left=state.rules_next_ask_left)


def left_requirements(
    state: CourseState, former: RuleBook, rules: RuleBook, *, with_open: bool = False
) -> tuple[LeftRequirement, ...]:
    """Return what holds a step by other rules and the former ones ask nowhere, of steps that a course has left.

    Those where it stands are among them `with_open`, as they will be when it goes on.
    """
    standing = {visit.step for visit in state.open_visits}
    visited = dict.fromkeys(visit.step for visit in state.visits if not visit.withdrawn)
    left = (step for step in visited if with_open or step not in standing)
    return tuple(
        LeftRequirement(step=step, requirement=name)
        for step in left
        for name in rules.holding(step)
        if former.requirement(name) is None
    )


def _follow(decision: Decision, rules: RuleBook, by: str, act: UUID | None, *, ask_left: bool) -> None:
    """Let the course follow other rules, with what is asked of left steps already and is in these rules too."""
    state = decision.state
    asked = (*state.ask_next, *(left for visit in state.open_visits for left in visit.asks_left))
    kept = (left for left in asked if left.requirement in rules.holding(left.step))
    new = left_requirements(state, decision.rules, rules) if ask_left else ()
    asked_left = tuple(dict.fromkeys((*kept, *new)))
    decision.follow_next_rules(by, act=act, graces=graces(decision, rules), asked_left=asked_left)


def _has_every_step(decision: Decision, rules: RuleBook, entered: Collection[str] = ()) -> bool:
    return {visit.step for visit in decision.state.open_visits}.union(entered).issubset(rules.steps)
