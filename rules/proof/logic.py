"""The one face over z3, which has no types: formulas, numbers, and a solver that may leave a question open."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Final, NewType

import z3

Formula = NewType("Formula", object)
"""Something that is true or false of a citizen."""

Number = NewType("Number", object)
"""A whole or a broken number."""

_EFFORT: Final = 3_000_000
"""How many of the solver's own steps one question may take, some ten seconds; then it is undecided on any machine."""


class Answer(Enum):
    """The answer to a question: some citizen is so, no citizen is so, or nobody can tell."""

    SOME = "some"
    NONE = "none"
    UNDECIDED = "undecided"


class Logic:
    """Makes formulas and numbers of one proof; those of two proofs never meet, so that each may run in its thread."""

    def __init__(self) -> None:
        """Open a context of its own."""
        self._context = z3.Context()
        self.true, self.false = (Formula(z3.BoolVal(value, self._context)) for value in (True, False))

    def unknown(self, name: str) -> Formula:
        """Return a formula of which nothing is said; the same name is the same formula."""
        return Formula(z3.Bool(name, self._context))

    def whole(self, name: str) -> Number:
        """Return a whole number of which nothing is said."""
        return Number(z3.Int(name, self._context))

    def broken(self, name: str) -> Number:
        """Return a number of which nothing is said."""
        return Number(z3.Real(name, self._context))

    def number(self, value: int | Decimal) -> Number:
        """Return a constant."""
        if isinstance(value, Decimal):
            return Number(z3.RealVal(str(value), self._context))
        return Number(z3.IntVal(int(value), self._context))

    def constant(self, *, value: bool) -> Formula:
        return self.true if value else self.false

    def all_of(self, parts: Iterable[Formula]) -> Formula:
        """Return that every part is true; without parts it is."""
        kept = [part for part in parts if part is not self.true]
        if any(part is self.false for part in kept):
            return self.false
        if len(kept) < 2:  # noqa: PLR2004 - one part is itself
            return kept[0] if kept else self.true
        return Formula(z3.And(*kept))

    def any_of(self, parts: Iterable[Formula]) -> Formula:
        """Return that a part is true; without parts none is."""
        kept = [part for part in parts if part is not self.false]
        if any(part is self.true for part in kept):
            return self.true
        if len(kept) < 2:  # noqa: PLR2004 - as above
            return kept[0] if kept else self.false
        return Formula(z3.Or(*kept))

    def no(self, part: Formula) -> Formula:
        if part is self.true or part is self.false:
            return self.false if part is self.true else self.true
        return Formula(z3.Not(part))

    def implies(self, when: Formula, then: Formula) -> Formula:
        return self.any_of((self.no(when), then))

    def same(self, one: Formula, other: Formula) -> Formula:
        """Return that both are true or neither is."""
        return Formula(_any(one) == _any(other))

    def choice(self, when: Formula, then: Number, otherwise: Number) -> Number:
        if when is self.true or when is self.false:
            return then if when is self.true else otherwise
        return Number(z3.If(when, then, otherwise))


def equal(one: Number, other: Number) -> Formula:
    return Formula(_any(one) == _any(other))


def at_least(one: Number, other: Number) -> Formula:
    return Formula(_any(one) >= _any(other))


def more(one: Number, other: Number) -> Formula:
    return Formula(_any(one) > _any(other))


def plus(one: Number, other: Number | int) -> Number:
    return Number(_any(one) + _any(other))


def minus(one: Number, other: Number | int) -> Number:
    return Number(_any(one) - _any(other))


def times(one: Number, factor: int) -> Number:
    return Number(_any(one) * factor)


def divided(one: Number, by: int) -> Number:
    """Return how often a whole number goes into another, rounded down."""
    return Number(_any(one) / by)


def _any(term: object) -> Any:  # noqa: ANN401 - z3 has no types
    return term


class Citizen:
    """What the solver made up: the value of every formula and number of one citizen."""

    def __init__(self, model: object) -> None:
        """Keep z3's model."""
        self._model = _any(model)

    def is_so(self, formula: Formula) -> bool:
        return bool(z3.is_true(self._model.eval(formula, model_completion=True)))

    def amount(self, number: Number) -> Fraction:
        value = self._model.eval(number, model_completion=True)
        return (
            Fraction(value.numerator_as_long(), value.denominator_as_long()) if _is_broken(value) else value.as_long()
        )


def _is_broken(value: object) -> bool:
    return bool(z3.is_rational_value(value))


class Solver:
    """Answers whether a citizen can be so, given all that was said before."""

    def __init__(self, logic: Logic) -> None:
        """Begin with nothing said."""
        self._solver = z3.Solver(ctx=_any(logic)._context)  # noqa: SLF001 - both are this one face
        self._solver.set("rlimit", _EFFORT)
        self._made: Citizen | None = None
        self._core = set[int]()

    def say(self, *formulas: Formula) -> None:
        """Let formulas be true of every citizen from now on."""
        self._solver.add(*formulas)

    def ask(self, *assumed: Formula) -> Answer:
        """Return whether some citizen is so."""
        answer = self._solver.check(*assumed)
        self._made = Citizen(self._solver.model()) if answer == z3.sat else None
        self._core = {part.get_id() for part in self._solver.unsat_core()} if answer == z3.unsat else set[int]()
        if self._made is not None:
            return Answer.SOME
        return Answer.NONE if answer == z3.unsat else Answer.UNDECIDED

    @property
    def citizen(self) -> Citizen:
        """Return the citizen of the last answer `some`; raises ValueError after another."""
        if self._made is None:
            raise ValueError("There is no such citizen.")
        return self._made

    def against(self, assumed: Sequence[Formula]) -> tuple[Formula, ...]:
        """Return those of what was assumed that together make the last answer `none`; none of another answer."""
        return tuple(part for part in assumed if _any(part).get_id() in self._core)
