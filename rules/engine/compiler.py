"""Compiles conditions to three-valued predicates: true, false, or None while unknown (P2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from domain.state.facts import FactValue
from domain.state.verdict import TARGET_GROUP
from rules.engine.functions import FUNCTIONS, Argument, Form
from rules.engine.operands import (
    TODAY,
    Constant,
    FromTable,
    Input,
    Reckoned,
    Table,
    Today,
    Value,
    WeeksOf,
)
from rules.engine.stated import EachVisit, FactAt, FactOn, OpenEnd, SaidOn, as_day, day_of
from rules.engine.three_valued import Predicate, combined, compared, missing, negated
from rules.engine.view import VisitView
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
from rules.language.facts import READERS, FactType, Reader
from rules.language.rule_set import RuleSet
from rules.language.steps import FACT_PREFIX


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A condition, its kind or operator, and its predicate; `explain` reads its parts and sides."""

    kind: str
    condition: Condition
    answer: Predicate
    parts: tuple["Compiled", ...] = ()
    sides: tuple[Value, ...] = ()


class Compiler:
    """Compiles the conditions of one rule set; `entering` is the step whose `enter` requirement they belong to."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Keep the declarations by id."""
        self._facts = {fact.id: fact for fact in rule_set.facts}
        self._parameters = {parameter.id: parameter for parameter in rule_set.parameters}
        self.fact = cache(self._fact)
        """Compile a fact. Whatever is written several times is compiled once, so that a view asks it once."""
        self.condition = cache(self._condition)
        """Compile a condition."""
        self._formed = cache(_formed)
        self._derived = cache(self._reckoned)
        self._parameter = cache(self._from_table)

    def _fact(self, fact: str, entering: str | None) -> FactAt:
        """Compile a fact; a fact of the step to be entered is the one that was reported ahead of it."""
        declaration = self._facts[fact]
        step = declaration.step
        return FactAt(declaration, None if step == entering else step, declaration.id, declaration.read)

    def _condition(self, condition: Condition, entering: str | None) -> Compiled:
        match condition:
            case All(all=parts):
                return self._joined(condition, parts, entering)
            case AnyOf(any=parts):
                return self._joined(condition, parts, entering)
            case Not(not_=part):
                inner = self.condition(part, entering)
                return Compiled("not", condition, negated(inner.answer), (inner,))
            case cell:
                return self._cell(cell, entering)

    def _joined(self, condition: All | AnyOf, parts: tuple[Condition, ...], entering: str | None) -> Compiled:
        compiled = tuple(self.condition(part, entering) for part in parts)
        is_any = isinstance(condition, AnyOf)
        answer = combined([part.answer for part in compiled], decisive=is_any)
        return Compiled("any" if is_any else "all", condition, answer, compiled)

    def _cell(self, cell: Comparison | NoteCount | Presence | OpenBeside, entering: str | None) -> Compiled:
        match cell:
            case Comparison():
                return self._comparison(cell, entering)
            case NoteCount(note=kind, by=by, at_least=at_least):
                return Compiled("note", cell, lambda view: view.has_notes(kind, by, at_least))
            case OpenBeside(open=step):
                return Compiled("open", cell, lambda view: step in view.beside)
            case Presence(fact=fact):
                present = self.fact(fact, entering)
                return Compiled("present", cell, compared("is", present, (Constant(value=True),)), sides=(present,))

    def _comparison(self, condition: Comparison, entering: str | None) -> Compiled:
        subject, read = self._subject(condition.subject, entering)
        if condition.operator == "is_missing" and isinstance(subject, FactAt):
            return Compiled(condition.operator, condition, missing(subject), sides=(subject,))
        operands = tuple(self.operand(operand, read, entering) for operand in condition.operands)
        answer = compared(condition.operator, subject, operands)
        return Compiled(condition.operator, condition, answer, sides=(subject, *operands))

    def _subject(self, subject: str | Derived, entering: str | None) -> tuple[Value, Reader]:
        if isinstance(subject, Derived):
            kind = FactType.DATE if subject.derived == TODAY else FUNCTIONS[subject.derived].gives
            return self._derived(subject, entering), READERS[kind]
        fact = self.fact(subject, entering)
        return fact, fact.declaration.read

    def operand(
        self,
        operand: FactValue | Param | Derived,
        read: Reader,
        entering: str | None,
        dated_by: str | None = None,
    ) -> Value:
        """Compile an operand whose literals and rows are read by `read`."""
        match operand:
            case Param(param=name):
                return self._parameter(name, read, entering, dated_by)
            case Derived():
                return self._derived(operand, entering)
            case literal:
                return Constant(read(literal))

    def _reckoned(self, derived: Derived, entering: str | None) -> Value:
        if derived.derived == TODAY:
            return Today()
        function = FUNCTIONS[derived.derived]
        inputs = (self._input(*pair, entering) for pair in zip(derived.of, function.takes, strict=True))
        return Reckoned(derived.derived, function, tuple(inputs))

    def _input(self, source: str | Param, argument: Argument, entering: str | None) -> Input:
        if isinstance(source, Param):
            return self._parameter(source.param, READERS[argument.type or FactType.DATE], entering, None)
        if source == TODAY:
            return Today()
        fact = self.fact(source, entering)
        if argument.form is Form.VALUE:
            return self._formed(as_day, fact) if argument.type is FactType.DATE else fact
        return self._formed(_FORMS[argument.form], fact)

    def _from_table(self, name: str, read: Reader, entering: str | None, dated_by: str | None) -> FromTable:
        parameter = self._parameters[name]
        dating = dated_by or parameter.dated_by
        dated = self.fact(dating.removeprefix(FACT_PREFIX), entering) if dating.startswith(FACT_PREFIX) else None
        is_today = dating == TODAY or (dating == "visit_entered" and entering is not None)
        day = day_of(dated) if dated else _today if is_today else _DAYS[dating]
        group = self.fact(TARGET_GROUP, entering)
        return FromTable(
            parameter=parameter,
            table=Table(parameter.rows, read),
            group=FactOn(group.declaration, group.step, group.fact, group.read, day=day),
            dated_by=dating,
            dated=dated,
            is_today=is_today,
        )


def _formed(form: Callable[[FactAt], Input], fact: FactAt) -> Input:
    return form(fact)


def _today(view: VisitView) -> date:
    return view.today


def _course_start(view: VisitView) -> date | None:
    return view.course.state.started_on


def _visit_entered(view: VisitView) -> date:
    return view.visit.entered_on


_DAYS: Final[Mapping[str, Callable[[VisitView], date | None]]] = {
    "course_start": _course_start,
    "visit_entered": _visit_entered,
}

_FORMS: Final[Mapping[Form, Callable[[FactAt], Input]]] = {
    Form.OPEN_END: OpenEnd.of,
    Form.SAID_ON: SaidOn.of,
    Form.WEEKS: WeeksOf,
    Form.VISITS: EachVisit,
}
