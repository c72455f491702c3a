"""Checks what is counted of a course: days that are facts of the step, and closing outcomes that there are."""

from domain.state.verdict import CLOSING_OUTCOME
from rules.checks.flaws import Flaws, Path, unknown_name
from rules.checks.planning import facts_by_name, own_fact
from rules.language.facts import FactType
from rules.language.phrases import phrase
from rules.language.rule_set import RuleSet
from rules.language.steps import Step


def measure_flaws(rule_set: RuleSet, step: Step, path: Path) -> Flaws:
    """Yield the flaws in how a step is counted."""
    if step.measure is None:
        return
    facts, at = facts_by_name(rule_set), (*path, "measure")
    for number, name in enumerate(step.measure.begins):
        is_schedule = name in facts and facts[name].type is FactType.SCHEDULE
        kind = FactType.SCHEDULE if is_schedule else FactType.DATE
        yield from own_fact(rule_set, step, name, kind, (*at, "begins", number), "counts")
    for number, name in enumerate(step.measure.ends):
        yield from own_fact(rule_set, step, name, FactType.DATE, (*at, "ends", number), "counts")
    for number, name in enumerate(step.measure.present):
        yield from own_fact(rule_set, step, name, FactType.BOOL, (*at, "present", number), "counts")


def clarifying_flaws(rule_set: RuleSet) -> Flaws:
    """Yield the closing outcomes that the set counts as clarifying and does not have."""
    declared = facts_by_name(rule_set).get(CLOSING_OUTCOME)
    outcomes = {value.id for value in declared.values} if declared is not None else set(rule_set.clarifying)
    for number, outcome in enumerate(rule_set.clarifying):
        yield from unknown_name(phrase("noun-value", fact=CLOSING_OUTCOME), outcome, outcomes, ("clarifying", number))
