"""Checks that examples name situations, facts, requirements, steps and outcomes of their rule set."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

from domain.identity import Role
from domain.state.facts import NOTE_KINDS
from domain.state.verdict import CLOSING_OUTCOME, TARGET_GROUP
from rules.checks.cell_types import expected_of, typed
from rules.checks.flaws import Flaws, Path, unknown_name
from rules.checks.ladders import about_requirement
from rules.language.examples import (
    Circumstances,
    Decision,
    Example,
    Situation,
    Stated,
    base_circumstances,
    whole_circumstances,
)
from rules.language.phrases import phrase
from rules.language.rule_set import RuleSet

_NEEDED: Final = ("step", "target_group", "today")
_IN_ORDER: Final = ("started_on", "entered_on", "today")


def example_flaws(rule_set: RuleSet) -> Flaws:
    """Yield the flaws of the situations and examples of a rule set."""
    names = _Names(rule_set)
    for number, situation in enumerate(rule_set.situations):
        yield from names.situation(situation, number)
    for number, example in enumerate(rule_set.examples):
        yield from names.example(example, ("examples", number))


class _Names:
    """The names that examples may use."""

    def __init__(self, rule_set: RuleSet) -> None:
        self._rules = rule_set
        self._situations = rule_set.situations
        self._steps = {step.id for step in rule_set.steps}
        self._facts = {fact.id: fact for fact in rule_set.facts}
        self._requirements = {
            requirement.id: requirement for step in rule_set.steps for requirement in step.requirements
        }
        self._notes = {*NOTE_KINDS, *(kind.id for kind in rule_set.note_kinds)}

    def situation(self, situation: Situation, number: int) -> Flaws:
        """Yield the flaws of a situation, which builds on those above it only."""
        path = ("situations", number)
        above = [earlier.id for earlier in self._situations[:number]]
        if situation.builds_on is not None:
            yield from unknown_name(phrase("noun-situation-above"), situation.builds_on, above, (*path, "builds_on"))
        else:
            missing = (key for key in _NEEDED if getattr(situation, key) is None)
            yield from ((path, phrase("situation-lacks", key=key)) for key in missing)
        yield from self._circumstances(situation, path)

    def example(self, example: Example, path: Path) -> Flaws:
        """Yield the flaws of an example and of its whole circumstances."""
        yield from unknown_name(
            phrase("noun-situation"), example.given, [situation.id for situation in self._situations], (*path, "given")
        )
        yield from self._circumstances(example, path)
        if example.expect is not None:
            yield from self._decision(example.expect, (*path, "expect"))
        if example.shows is not None:
            yield from self._asked((example.shows,), (*path, "shows"))
        if example.requirement is not None:
            yield from self._asked((example.requirement,), (*path, "requirement"))
            yield from about_requirement(self._rules, example.waiting, example.requirement, (*path, "requirement"))

    def _circumstances(self, circumstances: Situation | Example, path: Path) -> Flaws:
        for key, steps in (
            ("step", (circumstances.step,)),
            ("beside", circumstances.beside),
            ("before", circumstances.before),
        ):
            for step in filter(None, steps):
                yield from unknown_name(phrase("noun-step"), step, self._steps, (*path, key))
        yield from self._facts_stated(circumstances, path)
        yield from self._asked(circumstances.waived, (*path, "waived"))
        for number, note in enumerate(circumstances.notes):
            yield from unknown_name(phrase("noun-note-kind"), note.note, self._notes, (*path, "notes", number, "note"))
        yield from self._withdrawn(circumstances, path)
        if not circumstances.model_fields_set.isdisjoint(_IN_ORDER):
            yield from _out_of_order(whole_circumstances(self._situations, circumstances), path)

    def _facts_stated(self, circumstances: Situation | Example, path: Path) -> Flaws:
        if circumstances.target_group is not None:
            yield from self._value(TARGET_GROUP, circumstances.target_group, (*path, "target_group"))
        for key, facts in (
            ("facts", circumstances.facts),
            ("ahead", circumstances.ahead),
            ("systems", circumstances.systems),
        ):
            yield from self._stated(facts, (*path, key))
        for step, facts in circumstances.before.items():
            yield from self._stated(facts, (*path, "before", step))
        for fact in circumstances.systems:
            if fact in self._facts and Role.SYSTEM not in self._facts[fact].reporters:
                yield (*path, "systems", fact), phrase("not-of-systems", name=fact)

    def _withdrawn(self, circumstances: Situation | Example, path: Path) -> Flaws:
        """Yield the facts and notes that are taken back although they were never stated."""
        base = base_circumstances(self._situations, circumstances)
        facts = {*base.facts, *base.ahead, *base.systems}
        given = circumstances.given if isinstance(circumstances, Example) else circumstances.builds_on or ""
        for key, names, stated in (
            ("without", circumstances.without, facts),
            ("without_notes", circumstances.without_notes, {note.note for note in base.notes}),
        ):
            for name in names:
                if name not in stated:
                    yield (*path, key), phrase("never-stated", name=name, given=given)

    def _stated(self, facts: Mapping[str, Stated], path: Path) -> Flaws:
        for name, stated in facts.items():
            yield from unknown_name(phrase("noun-fact"), name, self._facts, (*path, name))
            for value in [statement.value for statement in stated] if isinstance(stated, tuple) else [stated]:
                yield from self._value(name, value, (*path, name))

    def _value(self, fact: str, value: object, path: Path) -> Flaws:
        declaration = self._facts.get(fact)
        if declaration is not None and declaration.read(value) is None:
            remedy = expected_of(declaration).remedy(value)
            yield path, phrase("no-value-of", value=value, fact=fact, type=typed(declaration.type), remedy=remedy)

    def _asked(self, requirements: Iterable[str], path: Path) -> Flaws:
        for requirement in requirements:
            yield from unknown_name(phrase("noun-requirement"), requirement, self._requirements, path)

    def _decision(self, decision: Decision, path: Path) -> Flaws:
        for key, names in (("holds", decision.holds), ("warns", decision.warns), ("due", decision.due)):
            yield from self._asked(names, (*path, key))
        for requirement in decision.due:
            if requirement in self._requirements and self._requirements[requirement].deadline is None:
                yield (*path, "due"), phrase("without-deadline", name=requirement)
        for step in decision.to:
            yield from unknown_name(phrase("noun-step"), step, self._steps, (*path, "to"))
        if decision.close is not None:
            yield from self._value(CLOSING_OUTCOME, decision.close, (*path, "close"))


def _out_of_order(circumstances: Circumstances, path: Path) -> Flaws:
    """Yield the days that cannot follow each other."""
    days = [(key, day) for key in _IN_ORDER if (day := getattr(circumstances, key)) is not None]
    for (earlier, one), (later, other) in pairwise(days):
        if one > other:
            yield path, phrase("days-exchanged", earlier=earlier, one=one, later=later, other=other)
