"""Checks the cells of conditions and deadlines: declared names, and values of one type compared."""

from typing import Any, Final, NamedTuple

from domain.state.facts import NOTE_KINDS, FactValue
from rules.checks.flaws import Flaws, Path, suggestion, undeclared, unknown_name
from rules.engine.functions import FUNCTIONS, Argument, Form
from rules.engine.operands import TODAY
from rules.language.conditions import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Derived,
    Not,
    NoteCount,
    OpenBeside,
    Param,
    Presence,
)
from rules.language.facts import FIRST_DAY, LAST_DAY, READERS, FactDeclaration, FactType, Reader, Typed
from rules.language.phrases import Phrase, listed, phrase
from rules.language.rule_set import RuleSet
from rules.language.steps import FACT_PREFIX, WAIT_BEGAN, Deadline, Requirement

_NAMES: Final = frozenset({"is", "in", "is_missing"})
_NUMBERS: Final = _NAMES | {"at_least", "at_most", "between"}
_OPERATORS: Final = {
    FactType.BOOL: frozenset({"is", "is_missing"}),
    FactType.INT: _NUMBERS,
    FactType.DECIMAL: _NUMBERS,
    FactType.DATE: _NAMES | {"before", "after", "between"},
    FactType.ENUM: _NAMES,
    FactType.CVR: _NAMES,
    FactType.P_NUMBER: _NAMES,
    FactType.SCHEDULE: frozenset({"is_missing"}),
    FactType.TIME: _NAMES,
}
_WIDER: Final = {FactType.INT: FactType.DECIMAL}
"""Types that compare with another one's values."""


class Expected(NamedTuple):
    """The expected values of a cell: their type, their reader, and all of them or their bounds."""

    type: FactType
    read: Reader
    listed: tuple[str, ...] = ()
    least: object = None
    most: object = None

    def remedy(self, value: object) -> Phrase:
        """Return the remedy for a value that does not fit."""
        if self.listed:
            return suggestion(str(value), self.listed)
        if self.type is FactType.INT and isinstance(value, str) and value.isdecimal():
            return phrase("without-marks", value=value)
        bounds = (("at-least", self.least), ("at-most", self.most))
        written = phrase(f"write-{self.type}", first=FIRST_DAY.year, last=LAST_DAY.year)
        ends = (phrase(word, end=end) for word, end in bounds if end is not None)
        return phrase("written-so", parts=(written, *ends))


def expected_of(fact: FactDeclaration) -> Expected:
    """Return the expected values of a fact; a rule set writes a time of day in one way only."""
    if fact.type is FactType.TIME:
        return _of_type(fact.type)
    return Expected(fact.type, fact.read, tuple(value.id for value in fact.values), fact.min, fact.max)


def typed(kind: FactType | None) -> Phrase:
    """Return what values of a type are called."""
    return phrase(f"type-{kind or 'any'}")


def _of_type(kind: FactType) -> Expected:
    return Expected(kind, READERS[kind])


class Cells:
    """Checks the conditions and deadlines of one rule set."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Index the declarations by id."""
        self._facts = {fact.id: fact for fact in rule_set.facts}
        self._parameters = {parameter.id: parameter for parameter in rule_set.parameters}
        self._numbers = {parameter.id: number for number, parameter in enumerate(rule_set.parameters)}
        self._note_kinds = {*NOTE_KINDS, *(kind.id for kind in rule_set.note_kinds)}
        self._steps = {step.id for step in rule_set.steps}

    def requirement(self, requirement: Requirement, path: Path) -> Flaws:
        """Yield the flaws of a requirement."""
        if requirement.when is not None:
            yield from self.condition(requirement.when, (*path, "when"))
        yield from self.condition(requirement.must, (*path, "must"))
        if requirement.refused is not None:
            yield from self.condition(requirement.refused.when, (*path, "refused", "when"))
        if requirement.deadline is not None:
            yield from self._deadline(requirement.deadline, (*path, "deadline"))

    def declared(self, fact: str, path: Path, kind: FactType | None = None) -> Flaws:
        """Yield the flaws of the name of a fact where one of a type belongs."""
        yield from undeclared(phrase("noun-fact"), fact, self._facts, path)
        declaration = self._facts.get(fact)
        if declaration is not None and kind is not None and declaration.type is not kind:
            yield path, phrase("fact-of-type", name=fact, type=typed(declaration.type), wanted=typed(kind))

    def _day(self, fact: str, path: Path) -> Flaws:
        """Yield the flaws of the name of a fact where one with a day belongs; a schedule has a first one."""
        declaration = self._facts.get(fact)
        is_schedule = declaration is not None and declaration.type is FactType.SCHEDULE
        yield from self.declared(fact, path, FactType.SCHEDULE if is_schedule else FactType.DATE)

    def dating(self, dated_by: str, path: Path) -> Flaws:
        """Yield the flaws of a named date, such as `fact:granted_on`."""
        if dated_by.startswith(FACT_PREFIX):
            yield from self._day(dated_by.removeprefix(FACT_PREFIX), path)

    def condition(self, condition: Condition, path: Path) -> Flaws:
        """Yield the flaws of a condition."""
        match condition:
            case Comparison():
                yield from self._comparison(condition, path)
            case Presence():
                yield from self._presence(condition, path)
            case NoteCount(note=kind):
                yield from unknown_name(phrase("noun-note-kind"), kind, self._note_kinds, (*path, "note"))
            case OpenBeside(open=step):
                yield from unknown_name(phrase("noun-step"), step, self._steps, (*path, "open"))
            case All(all=nested):
                yield from self._nested(nested, (*path, "all"))
            case AnyOf(any=nested):
                yield from self._nested(nested, (*path, "any"))
            case Not(not_=inner):
                yield from self.condition(inner, (*path, "not"))

    def _nested(self, nested: tuple[Any, ...], path: Path) -> Flaws:
        for number, inner in enumerate(nested):
            yield from self.condition(inner, (*path, number))

    def _presence(self, condition: Presence, path: Path) -> Flaws:
        fact = self._facts.get(condition.fact)
        if fact is None or fact.type is not FactType.BOOL or fact.step != condition.at:
            yield (*path, "present"), phrase("present-undeclared", name=condition.fact, step=condition.at)

    def _comparison(self, condition: Comparison, path: Path) -> Flaws:
        subject = condition.subject
        if isinstance(subject, Derived):
            yield from self._derived(subject, path)
            kind = _gives(subject)
            expected = _of_type(kind) if kind else None
        else:
            yield from self.declared(subject, (*path, "fact"))
            fact = self._facts.get(subject)
            expected = expected_of(fact) if fact else None
        if expected is None:
            return
        yield from _operator(condition, expected.type, path)
        at = (*path, condition.operator)
        for operand in condition.operands:
            yield from self._operand(operand, expected, at)

    def _operand(self, operand: FactValue | Param | Derived, expected: Expected, path: Path) -> Flaws:
        kind = expected.type
        match operand:
            case Param(param=name):
                yield from self._rows(name, expected, path)
            case Derived():
                yield from self._derived(operand, path)
                given = _gives(operand)
                if given is not None and _WIDER.get(given, given) is not _WIDER.get(kind, kind):
                    yield path, phrase("derived-of-type", name=operand.derived, type=typed(given), wanted=typed(kind))
            case literal:
                if expected.read(literal) is None:
                    yield path, phrase("value-unfit", value=literal, type=typed(kind), remedy=expected.remedy(literal))

    def _rows(self, name: str, expected: Expected, path: Path) -> Flaws:
        yield from undeclared(phrase("noun-number"), name, self._parameters, (*path, "param"))
        parameter = self._parameters.get(name)
        if parameter is None:
            return
        if parameter.dated_by == WAIT_BEGAN:
            yield (*path, "param"), phrase("number-of-a-wait", name=name)
        for place, row in enumerate(parameter.rows):
            if expected.read(row.value) is None:
                values = {"value": row.value, "since": row.valid_from, "type": typed(expected.type)}
                is_number = expected.type in (FactType.INT, FactType.DECIMAL)
                written: Path = ("parameters", self._numbers[name], "rows", place, "value")
                at = written if is_number else (*path, "param")
                yield at, phrase("number-unfit", name=name, **values, remedy=expected.remedy(row.value))

    def _derived(self, derived: Derived, path: Path) -> Flaws:
        if derived.derived == TODAY:
            if derived.of:
                yield (*path, "of"), phrase("today-of-nothing", name=TODAY)
            return
        function = FUNCTIONS.get(derived.derived)
        if function is None:
            yield from unknown_name(phrase("noun-derived"), derived.derived, {TODAY, *FUNCTIONS}, (*path, "derived"))
            return
        if len(derived.of) != len(function.takes):
            takes = tuple(map(_argument, function.takes))
            yield (*path, "of"), phrase("derived-takes", name=derived.derived, count=len(takes), names=takes)
        for number, (source, argument) in enumerate(zip(derived.of, function.takes, strict=False)):
            yield from self._source(source, argument, (*path, "of", number))

    def _source(self, source: str | Param, argument: Argument, path: Path) -> Flaws:
        if isinstance(source, Param):
            if argument.form is Form.VALUE and argument.type is not None:
                yield from self._rows(source.param, _of_type(argument.type), path)
            else:
                yield path, phrase("argument-reported", argument=_argument(argument))
        elif source != TODAY and (argument.form, argument.type) == (Form.VALUE, FactType.DATE):
            yield from self._day(source, path)
        elif source != TODAY:
            yield from self.declared(source, path, argument.type)
        elif not argument.may_be_today:
            yield path, phrase("argument-today", argument=_argument(argument), name=TODAY)

    def _deadline(self, deadline: Deadline, path: Path) -> Flaws:
        key = "from" if deadline.before is None else "before"
        yield from self.dating(deadline.anchor, (*path, key))
        yield from self.dating(deadline.dated_by or "", (*path, "dated_by"))
        if isinstance(deadline.amount, Param):
            yield from self._rows(deadline.amount.param, Expected(FactType.INT, _amount, least=0), (*path, "amount"))


def _amount(value: object) -> Typed | None:
    number = READERS[FactType.INT](value)
    return number if isinstance(number, int) and number >= 0 else None


def _argument(argument: Argument) -> Phrase:
    return phrase("argument", name=argument.name, type=typed(argument.type))


def _gives(derived: Derived) -> FactType | None:
    function = FUNCTIONS.get(derived.derived)
    return FactType.DATE if derived.derived == TODAY else function.gives if function else None


def _operator(condition: Comparison, kind: FactType, path: Path) -> Flaws:
    operator = condition.operator
    if operator == "is_missing" and condition.fact is None:
        yield (*path, operator), phrase("derived-missing")
    elif operator not in _OPERATORS[kind]:
        names = listed(sorted("answered" if name == "is_missing" else name for name in _OPERATORS[kind]))
        yield (*path, operator), phrase("no-operator", type=typed(kind), operator=operator, names=names)
