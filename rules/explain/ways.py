"""What would meet a requirement: the facts and notes that its condition asks for, as a form can ask for them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, product
from math import prod
from typing import Final, Literal

from domain.identity import Role
from domain.model import Model
from domain.state.facts import FactValue
from rules.language.conditions import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Derived,
    Not,
    NoteCount,
    OpenBeside,
    Operand,
    Param,
    Presence,
)
from rules.language.facts import FactDeclaration, FactType
from rules.language.rule_set import RuleSet
from rules.language.steps import FACT_PREFIX

_MOST: Final = 64
"""How many ways are told apart; a condition with more is told as one way with all that it reads."""


class Asked(Model):
    """One thing that a condition asks for: a fact, a note, or a step that is open beside.

    `values` are those of the fact that fit, where it has a list of them; `at_least` and `at_most` its written bounds,
    or how many notes `by` whom.
    """

    kind: Literal["fact", "note", "step"]
    id: str
    by: Role | None = None
    values: tuple[FactValue, ...] | None = None
    at_least: FactValue | None = None
    at_most: FactValue | None = None


Way = tuple[Asked, ...]
"""What together meets a condition."""


def ways_to_meet(rules: RuleSet, condition: Condition) -> tuple[Way, ...]:
    """Return the ways to meet a condition; one that holds when nothing is reported has none that asks for anything."""
    return _Ways(rules).of(condition, wanted=True)


def _distinct(way: Iterable[Asked]) -> Way:
    """Return what is asked for, each once; with a value that fits rather than without."""
    asked: dict[tuple[str, str, Role | None], Asked] = {}
    for one in way:
        key = one.kind, one.id, one.by
        if key not in asked or not _says_what(asked[key]):
            asked[key] = one
    return tuple(asked.values())


def _says_what(asked: Asked) -> bool:
    return (asked.values, asked.at_least, asked.at_most) != (None, None, None)


def _together(ways: Sequence[tuple[Way, ...]]) -> tuple[Way, ...]:
    """Return every choice of one way of each part."""
    if prod(map(len, ways)) > _MOST:
        return (_distinct(chain.from_iterable(chain.from_iterable(ways))),)
    return tuple(dict.fromkeys(_distinct(chain.from_iterable(chosen)) for chosen in product(*ways)))


def _either(ways: Sequence[tuple[Way, ...]]) -> tuple[Way, ...]:
    """Return the ways of all parts."""
    distinct = tuple(dict.fromkeys(chain.from_iterable(ways)))
    return distinct if len(distinct) <= _MOST else (_distinct(chain.from_iterable(distinct)),)


class _Ways:
    def __init__(self, rules: RuleSet) -> None:
        self._facts = {name: fact for fact in rules.facts for name in (fact.id, *fact.aliases)}
        self._dated_by = {parameter.id: parameter.dated_by for parameter in rules.parameters}

    def of(self, condition: Condition, *, wanted: bool) -> tuple[Way, ...]:
        """Return the ways to give a condition the wanted answer."""
        match condition:
            case Not(not_=inner):
                return self.of(inner, wanted=not wanted)
            case All(all=parts) | AnyOf(any=parts):
                ways = [self.of(part, wanted=wanted) for part in parts]
                return _together(ways) if wanted is isinstance(condition, All) else _either(ways)
            case _:
                return (_distinct(self._cell(condition, wanted=wanted)),)

    def _cell(self, cell: Comparison | NoteCount | Presence | OpenBeside, *, wanted: bool) -> Iterator[Asked]:
        match cell:
            case Comparison():
                yield from self._compared(cell, wanted=wanted)
            case Presence():
                yield Asked(kind="fact", id=self._id(cell.fact), values=(wanted,))
            case NoteCount(note=kind, by=by, at_least=least) if wanted:
                yield Asked(kind="note", id=kind, by=by, at_least=least)
            case OpenBeside(open=step) if wanted:
                yield Asked(kind="step", id=step)

    def _compared(self, cell: Comparison, *, wanted: bool) -> Iterator[Asked]:
        if cell.operator == "is_missing" and wanted:
            return
        if cell.fact is not None:
            yield self._fact(cell, self._facts[cell.fact], wanted=wanted)
        derived = [operand for operand in cell.operands if isinstance(operand, Derived)]
        params = [operand for operand in cell.operands if isinstance(operand, Param)]
        for source in (*cell.of, *params, *chain.from_iterable(one.of for one in derived)):
            name = self._read_by(source)
            if name is not None:
                yield Asked(kind="fact", id=self._id(name))

    def _read_by(self, source: object) -> str | None:
        """Return the fact that a source is, or by whose date a parameter is looked up."""
        if isinstance(source, Param):
            dated_by = self._dated_by[source.param]
            return dated_by.removeprefix(FACT_PREFIX) if dated_by.startswith(FACT_PREFIX) else None
        return source if isinstance(source, str) and source in self._facts else None

    def _fact(self, cell: Comparison, fact: FactDeclaration, *, wanted: bool) -> Asked:
        literals = [operand for operand in cell.operands if not isinstance(operand, Param | Derived)]
        if cell.operator in ("is", "in") and len(literals) == len(cell.operands):
            return Asked(kind="fact", id=fact.id, values=_fitting(fact, literals, wanted=wanted))
        low, high = _bounds(cell) if wanted else (None, None)
        return Asked(kind="fact", id=fact.id, at_least=low, at_most=high)

    def _id(self, name: str) -> str:
        return self._facts[name].id


def _fitting(fact: FactDeclaration, named: list[FactValue], *, wanted: bool) -> tuple[FactValue, ...] | None:
    """Return the values of a fact that are, or are not, among those that are named; None when it has no list."""
    listed: tuple[FactValue, ...] | None = None
    if fact.type is FactType.BOOL:
        listed = (True, False)
    if fact.type is FactType.ENUM:
        listed = tuple(value.id for value in fact.values)
    stored = [fact.as_stored(value) for value in named]
    if listed is None:
        return tuple(stored) if wanted else None
    return tuple(value for value in listed if (value in stored) is wanted)


def _bounds(cell: Comparison) -> tuple[FactValue | None, FactValue | None]:
    """Return the written bounds of a comparison; a parameter or a reckoned value is none."""
    low, high = cell.between or (cell.at_least, cell.at_most)
    return _literal(low), _literal(high)


def _literal(operand: Operand | None) -> FactValue | None:
    return None if isinstance(operand, Param | Derived) else operand
