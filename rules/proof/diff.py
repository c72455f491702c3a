"""Proves between two versions of rules which citizens are decided on differently, class by class, or that none are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import permutations, product
from typing import Final

from domain.calendar import Calendar
from rules.engine.book import Book
from rules.language.examples import Circumstances
from rules.proof.diff_classes import Class, Effect, OtherEffect, OtherTime, OtherWay
from rules.proof.diff_sides import Sides
from rules.proof.diff_vocabulary import Vocabulary, vocabularies
from rules.proof.diff_whom import Whom, whom
from rules.proof.logic import Answer, Formula
from rules.proof.proof import Progress

_EFFECTS: Final[tuple[Effect, ...]] = ("free", "warns", "holds")


@dataclass(frozen=True, slots=True)
class Differing:
    """A class of citizens who are decided on differently: who belongs to it, and one of them whom both judged."""

    kind: Class
    whom: Whom
    citizen: Circumstances


@dataclass(frozen=True)
class Diff:
    """What is proved between two versions: the classes that differ, and those of which nobody can tell.

    Of every citizen of neither it is proved that both versions decide the same, and of nobody who stands at a step,
    or is in a target group, that only one version has.
    """

    before: Vocabulary
    after: Vocabulary
    classes: tuple[Differing, ...]
    undecided: tuple[Class, ...]
    questions: int

    @property
    def steps_only_before(self) -> tuple[str, ...]:
        return tuple(step for step in self.before.book.steps if step in self.before.own_steps)

    @property
    def steps_only_after(self) -> tuple[str, ...]:
        return tuple(step for step in self.after.book.steps if step in self.after.own_steps)

    @property
    def since(self) -> date:
        """Return the first day of which it was asked: that on which both versions count."""
        return max(side.book.rule_set.valid_from for side in (self.before, self.after))

    @property
    def is_equivalent(self) -> bool:
        """Return whether it is proved that every citizen is decided the same."""
        groups = [*self.before.own_groups, *self.before.own_former_groups, *self.after.own_groups]
        only = (*self.steps_only_before, *self.steps_only_after, *groups)
        return not (self.classes or self.undecided or only)


def diff(before: Book, after: Book, calendar: Calendar, progress: Progress = lambda _: None) -> Diff:
    """Prove which citizens two versions without flaws decide on differently; `progress` hears of each step."""
    one, other = vocabularies(before, after)
    classes, undecided, questions = list[Differing](), list[Class](), 0
    for step in before.steps:
        progress(step)
        if step in one.own_steps:
            continue
        sides = Sides(one, other, step, calendar)
        kinds = dict(_classes(sides))
        answers = [*_answers(sides, kinds)]
        order = [*kinds]
        classes += sorted((a for a in answers if isinstance(a, Differing)), key=lambda a: order.index(a.kind))
        undecided += (answer for answer in answers if not isinstance(answer, Differing))
        questions += sides.questions
    return Diff(one, other, tuple(classes), tuple(undecided), questions)


def _answers(sides: Sides, kinds: Mapping[Class, Formula]) -> Iterator[Differing | Class]:
    """Yield the classes to which somebody belongs, and those of which nobody can tell, until no other is left."""
    left = {kind: formula for kind, formula in kinds.items() if formula is not sides.logic.false}
    while left:
        answer = sides.ask(sides.logic.any_of(left.values()))
        if answer is Answer.NONE:
            return
        is_met = sides.solver.citizen.is_so if answer is Answer.SOME else lambda _: True
        kind = next(kind for kind, formula in left.items() if is_met(formula))
        formula = left.pop(kind)
        answered = sides.meet(kind, formula)
        if answered.met is not None:
            yield Differing(kind, whom(sides, kind, formula, answered.met), answered.met.circumstances)
        elif answered.answer is not Answer.NONE:
            yield kind


def _classes(sides: Sides) -> Iterator[tuple[Class, Formula]]:
    """Yield every way in which a citizen can be decided on differently, with when she is."""
    logic, step, (before, after) = sides.logic, sides.step, sides.standings
    for (one, is_one), (other, is_other) in product(before.ways.items(), after.ways.items()):
        if one != other:
            yield OtherWay(step, one, other), logic.all_of((is_one, is_other))
    ways = [logic.all_of((is_one, after.ways[way])) for way, is_one in before.ways.items() if way in after.ways]
    goes_alike = logic.any_of(ways)
    for name in dict.fromkeys((*before.requirements, *after.requirements)):
        in_both = logic.all_of((before.is_asked(name), after.is_asked(name)))
        compared = logic.any_of((goes_alike, in_both))
        for effect, then in permutations(_EFFECTS, 2):
            is_so = logic.all_of((compared, before.effect(name, effect), after.effect(name, then)))
            yield OtherEffect(step, name, effect, then), is_so
        for (time, is_now), (other_time, is_then) in product(before.times(name), after.times(name)):
            if time != other_time:
                yield OtherTime(step, name, time, other_time), logic.all_of((is_now, is_then))
