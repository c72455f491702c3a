"""Conditions compiled to three-valued questions: true, false, or None for what is not known (P2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from operator import ge, gt, le, lt
from typing import Any, Final

from domain.facts import FactValue
from domain.verdict import TARGET_GROUP
from rules.conditions import All, AnyOf, Comparison, Condition, Derived, Not, NoteCount, Param, Presence
from rules.declarations import READERS, FactType, Reader, Typed
from rules.knowledge import View
from rules.model import RuleSet
from rules.operands import FUNCTIONS, TODAY, Constant, FactAt, FromTable, Reckoned, Table, Today, Value
from rules.steps import FACT_PREFIX

Question = Callable[[View], bool | None]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition, by its kind or operator, and its question; parts and sides are for whoever explains the answer."""

    kind: str
    condition: Condition
    ask: Question
    parts: tuple["Compiled", ...] = ()
    sides: tuple[Value, ...] = ()


def _is_within(left: Any, low: Any, high: Any) -> bool:  # noqa: ANN401 - any two values of one type compare
    return bool(low <= left <= high)


def _is_among(left: Typed, *listed: Typed) -> bool:
    return left in listed


_TESTS: Final[Mapping[str, Callable[..., bool]]] = {
    "is": _is_among,
    "in": _is_among,
    "at_least": ge,
    "at_most": le,
    "between": _is_within,
    "before": lt,
    "after": gt,
}


class Compiler:
    """Compiles the conditions of one rule set; `entering` is the step whose `enter` requirement they belong to."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Keep the declarations by id."""
        self._facts = {fact.id: fact for fact in rule_set.facts}
        self._parameters = {parameter.id: parameter for parameter in rule_set.parameters}

    def fact(self, fact: str, entering: str | None) -> FactAt:
        """Return a fact; those of the step to be entered are what was reported ahead of it."""
        declaration = self._facts[fact]
        step = declaration.step
        return FactAt(declaration, None if step == entering else step, declaration.id, declaration.read)

    def condition(self, condition: Condition, entering: str | None) -> Compiled:
        """Return a condition as a question."""
        match condition:
            case Comparison():
                return self._comparison(condition, entering)
            case NoteCount(note=kind, by=by, at_least=at_least):
                return Compiled("note", condition, lambda view: view.has_notes(kind, by, at_least))
            case Presence(fact=fact):
                present = self.fact(fact, entering)
                ask = _compared(_is_among, present, (Constant(value=True),))
                return Compiled("present", condition, ask, sides=(present,))
            case All(all=parts):
                compiled = tuple(self.condition(part, entering) for part in parts)
                return Compiled("all", condition, settled([part.ask for part in compiled], decisive=False), compiled)
            case AnyOf(any=parts):
                compiled = tuple(self.condition(part, entering) for part in parts)
                return Compiled("any", condition, settled([part.ask for part in compiled], decisive=True), compiled)
            case Not(not_=part):
                inner = self.condition(part, entering)
                return Compiled("not", condition, negated(inner.ask), (inner,))

    def _comparison(self, condition: Comparison, entering: str | None) -> Compiled:
        subject, read = self._subject(condition.subject, entering)
        if condition.operator == "is_missing" and isinstance(subject, FactAt):
            return Compiled(condition.operator, condition, _missing(subject), sides=(subject,))
        operands = tuple(self.operand(operand, read, entering) for operand in condition.operands)
        ask = _compared(_TESTS[condition.operator], subject, operands)
        return Compiled(condition.operator, condition, ask, sides=(subject, *operands))

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
        """Return an operand whose literals and rows are read by `read`."""
        match operand:
            case Param(param=name):
                return self._parameter(name, read, entering, dated_by)
            case Derived():
                return self._derived(operand, entering)
            case literal:
                return Constant(read(literal))

    def _derived(self, derived: Derived, entering: str | None) -> Value:
        if derived.derived == TODAY:
            return Today()
        function = FUNCTIONS[derived.derived]
        arguments: tuple[Value, ...] = tuple(
            Today() if name == TODAY else self.fact(name, entering) for name in derived.of
        )
        pace = function.pace(*(argument.pace for argument in arguments))
        return Reckoned(derived.derived, function, arguments, pace)

    def _parameter(self, name: str, read: Reader, entering: str | None, dated_by: str | None) -> FromTable:
        parameter = self._parameters[name]
        dating = dated_by or parameter.dated_by
        dated = self.fact(dating.removeprefix(FACT_PREFIX), entering) if dating.startswith(FACT_PREFIX) else None
        is_today = dating == TODAY or (dating == "visit_entered" and entering is not None)
        return FromTable(
            parameter=parameter,
            table=Table(parameter.rows, read),
            group=self.fact(TARGET_GROUP, entering),
            dated_by=dating,
            dated=dated,
            day=day_of(dated) if dated else _today if is_today else _DAYS[dating],
            is_today=is_today,
        )


def day_of(fact: FactAt) -> Callable[[View], date | None]:
    """Return the question for the value of a date fact."""

    def day(view: View) -> date | None:
        value = fact.get(view)
        return value if isinstance(value, date) else None

    return day


def _today(view: View) -> date:
    return view.today


def _course_start(view: View) -> date | None:
    return view.knowledge.state.started_on


def _visit_entered(view: View) -> date:
    return view.visit.entered_on


_DAYS: Final[Mapping[str, Callable[[View], date | None]]] = {
    "course_start": _course_start,
    "visit_entered": _visit_entered,
}


def settled(questions: list[Question], *, decisive: bool) -> Question:
    """Return the question that is settled by the first `decisive` answer, and unknown by an unknown one."""

    def ask(view: View) -> bool | None:
        settled: bool | None = not decisive
        for question in questions:
            answer = question(view)
            if answer is decisive:
                return decisive
            if answer is None:
                settled = None
        return settled

    return ask


def negated(question: Question) -> Question:
    """Return the question with the opposite answer; not knowing stays not knowing."""

    def ask(view: View) -> bool | None:
        answer = question(view)
        return None if answer is None else not answer

    return ask


def _missing(fact: FactAt) -> Question:
    """Return true when nothing was said, false when the fact is known, and unknown when what was said is no use."""

    def ask(view: View) -> bool | None:
        if fact.is_unspoken(view):
            return True
        return None if fact.get(view) is None else False

    return ask


def _compared(test: Callable[..., bool], subject: Value, operands: tuple[Value, ...]) -> Question:
    moves = any(operand.pace != subject.pace for operand in operands)

    def ask(view: View) -> bool | None:
        left = subject.get(view)
        if left is None:
            return None
        rights = [operand.get(view) for operand in operands]
        if None in rights:
            return None
        if moves:
            for operand, right in zip(operands, rights, strict=True):
                _note_crossing(view, left, right, subject.pace - operand.pace)
        return test(left, *rights)

    return ask


def _note_crossing(view: View, left: Any, right: Any, pace: int) -> None:  # noqa: ANN401 - as above
    """Note after how many midnights `left`, which gains `pace` a day on `right`, reaches or leaves it."""
    difference = left - right
    gap = difference.days if isinstance(difference, timedelta) else difference
    if gap == 0:
        view.turn_in(1)
    elif pace and (gap < 0) == (pace > 0):
        view.turn_in(ceil(-gap / Decimal(pace)))
