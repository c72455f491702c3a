"""What a step hears of a later one, as far as it follows from the rules themselves and nobody has to write it."""

from rules.checks.unused import names_in
from rules.language.rule_set import RuleSet
from rules.language.steps import Before, RouteRow, Step


def with_observed_early(rule_set: RuleSet) -> RuleSet:
    """Return the set in which each step observes all that must be known before the steps to which it leads begin."""
    asked = {step.id: _asked_before(rule_set, step) for step in rule_set.steps}
    steps = tuple(_observing(step, asked) for step in rule_set.steps)
    return rule_set.model_copy(update={"steps": steps})


def _asked_before(rule_set: RuleSet, step: Step) -> tuple[str, ...]:
    """Return the facts of a step that are asked for before it begins."""
    read = {name for asked in step.requirements if asked.before is Before.ENTER for name in names_in(asked)}
    own = (fact for fact in rule_set.facts if fact.step == step.id)
    return tuple(fact.id for fact in own if not read.isdisjoint((fact.id, *fact.aliases)))


def _observing(step: Step, asked: dict[str, tuple[str, ...]]) -> Step:
    entered = {name for row in step.routes if not _goes_on(row) for name in row.to if name != step.id}
    early = (fact for later, facts in asked.items() if later in entered for fact in facts)
    return step.model_copy(update={"observes": tuple(dict.fromkeys((*step.observes, *early)))})


def _goes_on(row: RouteRow) -> bool:
    """Whether a row leads only to steps that are open already, and so enters none."""
    return row.join and row.when is not None and set(row.to) <= {*names_in(row.when)}
