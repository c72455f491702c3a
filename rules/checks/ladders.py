"""Checks ladders: their wait, the length of their rungs, that both roles come first, that an endless wait repeats."""

from datetime import date
from itertools import product
from typing import Final

from domain.calendar import TimeUnit
from domain.identity import GATE_ROLES
from domain.state.verdict import TARGET_GROUP
from domain.state.waiting import OPTIONAL, Rung, WaitingKind
from rules.checks.flaws import Flaws, Path, undeclared, unknown_name
from rules.engine.ladders import Ladders
from rules.language.conditions import Param
from rules.language.facts import READERS, FactType
from rules.language.phrases import listed, phrase
from rules.language.rule_set import RuleSet
from rules.language.steps import WAIT_BEGAN, CountedFrom, Ladder, Parameter, RungRecipient, RungRow

_WITHOUT_END: Final = frozenset({WaitingKind.PAUSE, WaitingKind.SILENCE})
"""The waits that may last for ever, so that somebody must be told again and again (P5)."""


def ladder_flaws(rule_set: RuleSet) -> Flaws:
    """Yield the flaws of the ladders and of the parameters for the lengths of their rungs."""
    flaws = tuple(_single_flaws(rule_set))
    yield from flaws or _a_day_between(rule_set)


def _single_flaws(rule_set: RuleSet) -> Flaws:
    for number, ladder in enumerate(rule_set.ladders):
        path = ("ladders", number)
        yield from _about(rule_set, ladder, path)
        for place, rung in enumerate(ladder.rungs):
            yield from _rung(rule_set, ladder, rung, (*path, "rungs", place))
        yield from _both_before_supervisor(ladder, (*path, "rungs"))
        if ladder.waiting in _WITHOUT_END and not ladder.rungs[-1].repeat:
            yield (*path, "rungs", len(ladder.rungs) - 1), phrase("rung-repeats")
    yield from _lengths(rule_set)


def _about(rule_set: RuleSet, ladder: Ladder, path: Path) -> Flaws:
    steps = {step.id for step in rule_set.steps}
    requirements = {requirement.id for step in rule_set.steps for requirement in step.requirements}
    step, requirement = ladder.step, ladder.requirement
    if ladder.waiting in OPTIONAL:
        yield (*path, "waiting"), phrase("story-reminded")
    if step is not None:
        yield from unknown_name(phrase("noun-step"), step, steps, (*path, "step"))
    if requirement is not None:
        yield from unknown_name(phrase("noun-requirement"), requirement, requirements, (*path, "requirement"))
    if requirement is not None:
        yield from about_requirement(rule_set, ladder.waiting, requirement, (*path, "requirement"))


def about_requirement(rule_set: RuleSet, waiting: WaitingKind | None, requirement: str, path: Path) -> Flaws:
    """Yield the flaw of a wait that is about no requirement; a decision is about one only when that can be refused."""
    asked = [r for step in rule_set.steps for r in step.requirements if r.id == requirement]
    if waiting is WaitingKind.DECISION and asked and not any(r.refused for r in asked):
        yield path, phrase("never-refused", name=requirement)
    if waiting not in (WaitingKind.REQUIREMENT, WaitingKind.DECISION):
        yield path, phrase("wait-without-requirement")


def _rung(rule_set: RuleSet, ladder: Ladder, rung: RungRow, path: Path) -> Flaws:
    if rung.counted_from is CountedFrom.DUE and not _has_deadline(rule_set, ladder):
        yield (*path, "counted_from"), phrase("counted-from-no-deadline")
    at, amount = (*path, "after", "amount"), rung.after.amount
    amounts: list[object] = [amount]
    if isinstance(amount, Param):
        parameters = {parameter.id: parameter for parameter in rule_set.parameters}
        yield from _dated_by_the_wait(parameters, amount.param, (*at, "param"))
        amounts = [row.value for row in parameters[amount.param].rows] if amount.param in parameters else []
    if rung.repeat and 0 in amounts:
        yield at, phrase("repeats-at-once")


def _both_before_supervisor(ladder: Ladder, path: Path) -> Flaws:
    first = _supervisors_first(ladder)
    if first is not None and (first == 0 or not _tells_both(ladder.rungs[first - 1])):
        yield (*path, first, "tell"), phrase("both-before-supervisor")


def _supervisors_first(ladder: Ladder) -> int | None:
    return next((place for place, rung in enumerate(ladder.rungs) if RungRecipient.SUPERVISOR in rung.tell), None)


def _tells_both(rung: RungRow) -> bool:
    return RungRecipient.BOTH in rung.tell or set(GATE_ROLES) <= {str(recipient) for recipient in rung.tell}


def _a_day_between(rule_set: RuleSet) -> Flaws:
    """Yield the flaws of ladders that tell the supervisors less than a working day after both roles (P6).

    Lengths in different units, or from different beginnings, are not compared: a course keeps the day in any case.
    """
    ladders = Ladders(rule_set)
    days = {row.valid_from for parameter in rule_set.parameters for row in parameter.rows} or {date.min}
    for number, ladder in enumerate(rule_set.ladders):
        first = _supervisors_first(ladder) or 0
        for began, group in product(sorted(days), (*_groups(rule_set), None)):
            rungs = ladders.rungs(
                ladder.waiting, ladder.step, ladder.requirement or "", began=began, target_group=group
            )
            if first and not _is_a_day_later(rungs[first - 1], rungs[first]):
                yield ("ladders", number, "rungs", first, "after"), phrase("day-before-supervisor")
                break


def _is_a_day_later(earlier: Rung, later: Rung) -> bool:
    if (earlier.after.unit, earlier.from_due) != (later.after.unit, later.from_due):
        return True
    return later.after.unit is not TimeUnit.WORKING_HOURS and later.after.amount > earlier.after.amount


def _has_deadline(rule_set: RuleSet, ladder: Ladder) -> bool:
    requirements = (requirement for step in rule_set.steps for requirement in step.requirements)
    return ladder.waiting is WaitingKind.REQUIREMENT and any(
        requirement.deadline for requirement in requirements if requirement.id == ladder.requirement
    )


def _dated_by_the_wait(parameters: dict[str, Parameter], name: str, path: Path) -> Flaws:
    yield from undeclared(phrase("noun-number"), name, parameters, path)
    if name in parameters and parameters[name].dated_by != WAIT_BEGAN:
        yield path, phrase("rung-dated", name=name, dated_by=WAIT_BEGAN)


def _lengths(rule_set: RuleSet) -> Flaws:
    """Yield the flaws of the parameters dated by the beginning of a wait."""
    groups = _groups(rule_set)
    for number, parameter in enumerate(rule_set.parameters):
        if parameter.dated_by == WAIT_BEGAN:
            yield from _length(parameter, groups, ("parameters", number, "rows"))


def _groups(rule_set: RuleSet) -> set[str]:
    return {value.id for fact in rule_set.facts if fact.id == TARGET_GROUP for value in fact.values}


def _length(parameter: Parameter, groups: set[str], path: Path) -> Flaws:
    for number, row in enumerate(parameter.rows):
        amount = READERS[FactType.INT](row.value)
        if not isinstance(amount, int) or amount < 0:
            yield (*path, number, "value"), phrase("no-amount", value=row.value)
    named = {group for row in parameter.rows for group in row.target_groups}
    if all(row.target_groups for row in parameter.rows) and groups - named:
        yield path, phrase("no-row-for", names=listed(sorted(groups - named)))
