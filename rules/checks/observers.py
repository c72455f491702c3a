"""Checks what observers read: every name is that of one fact, kind of note or step, and of no two of them."""

from collections.abc import Mapping

from domain.state.facts import NOTE_KINDS
from domain.state.observers import ObserverKind
from rules.checks.flaws import Flaws, unknown_name
from rules.language.rule_set import RuleSet


def observer_flaws(rule_set: RuleSet) -> Flaws:
    """Yield the flaws in what the kinds of observers read."""
    names = _names(rule_set)
    every = {name for listed in names.values() for name in listed}
    for kind in ObserverKind:
        reads = rule_set.observers.reads(kind)
        for number, name in enumerate(reads):
            path = ("observers", kind.value, "reads", number)
            yield from unknown_name("fact, kind of note or step", name, every, path)
            meanings = [what for what, listed in names.items() if name in listed]
            if len(meanings) > 1:
                yield path, f"'{name}' is {' and '.join(meanings)}; give one of them another id"
            if name in reads[:number]:
                yield path, f"'{name}' stands here for the second time; remove it"


def _names(rule_set: RuleSet) -> Mapping[str, frozenset[str]]:
    return {
        "a fact": frozenset(fact.id for fact in rule_set.facts),
        "a kind of note": frozenset((*NOTE_KINDS, *(kind.id for kind in rule_set.note_kinds))),
        "a step": frozenset(step.id for step in rule_set.steps),
    }
