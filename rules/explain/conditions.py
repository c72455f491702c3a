"""Explains conditions with the compiled predicates that decided, so explanation and verdict cannot differ."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Literal

from domain.state.facts import Fact, FactValue
from rules.engine.compiler import Compiled
from rules.engine.gates import facts_of
from rules.engine.operands import Constant, FromTable, Input, Reckoned, WeeksOf
from rules.engine.stated import EachVisit, FactAt, FactOn
from rules.engine.three_valued import decided, opposite
from rules.engine.view import FactStatus, VisitView, status_of
from rules.explain.models import Answer, ExplainedAmount, ExplainedCondition, ExplainedStatement, ExplainedValue
from rules.language.conditions import Not, NoteCount, OpenBeside
from rules.language.facts import Typed
from rules.language.text import Text

ANSWERS: Final[Mapping[bool | None, Answer]] = {True: "yes", False: "no", None: "unknown"}

_WHY_UNANSWERED: Final = {
    FactStatus.MISSING: ("Endnu ikke kendt", "Not known yet"),
    FactStatus.CONTRADICTED: ("Modstridende oplysninger", "Contradicted"),
    FactStatus.UNREADABLE: ("Kan ikke læses", "Cannot be read"),
    FactStatus.KNOWN: ("Giver intet resultat", "Gives no result"),
}
"""Why a fact leaves a condition without an answer; a known one does when nothing can be reckoned from it."""


class ConditionExplainer:
    """Explains conditions in one view; what many of them share is explained once."""

    __slots__ = ("_conditions", "_facts", "_values", "view")

    def __init__(self, view: VisitView) -> None:
        """Take the view of the visit."""
        self.view = view
        self._conditions: dict[Compiled, ExplainedCondition] = {}
        self._values: dict[Input, ExplainedValue] = {}
        self._facts: dict[tuple[str, int | None, date | None], ExplainedValue] = {}

    def condition(self, compiled: Compiled) -> ExplainedCondition:
        """Explain a condition: its answer and, part by part, why."""
        explained = self._conditions.get(compiled)
        if explained is None:
            explained = self._conditions[compiled] = self._explained(compiled)
        return explained

    def _explained(self, compiled: Compiled) -> ExplainedCondition:
        kind, answer = compiled.kind, ANSWERS[compiled.answer(self.view)]
        if isinstance(compiled.condition, NoteCount):
            note, by, at_least = compiled.condition.note, compiled.condition.by, compiled.condition.at_least
            return ExplainedCondition(kind=kind, answer=answer, note=note, by=by, at_least=at_least)
        if isinstance(compiled.condition, OpenBeside):
            return ExplainedCondition(kind=kind, answer=answer, open=compiled.condition.open)
        parts = tuple([self.condition(part) for part in compiled.parts])
        return ExplainedCondition(kind=kind, answer=answer, parts=parts, values=self._each(compiled.sides))

    def value(self, value: Input) -> ExplainedValue:
        """Explain one side of a comparison: its value and where that comes from."""
        explained = self._values.get(value)
        if explained is None:
            explained = self._values[value] = self._value(value)
        return explained

    def _value(self, value: Input) -> ExplainedValue:
        match value:
            case FactAt() | EachVisit():
                return self._fact(value.fact if isinstance(value, EachVisit) else value)
            case FromTable():
                return self._parameter(value)
            case WeeksOf(fact=fact):
                return _explain_weeks(fact, self.view)
            case Reckoned(name=name, arguments=arguments):
                of = self._each(arguments)
                return _worked_out("derived", value.get(self.view), name=name, of=of)
            case Constant():
                return _constant(value)
            case _:
                return _worked_out("today", self.view.today)

    def _each(self, values: tuple[Input, ...]) -> tuple[ExplainedValue, ...]:
        return tuple([self.value(value) for value in values])

    def _fact(self, fact: FactAt) -> ExplainedValue:
        key = fact.fact, fact.visit(self.view), fact.day(self.view) if isinstance(fact, FactOn) else None
        if key not in self._facts:
            self._facts[key] = _explain_fact(fact, self.view)
        return self._facts[key]

    def _parameter(self, value: FromTable) -> ExplainedValue:
        row, parameter = value.row(self.view), value.parameter
        return ExplainedValue(
            kind="parameter",
            name=parameter.id,
            label=parameter.label,
            value=row.written.value if row else None,
            dated_by=value.dated_by,
            valid_from=row.written.valid_from if row else None,
            reference=parameter.source,
            rule_kind=parameter.kind,
            unit=parameter.unit,
            of=self._each(value.facts),
        )

    def not_known(self, compiled: Compiled | None) -> tuple[Text, ...]:
        """Return in words the facts without which a condition has no answer."""
        lines: dict[str, Text] = {}
        for leaf in _unanswered_cells(compiled, self.view):
            facts = tuple(facts_of(leaf))
            unknown = tuple(fact for fact in facts if fact.get(self.view) is None)
            for fact in unknown or facts:
                status, _, _ = status_of(fact.declaration, fact.statements(self.view))
                lines[fact.fact] = _worded(status, fact.declaration.label)
        return tuple(lines.values())


def _explain_fact(fact: FactAt, view: VisitView) -> ExplainedValue:
    status, statement, contradiction = status_of(fact.declaration, fact.statements(view))
    return ExplainedValue(
        kind="fact",
        name=fact.fact,
        label=fact.declaration.label,
        value=statement.value if statement and status is FactStatus.KNOWN else None,
        rows=_rows(fact.declaration.read(statement.value)) if statement and status is FactStatus.KNOWN else None,
        visit=fact.visit(view) or None,
        standing=status,
        statement=_statement(statement, fact) if statement else None,
        contradicted_by=_statement(contradiction, fact) if contradiction else None,
        unit=fact.declaration.unit,
    )


def _explain_weeks(fact: FactAt, view: VisitView) -> ExplainedValue:
    """Explain a fact reported by week: every kept statement, oldest first."""
    stated = sorted(fact.statements(view), key=lambda statement: (statement.newness, statement.id))
    return ExplainedValue(
        kind="weeks",
        name=fact.fact,
        label=fact.declaration.label,
        visit=fact.visit(view) or None,
        unit=fact.declaration.unit,
        of=tuple(
            ExplainedValue(kind="fact", name=fact.fact, value=statement.value, statement=_statement(statement, fact))
            for statement in stated
        ),
    )


def _statement(fact: Fact, asked: FactAt) -> ExplainedStatement:
    return ExplainedStatement(
        id=fact.id,
        value=fact.value,
        rows=_rows(asked.declaration.read(fact.value)),
        occurred_on=fact.occurred_on,
        recorded_at=fact.recorded_at,
        reporter=fact.reporter,
        by_system=fact.by_system,
        source=fact.source,
    )


def _worked_out(kind: Literal["derived", "constant", "today"], value: Typed | None, **more: Any) -> ExplainedValue:  # noqa: ANN401 - the model checks its fields
    return ExplainedValue(kind=kind, value=_as_fact_value(value), rows=_rows(value), **more)


@lru_cache(maxsize=1024)
def _constant(constant: Constant) -> ExplainedValue:
    return _worked_out("constant", constant.value)


def _rows(value: Typed | None) -> tuple[ExplainedAmount, ...] | None:
    """Return the rows of a schedule, None of any other value."""
    if not isinstance(value, tuple):
        return None
    return tuple(ExplainedAmount(since=since, amount=float(amount)) for since, amount in value)


def _as_fact_value(value: Typed | None) -> FactValue | None:
    match value:
        case bool() | int() | str() | None:
            return value
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case schedule:
            return " ".join(f"{since.isoformat()}={hours}" for since, hours in schedule)


def _worded(status: FactStatus, label: Text) -> Text:
    danish, english = _WHY_UNANSWERED[status]
    return Text(da=f"{danish}: {label.da}", en=f"{english}: {label.en or label.da}")


def _unanswered_cells(compiled: Compiled | None, view: VisitView) -> Iterator[Compiled]:
    """Yield the cells that leave a condition without an answer."""
    if compiled is None or compiled.answer(view) is not None:
        return
    if not compiled.parts:
        yield compiled
    for part in compiled.parts:
        yield from _unanswered_cells(part, view)


Change = tuple[Compiled, bool]
"""A cell, and the answer that it would have to get."""


def least_changes(compiled: Compiled, view: VisitView) -> tuple[Change, ...]:
    """Return the fewest changed answers of cells that would make a condition true."""
    cells = tuple(_cells(compiled, wanted=True))
    answers = [leaf.answer(view) for leaf, _ in cells]
    changes = [place for place, (_, wanted) in enumerate(cells) if answers[place] is not wanted]
    for spared in reversed(changes.copy()):
        rest = [place for place in changes if place != spared]
        if _answer_if(compiled, (cells[n][1] if n in rest else answer for n, answer in enumerate(answers))):
            changes = rest
    return tuple(cells[place] for place in changes)


def _cells(compiled: Compiled, *, wanted: bool) -> Iterator[Change]:
    if not compiled.parts:
        yield compiled, wanted
    for part in compiled.parts:
        yield from _cells(part, wanted=wanted != isinstance(compiled.condition, Not))


def _answer_if(compiled: Compiled, cells: Iterator[bool | None]) -> bool | None:
    """Return the answer that a condition would have if its cells, in the order of their writing, had these."""
    if not compiled.parts:
        return next(cells)
    parts = [_answer_if(part, cells) for part in compiled.parts]
    return opposite(parts[0]) if compiled.kind == "not" else decided(parts, decisive=compiled.kind == "any")
