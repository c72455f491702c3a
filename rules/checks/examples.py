"""Whether the examples of a rule set speak of what it has: situations, facts, requirements, steps and outcomes."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from domain.identity import Role
from domain.state.facts import NOTE_KINDS
from domain.state.verdict import CLOSING_OUTCOME, TARGET_GROUP
from domain.state.waiting import WaitingKind
from rules.checks.flaws import Path, suggestion
from rules.language.examples import (
    Circumstances,
    Decision,
    Example,
    Situation,
    Stated,
    base_circumstances,
    whole_circumstances,
)
from rules.language.rule_set import RuleSet

Found = Iterator[tuple[Path, str]]

_NEEDED: Final = ("step", "target_group", "today")
_IN_ORDER: Final = ("started_on", "entered_on", "today")


def example_flaws(rule_set: RuleSet) -> Found:
    """Yield where and what is wrong with the situations and examples of a rule set."""
    names = _Names(rule_set)
    for number, situation in enumerate(rule_set.situations):
        yield from names.situation(situation, number)
    for number, example in enumerate(rule_set.examples):
        yield from names.example(example, ("examples", number))


class _Names:
    """The names that examples may use."""

    def __init__(self, rule_set: RuleSet) -> None:
        self._situations = rule_set.situations
        self._steps = {step.id for step in rule_set.steps}
        self._facts = {fact.id: fact for fact in rule_set.facts}
        self._requirements = {found.id: found for step in rule_set.steps for found in step.requirements}
        self._notes = {*NOTE_KINDS, *(kind.id for kind in rule_set.note_kinds)}

    def situation(self, situation: Situation, number: int) -> Found:
        """Yield what is wrong with a situation, which builds on those above it only."""
        path = ("situations", number)
        above = [found.id for found in self._situations[:number]]
        if situation.builds_on is not None:
            yield from _named("situation above this one", situation.builds_on, above, (*path, "builds_on"))
        else:
            missing = (key for key in _NEEDED if getattr(situation, key) is None)
            yield from ((path, f"a situation that builds on no other says its '{key}'; add it") for key in missing)
        yield from self._circumstances(situation, path)

    def example(self, example: Example, path: Path) -> Found:
        """Yield what is wrong with an example and with the whole of the circumstances it is about."""
        yield from _named("situation", example.given, [found.id for found in self._situations], (*path, "given"))
        yield from self._circumstances(example, path)
        if example.expect is not None:
            yield from self._decision(example.expect, (*path, "expect"))
        if example.requirement is not None:
            yield from self._asked((example.requirement,), (*path, "requirement"))
            if example.waiting is not WaitingKind.REQUIREMENT:
                yield (*path, "requirement"), 'only waiting = "requirement" is about a requirement; remove it'

    def _circumstances(self, told: Situation | Example, path: Path) -> Found:
        for key, steps in (("step", (told.step,)), ("beside", told.beside), ("before", told.before)):
            for step in filter(None, steps):
                yield from _named("step", step, self._steps, (*path, key))
        yield from self._facts_told(told, path)
        yield from self._asked(told.waived, (*path, "waived"))
        for number, note in enumerate(told.notes):
            yield from _named("kind of note", note.note, self._notes, (*path, "notes", number, "note"))
        yield from self._taken_back(told, path)
        if not told.model_fields_set.isdisjoint(_IN_ORDER):
            yield from _out_of_order(whole_circumstances(self._situations, told), path)

    def _facts_told(self, told: Situation | Example, path: Path) -> Found:
        if told.target_group is not None:
            yield from self._value(TARGET_GROUP, told.target_group, (*path, "target_group"))
        for key, facts in (("facts", told.facts), ("ahead", told.ahead), ("systems", told.systems)):
            yield from self._said(facts, (*path, key))
        for step, facts in told.before.items():
            yield from self._said(facts, (*path, "before", step))
        for fact in told.systems:
            if fact in self._facts and Role.SYSTEM not in self._facts[fact].reporters:
                yield (*path, "systems", fact), f"no system may report '{fact}'; write it under 'facts'"

    def _taken_back(self, told: Situation | Example, path: Path) -> Found:
        """Yield what is taken back although nobody said it."""
        ground = base_circumstances(self._situations, told)
        facts = {*ground.facts, *ground.ahead, *ground.systems}
        for key, names, said in (
            ("without", told.without, facts),
            ("without_notes", told.without_notes, {note.note for note in ground.notes}),
        ):
            for name in names:
                if name not in said:
                    yield (*path, key), f"'{name}' was not said before, so it cannot be taken back; remove it"

    def _said(self, facts: Mapping[str, Stated], path: Path) -> Found:
        for name, said in facts.items():
            yield from _named("fact", name, self._facts, (*path, name))
            for value in [one.value for one in said] if isinstance(said, tuple) else [said]:
                yield from self._value(name, value, (*path, name))

    def _value(self, fact: str, value: object, path: Path) -> Found:
        declaration = self._facts.get(fact)
        if declaration is not None and declaration.read(value) is None:
            values = [listed.id for listed in declaration.values]
            remedy = suggestion(str(value), values) if values else "see how the fact is declared"
            yield path, f"'{value}' is no value of '{fact}', which is of type {declaration.type}; {remedy}"

    def _asked(self, requirements: Iterable[str], path: Path) -> Found:
        for requirement in requirements:
            yield from _named("requirement", requirement, self._requirements, path)

    def _decision(self, decision: Decision, path: Path) -> Found:
        for key, names in (("holds", decision.holds), ("warns", decision.warns), ("due", decision.due)):
            yield from self._asked(names, (*path, key))
        for requirement in decision.due:
            if requirement in self._requirements and self._requirements[requirement].deadline is None:
                yield (*path, "due"), f"'{requirement}' has no deadline; remove it"
        for step in decision.to:
            yield from _named("step", step, self._steps, (*path, "to"))
        if decision.close is not None:
            yield from self._value(CLOSING_OUTCOME, decision.close, (*path, "close"))


def _named(what: str, name: str, known: Iterable[str], path: Path) -> Found:
    names = set(known)
    if name not in names:
        yield path, f"'{name}' is no {what}; {suggestion(name, names)}"


def _out_of_order(told: Circumstances, path: Path) -> Found:
    """Yield the days of whole circumstances that cannot follow each other."""
    days = [(key, day) for key in _IN_ORDER if (day := getattr(told, key)) is not None]
    for (earlier, one), (later, other) in pairwise(days):
        if one > other:
            yield path, f"'{earlier}' ({one}) is after '{later}' ({other}); exchange them"
