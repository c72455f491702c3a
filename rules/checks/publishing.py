"""What keeps a sound rule set from being published: a draft, a day that has passed, and target groups that get lost."""

from datetime import date

from domain.state.verdict import TARGET_GROUP
from rules.checks.flaws import Flaws
from rules.language.phrases import listed, phrase
from rules.language.rule_set import RuleSet


def publishing_flaws(rule_set: RuleSet, before: RuleSet | None, today: date) -> Flaws:
    """Yield what keeps a set from being published on a day; `before` is in force on the day on which it begins."""
    if rule_set.draft:
        yield ("draft",), phrase("own-draft")
    if rule_set.valid_from < today:
        yield ("valid_from",), phrase("own-past", day=rule_set.valid_from.isoformat(), today=today.isoformat())
    lost = lost_groups(rule_set, before) if before else set()
    if lost:
        yield ("mappings", TARGET_GROUP), phrase("groups-unmapped", names=listed(sorted(lost)))


def lost_groups(rule_set: RuleSet, before: RuleSet) -> set[str]:
    """Return the target groups of a former set that are neither groups of the new one nor mapped to one."""
    mapped = {mapping.from_ for mapping in rule_set.mappings if mapping.fact == TARGET_GROUP}
    return _groups(before) - _groups(rule_set) - mapped


def _groups(rule_set: RuleSet) -> set[str]:
    return {value.id for fact in rule_set.facts if fact.id == TARGET_GROUP for value in fact.values}
