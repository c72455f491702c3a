"""Telling conditions and their operands: it asks the very questions that decided, so it cannot tell another tale."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from domain.facts import Fact, FactValue
from rules.compiling import Compiled, Question, negated, settled
from rules.conditions import All, AnyOf, Comparison, Not, NoteCount
from rules.declarations import Typed
from rules.explained import Answer, ExplainedCondition, ExplainedStatement, ExplainedValue
from rules.gates import facts_of
from rules.knowledge import Standing, View
from rules.operands import Constant, FactAt, FromTable, Reckoned, Value
from rules.text import Text

ANSWERS: Final[Mapping[bool | None, Answer]] = {True: "yes", False: "no", None: "unknown"}

_NOT_KNOWN: Final = {
    Standing.MISSING: ("Endnu ikke kendt", "Not known yet"),
    Standing.CONTRADICTED: ("Modstridende oplysninger", "Contradicted"),
    Standing.UNREADABLE: ("Kan ikke læses", "Cannot be read"),
}


def tell(compiled: Compiled, view: View) -> ExplainedCondition:
    """Return a condition with its answer and, part by part, why."""
    condition = compiled.condition
    answer = ANSWERS[compiled.ask(view)]
    match condition:
        case NoteCount(note=note, by=by, at_least=at_least):
            return ExplainedCondition(kind="note", answer=answer, note=note, by=by, at_least=at_least)
        case All() | AnyOf() | Not():
            kind = {All: "all", AnyOf: "any", Not: "not"}[type(condition)]
            parts = tuple(tell(part, view) for part in compiled.parts)
            return ExplainedCondition(kind=kind, answer=answer, parts=parts)
        case Comparison(operator=operator):
            return ExplainedCondition(kind=operator, answer=answer, values=_values(compiled, view))
        case _:
            return ExplainedCondition(kind="present", answer=answer, values=_values(compiled, view))


def _values(compiled: Compiled, view: View) -> tuple[ExplainedValue, ...]:
    return tuple(tell_value(side, view) for side in compiled.sides)


def tell_value(value: Value, view: View) -> ExplainedValue:
    """Return one side of a comparison and where it comes from."""
    plain = _plain(value.get(view))
    match value:
        case Constant():
            return ExplainedValue(kind="constant", value=plain)
        case FactAt():
            return _fact(value, view)
        case FromTable():
            return _parameter(value, view)
        case Reckoned(name=name, arguments=arguments):
            of = tuple(tell_value(argument, view) for argument in arguments)
            return ExplainedValue(kind="derived", name=name, value=plain, of=of)
        case _:
            return ExplainedValue(kind="today", value=plain)


def _fact(fact: FactAt, view: View) -> ExplainedValue:
    number = fact.visit(view)
    standing, statement, contradiction = view.knowledge.standing(fact.declaration, number)
    return ExplainedValue(
        kind="fact",
        name=fact.declaration.id,
        label=fact.declaration.label,
        value=statement.value if statement and standing is Standing.KNOWN else None,
        visit=number or None,
        standing=standing,
        statement=_statement(statement) if statement else None,
        contradicted_by=_statement(contradiction) if contradiction else None,
        unit=fact.declaration.unit,
    )


def _statement(fact: Fact) -> ExplainedStatement:
    return ExplainedStatement(
        id=fact.id,
        value=fact.value,
        occurred_on=fact.occurred_on,
        recorded_at=fact.recorded_at,
        reporter=fact.reporter,
        by_system=fact.by_system,
        source=fact.source,
    )


def _parameter(found: FromTable, view: View) -> ExplainedValue:
    row = found.row(view)
    return ExplainedValue(
        kind="parameter",
        name=found.parameter.id,
        label=found.parameter.label,
        value=row.written.value if row else None,
        dated_by=found.dated_by,
        valid_from=row.written.valid_from if row else None,
        reference=found.parameter.reference,
        unit=found.parameter.unit,
        of=tuple(_fact(fact, view) for fact in found.facts),
    )


def _plain(value: Typed | None) -> FactValue | None:
    match value:
        case bool() | int() | str() | None:
            return value
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case schedule:
            return " ".join(f"{since.isoformat()}={hours}" for since, hours in schedule)


def not_known(compiled: Compiled | None, view: View) -> tuple[Text, ...]:
    """Return, for people, the facts for want of which a condition cannot be answered."""
    found: dict[str, Text] = {}
    for leaf in _leaves(compiled):
        for fact in facts_of(leaf) if leaf.ask(view) is None else ():
            standing, _, _ = view.knowledge.standing(fact.declaration, fact.visit(view))
            if standing is not Standing.KNOWN:
                found[fact.declaration.id] = _worded(standing, fact.declaration.label)
    return tuple(found.values())


def _worded(standing: Standing, label: Text) -> Text:
    danish, english = _NOT_KNOWN[standing]
    return Text(da=f"{danish}: {label.da}", en=f"{english}: {label.en or label.da}")


def _leaves(compiled: Compiled | None) -> Iterator[Compiled]:
    if compiled is None:
        return
    if not compiled.parts:
        yield compiled
    for part in compiled.parts:
        yield from _leaves(part)


Wish = tuple[Compiled, bool]
"""A cell, and how it would have to turn out."""


def least_wishes(compiled: Compiled, view: View) -> tuple[Wish, ...]:
    """Return cells that would make a condition true if they turned out as wished, none of which can be spared."""
    wishes = [(leaf, wanted) for leaf, wanted in _wishes(compiled, wanted=True) if leaf.ask(view) is not wanted]
    for spared in reversed(wishes.copy()):
        rest = [wish for wish in wishes if wish is not spared]
        if _supposing(compiled, rest)(view):
            wishes = rest
    return tuple(wishes)


def _wishes(compiled: Compiled, *, wanted: bool) -> Iterator[Wish]:
    if not compiled.parts:
        yield compiled, wanted
    for part in compiled.parts:
        yield from _wishes(part, wanted=wanted != isinstance(compiled.condition, Not))


def _supposing(compiled: Compiled, wishes: list[Wish]) -> Question:
    """Return the question of a condition in a world where the wished cells turn out as wished."""
    for leaf, wanted in wishes:
        if leaf is compiled:
            return lambda _: wanted
    parts = [_supposing(part, wishes) for part in compiled.parts]
    match compiled.condition:
        case All():
            return settled(parts, decisive=False)
        case AnyOf():
            return settled(parts, decisive=True)
        case Not():
            return negated(parts[0])
        case _:
            return compiled.ask
