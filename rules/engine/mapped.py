"""Reads what was said under a former rule set: each value as the value to which the mappings of this set lead."""

from collections.abc import Mapping

from rules.language.facts import EnumValue, FactDeclaration
from rules.language.rule_set import RuleSet

_Former = Mapping[str, list[str]]
"""The values of a former set by the values to which they lead."""


def reading_mapped_values(rule_set: RuleSet) -> RuleSet:
    """Return a set that reads each mapped value of a former set as another name of its own value.

    What was said stays as it was said, so that a course may follow these rules, and the former ones again.
    """
    by_fact: dict[str, dict[str, list[str]]] = {}
    for mapping in rule_set.mappings:
        by_fact.setdefault(mapping.fact, {}).setdefault(mapping.to, []).append(mapping.from_)
    facts = (_mapped(fact, by_fact[fact.id]) if fact.id in by_fact else fact for fact in rule_set.facts)
    return rule_set.model_copy(update={"facts": tuple(facts)})


def _mapped(fact: FactDeclaration, former: _Former) -> FactDeclaration:
    """Return a declaration of its own, whose reader is made anew; a value that the set has itself is that value."""
    own = frozenset(name for value in fact.values for name in (value.id, *value.aliases))
    fields = {name: getattr(fact, name) for name in FactDeclaration.model_fields}
    return FactDeclaration(**{**fields, "values": tuple(_named(value, former, own) for value in fact.values)})


def _named(value: EnumValue, former: _Former, own: frozenset[str]) -> EnumValue:
    names = tuple(name for name in former.get(value.id, ()) if name not in own)
    return value.model_copy(update={"aliases": (*value.aliases, *names)})
