"""Whether ladders are about something that is waited for, go on as long as it is, and know how long their rungs are."""

from typing import Final

from domain.state.verdict import TARGET_GROUP
from domain.state.waiting import WaitingKind
from rules.checks.cell_types import Found
from rules.checks.flaws import Path, suggestion
from rules.language.conditions import Param
from rules.language.facts import READERS, FactType
from rules.language.rule_set import RuleSet
from rules.language.steps import WAIT_BEGAN, CountedFrom, Ladder, Parameter, RungRow

_WITHOUT_END: Final = frozenset({WaitingKind.PAUSE, WaitingKind.SILENCE})
"""The waits that may last for ever, so that somebody must be told again and again (P5)."""


def ladder_flaws(rule_set: RuleSet) -> Found:
    """Yield what is wrong with the ladders and with the parameters that say how long their rungs are."""
    for number, ladder in enumerate(rule_set.ladders):
        path = ("ladders", number)
        yield from _about(rule_set, ladder, path)
        for place, rung in enumerate(ladder.rungs):
            yield from _rung(rule_set, ladder, rung, (*path, "rungs", place))
        if ladder.waiting in _WITHOUT_END and not ladder.rungs[-1].repeat:
            words = "this wait may last for ever, so its last rung comes again and again; write repeat = true"
            yield (*path, "rungs", len(ladder.rungs) - 1), words
    yield from _lengths(rule_set)


def _about(rule_set: RuleSet, ladder: Ladder, path: Path) -> Found:
    steps = {step.id for step in rule_set.steps}
    requirements = {requirement.id for step in rule_set.steps for requirement in step.requirements}
    step, requirement = ladder.step, ladder.requirement
    if step is not None and step not in steps:
        yield (*path, "step"), f"'{step}' is no step; {suggestion(step, steps)}"
    if requirement is not None and requirement not in requirements:
        yield (*path, "requirement"), f"'{requirement}' is no requirement; {suggestion(requirement, requirements)}"
    if requirement is not None and ladder.waiting is not WaitingKind.REQUIREMENT:
        yield (*path, "requirement"), 'only waiting = "requirement" is about a requirement; remove it'


def _rung(rule_set: RuleSet, ladder: Ladder, rung: RungRow, path: Path) -> Found:
    if rung.counted_from is CountedFrom.DUE and not _has_deadline(rule_set, ladder):
        words = "only a ladder about a requirement that has a deadline is counted from it"
        yield (*path, "counted_from"), f"{words}; name the requirement and give it one, or remove this"
    at, amount = (*path, "after", "amount"), rung.after.amount
    amounts: list[object] = [amount]
    if isinstance(amount, Param):
        parameters = {found.id: found for found in rule_set.parameters}
        yield from _dated_by_the_wait(parameters, amount.param, (*at, "param"))
        amounts = [row.value for row in parameters[amount.param].rows] if amount.param in parameters else []
    if rung.repeat and 0 in amounts:
        yield at, "a rung that repeats comes after 1 or more; with 0 it would never come to an end"


def _has_deadline(rule_set: RuleSet, ladder: Ladder) -> bool:
    named = (found for step in rule_set.steps for found in step.requirements if found.id == ladder.requirement)
    return any(found.deadline is not None for found in named)


def _dated_by_the_wait(parameters: dict[str, Parameter], name: str, path: Path) -> Found:
    if name not in parameters:
        yield path, f"the parameter '{name}' is not declared; {suggestion(name, parameters)}"
    elif parameters[name].dated_by != WAIT_BEGAN:
        yield path, f"how long a rung is depends on when the wait began; give '{name}' dated_by = \"{WAIT_BEGAN}\""


def _lengths(rule_set: RuleSet) -> Found:
    """Yield what is wrong with the parameters dated by the beginning of a wait."""
    groups = {value.id for fact in rule_set.facts if fact.id == TARGET_GROUP for value in fact.values}
    for number, parameter in enumerate(rule_set.parameters):
        if parameter.dated_by == WAIT_BEGAN:
            yield from _length(parameter, groups, ("parameters", number, "rows"))


def _length(parameter: Parameter, groups: set[str], path: Path) -> Found:
    for number, row in enumerate(parameter.rows):
        amount = READERS[FactType.INT](row.value)
        if not isinstance(amount, int) or amount < 0:
            yield (*path, number, "value"), f"'{row.value}' is no amount of time; write a whole number"
    named = {group for row in parameter.rows for group in row.target_groups}
    if all(row.target_groups for row in parameter.rows) and groups - named:
        lacking = ", ".join(sorted(groups - named))
        yield path, f"no row counts for {lacking}; add one, or a row that names no target group"
