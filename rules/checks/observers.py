"""Checks what observers read: every name is that of one fact, kind of note or step, and of no two of them."""

from collections.abc import Mapping

from domain.state.facts import NOTE_KINDS
from domain.state.observers import ObserverKind
from rules.checks.flaws import Flaws, unknown_name
from rules.language.phrases import Phrase, phrase
from rules.language.rule_set import RuleSet


def observer_flaws(rule_set: RuleSet) -> Flaws:
    """Yield the flaws in what the kinds of observers read."""
    names = _names(rule_set)
    every = {name for listed in names.values() for name in listed}
    for kind in ObserverKind:
        reads = rule_set.observers.reads(kind)
        for number, name in enumerate(reads):
            path = ("observers", kind.value, "reads", number)
            yield from unknown_name(phrase("noun-readable"), name, every, path)
            meanings = [what for what, listed in names.items() if name in listed]
            if len(meanings) > 1:
                yield path, phrase("named-both", name=name, first=meanings[0], second=meanings[1])
            if name in reads[:number]:
                yield path, phrase("twice", name=name)


def _names(rule_set: RuleSet) -> Mapping[Phrase, frozenset[str]]:
    return {
        phrase("noun-fact"): frozenset(fact.id for fact in rule_set.facts),
        phrase("noun-note-kind"): frozenset((*NOTE_KINDS, *(kind.id for kind in rule_set.note_kinds))),
        phrase("noun-step"): frozenset(step.id for step in rule_set.steps),
    }
