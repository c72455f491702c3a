"""Looks at every number: each target group must have a row of it from the first day of the set on."""

from collections.abc import Iterator

from domain.state.verdict import TARGET_GROUP
from rules.language.rule_set import RuleSet
from rules.language.steps import WAIT_BEGAN, Parameter
from rules.proof.findings import Finding, refuted


def number_findings(rules: RuleSet) -> Iterator[Finding]:
    """Yield the numbers that some target group does not have on the day on which the set begins."""
    groups = [group for fact in rules.facts if fact.id == TARGET_GROUP for group in fact.values]
    for number, parameter in enumerate(rules.parameters):
        for group in groups:
            if parameter.dated_by != WAIT_BEGAN and not _has_row(parameter, group.id, rules):
                day = rules.valid_from.isoformat()
                values = {"name": parameter.label, "group": group.label, "day": day}
                yield refuted(rules, ("parameters", number, "rows"), "number-gap", values)


def _has_row(parameter: Parameter, group: str, rules: RuleSet) -> bool:
    """Return whether a row counts for a group on the day on which the set begins."""
    begun = (row for row in parameter.rows if row.valid_from <= rules.valid_from)
    return any(group in row.target_groups or not row.target_groups for row in begun)
