"""Checks ladders: the wait they are about, the length of their rungs, and that an endless wait repeats."""

from typing import Final

from domain.state.verdict import TARGET_GROUP
from domain.state.waiting import WaitingKind
from rules.checks.flaws import Flaws, Path, undeclared, unknown_name
from rules.language.conditions import Param
from rules.language.facts import READERS, FactType
from rules.language.rule_set import RuleSet
from rules.language.steps import WAIT_BEGAN, CountedFrom, Ladder, Parameter, RungRow

_WITHOUT_END: Final = frozenset({WaitingKind.PAUSE, WaitingKind.SILENCE})
"""The waits that may last for ever, so that somebody must be told again and again (P5)."""


def ladder_flaws(rule_set: RuleSet) -> Flaws:
    """Yield the flaws of the ladders and of the parameters for the lengths of their rungs."""
    for number, ladder in enumerate(rule_set.ladders):
        path = ("ladders", number)
        yield from _about(rule_set, ladder, path)
        for place, rung in enumerate(ladder.rungs):
            yield from _rung(rule_set, ladder, rung, (*path, "rungs", place))
        if ladder.waiting in _WITHOUT_END and not ladder.rungs[-1].repeat:
            words = "this wait may last for ever, so its last rung comes again and again; write repeat = true"
            yield (*path, "rungs", len(ladder.rungs) - 1), words
    yield from _lengths(rule_set)


def _about(rule_set: RuleSet, ladder: Ladder, path: Path) -> Flaws:
    steps = {step.id for step in rule_set.steps}
    requirements = {requirement.id for step in rule_set.steps for requirement in step.requirements}
    step, requirement = ladder.step, ladder.requirement
    if step is not None:
        yield from unknown_name("step", step, steps, (*path, "step"))
    if requirement is not None:
        yield from unknown_name("requirement", requirement, requirements, (*path, "requirement"))
    if requirement is not None and ladder.waiting is not WaitingKind.REQUIREMENT:
        yield (*path, "requirement"), 'only waiting = "requirement" is about a requirement; remove it'


def _rung(rule_set: RuleSet, ladder: Ladder, rung: RungRow, path: Path) -> Flaws:
    if rung.counted_from is CountedFrom.DUE and not _has_deadline(rule_set, ladder):
        words = "only a ladder about a requirement that has a deadline is counted from it"
        yield (*path, "counted_from"), f"{words}; name the requirement and give it one, or remove this"
    at, amount = (*path, "after", "amount"), rung.after.amount
    amounts: list[object] = [amount]
    if isinstance(amount, Param):
        parameters = {parameter.id: parameter for parameter in rule_set.parameters}
        yield from _dated_by_the_wait(parameters, amount.param, (*at, "param"))
        amounts = [row.value for row in parameters[amount.param].rows] if amount.param in parameters else []
    if rung.repeat and 0 in amounts:
        yield at, "a rung that repeats comes after 1 or more; with 0 it would never come to an end"


def _has_deadline(rule_set: RuleSet, ladder: Ladder) -> bool:
    requirements = (requirement for step in rule_set.steps for requirement in step.requirements)
    return any(requirement.deadline for requirement in requirements if requirement.id == ladder.requirement)


def _dated_by_the_wait(parameters: dict[str, Parameter], name: str, path: Path) -> Flaws:
    yield from undeclared("parameter", name, parameters, path)
    if name in parameters and parameters[name].dated_by != WAIT_BEGAN:
        yield path, f"how long a rung is depends on when the wait began; give '{name}' dated_by = \"{WAIT_BEGAN}\""


def _lengths(rule_set: RuleSet) -> Flaws:
    """Yield the flaws of the parameters dated by the beginning of a wait."""
    groups = {value.id for fact in rule_set.facts if fact.id == TARGET_GROUP for value in fact.values}
    for number, parameter in enumerate(rule_set.parameters):
        if parameter.dated_by == WAIT_BEGAN:
            yield from _length(parameter, groups, ("parameters", number, "rows"))


def _length(parameter: Parameter, groups: set[str], path: Path) -> Flaws:
    for number, row in enumerate(parameter.rows):
        amount = READERS[FactType.INT](row.value)
        if not isinstance(amount, int) or amount < 0:
            yield (*path, number, "value"), f"'{row.value}' is no amount of time; write a whole number"
    named = {group for row in parameter.rows for group in row.target_groups}
    if all(row.target_groups for row in parameter.rows) and groups - named:
        lacking = ", ".join(sorted(groups - named))
        yield path, f"no row counts for {lacking}; add one, or a row that names no target group"
