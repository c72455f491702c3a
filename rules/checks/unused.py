"""Finds what a rule set declares and nothing reads: most often a slip in a name, or what a change has left behind."""

from collections.abc import Iterator
from typing import Final

from domain.state.verdict import CLOSING_OUTCOME, TARGET_GROUP
from rules.checks.flaws import Flaws
from rules.language.conditions import Presence
from rules.language.phrases import phrase
from rules.language.rule_set import RuleSet
from rules.language.steps import FACT_PREFIX
from rules.language.text import RuleModel, Text

_NO_READER: Final = frozenset({"id", "observes", "to", "source", "waivable_by", "roles"})
"""The keys whose words are no names of what is read there: a step that may hear of a fact early does not ask for it."""

_VALUES: Final = frozenset({"is_", "in_"})
"""The keys that hold values, of which only numbers and derived values name something."""

_OF_THE_ENGINE: Final = frozenset({TARGET_GROUP, CLOSING_OUTCOME})


def unused_flaws(rule_set: RuleSet) -> Flaws:
    """Yield the facts, kinds of notes and parameters that nothing reads and that do not say that they only inform."""
    read = {*names_in(rule_set.steps), *names_in(rule_set.ladders), *names_in(rule_set.parameters), *_OF_THE_ENGINE}
    for number, fact in enumerate(rule_set.facts):
        if not fact.informational and read.isdisjoint((fact.id, *fact.aliases)):
            yield ("facts", number, "id"), phrase("fact-unread", name=fact.id)
    for number, kind in enumerate(rule_set.note_kinds):
        if not kind.informational and kind.id not in read:
            yield ("note_kinds", number, "id"), phrase("note-kind-unread", name=kind.id)
    for number, parameter in enumerate(rule_set.parameters):
        if parameter.id not in read:
            yield ("parameters", number, "id"), phrase("number-unread", name=parameter.id)


def names_in(part: object) -> Iterator[str]:
    """Yield the words of a part of a set that may name a fact, a kind of note or a parameter."""
    match part:
        case str():
            yield part.removeprefix(FACT_PREFIX)
        case Text():
            pass
        case RuleModel():
            if isinstance(part, Presence):
                yield part.fact
            for key in type(part).model_fields.keys() - _NO_READER:
                value = getattr(part, key)
                yield from names_in(_operands(value) if key in _VALUES else value)
        case tuple() | dict():
            for inner in part:
                yield from names_in(inner)


def _operands(values: object) -> tuple[object, ...]:
    listed = values if isinstance(values, tuple) else (values,)
    return tuple(value for value in listed if not isinstance(value, str))
