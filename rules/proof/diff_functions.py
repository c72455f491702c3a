"""What two versions reckon by other numbers from the same facts: which of the two values is the larger."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final, NamedTuple

from rules.engine.operands import FromTable, Reckoned, WeeksOf
from rules.engine.stated import FactAt
from rules.proof.functions import Functions, Say
from rules.proof.logic import Formula, Logic, Number, at_least, equal, more
from rules.proof.view import Known, View

_GROWS: Final[Mapping[str, tuple[int, ...]]] = {
    "ratio_limit": (0, -1, 0, -1, 1, 0),
    "sustained_weeks": (-1, 1),
}
"""Of the last arguments of a function whether its value grows with each (1), shrinks (-1), or may do either (0)."""


class Numbered(NamedTuple):
    """A value that is free in general, what it is reckoned of, and the numbers by which it is reckoned."""

    name: str
    of: tuple[object, ...]
    numbers: tuple[Number, ...]
    value: Known


class SideFunctions(Functions):
    """The reckoned values of one citizen by one of two versions, which remembers by which numbers each is reckoned."""

    def __init__(self, logic: Logic) -> None:
        """Begin without any."""
        super().__init__(logic)
        self.numbered: list[Numbered] = []

    def _say_of(self, reckoned: Reckoned, view: View, say: Say, free: Known, values: tuple[Known, ...]) -> None:
        super()._say_of(reckoned, view, say, free, values)
        count = len(_GROWS.get(reckoned.name, ()))
        if count:
            read = [one for one in reckoned.arguments if not isinstance(one, WeeksOf)]
            of = tuple(_source(one, view) for one in read[:-count])
            if all(isinstance(one, FromTable) for one in read[-count:]):
                self.numbered.append(Numbered(reckoned.name, of, tuple(one.value for one in values[-count:]), free))


def _source(argument: object, view: View) -> object:
    if isinstance(argument, FactAt):
        return type(argument).__name__, view.name_of(argument.fact), argument.step
    return type(argument).__name__


def compared(logic: Logic, before: SideFunctions, after: SideFunctions) -> Iterator[Formula]:
    """Yield how values of two versions lie to each other that are reckoned of the same facts by other numbers."""
    for one, other in product(before.numbered, after.numbered):
        if (one.name, one.of) == (other.name, other.of):
            yield _at_least(logic, one, other)
            yield _at_least(logic, other, one)
            positive = (more(number, logic.number(0)) for number in (*one.numbers, *other.numbers))
            yield logic.implies(
                logic.all_of((*positive, *_alike(one, other))), logic.same(one.value.known, other.value.known)
            )


def _alike(one: Numbered, other: Numbered) -> Iterator[Formula]:
    pairs = zip(_GROWS[one.name], one.numbers, other.numbers, strict=True)
    yield from (equal(mine, theirs) for grows, mine, theirs in pairs if not grows)


def _at_least(logic: Logic, one: Numbered, other: Numbered) -> Formula:
    pairs = zip(_GROWS[one.name], one.numbers, other.numbers, strict=True)
    larger = (at_least(*((mine, theirs) if grows > 0 else (theirs, mine))) for grows, mine, theirs in pairs if grows)
    return logic.implies(logic.all_of((*_alike(one, other), *larger)), at_least(one.value.value, other.value.value))
