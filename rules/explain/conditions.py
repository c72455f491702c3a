"""Telling conditions and their operands: it asks the very questions that decided, so it cannot tell another tale."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from domain.state.facts import Fact, FactValue
from rules.engine.compiler import Compiled
from rules.engine.gates import facts_of
from rules.engine.operands import Constant, FactAt, FactOn, FromTable, Input, Reckoned, WeeksOf
from rules.engine.three_valued import Question, negated, settled
from rules.engine.view import Standing, View, standing
from rules.explain.models import Answer, ExplainedCondition, ExplainedStatement, ExplainedValue
from rules.language.conditions import All, AnyOf, Not, NoteCount, OpenBeside
from rules.language.facts import Typed
from rules.language.text import Text

ANSWERS: Final[Mapping[bool | None, Answer]] = {True: "yes", False: "no", None: "unknown"}

_NOT_KNOWN: Final = {
    Standing.MISSING: ("Endnu ikke kendt", "Not known yet"),
    Standing.CONTRADICTED: ("Modstridende oplysninger", "Contradicted"),
    Standing.UNREADABLE: ("Kan ikke læses", "Cannot be read"),
    Standing.KNOWN: ("Giver intet resultat", "Gives no result"),
}
"""Why a fact leaves a condition without an answer; one that is known does when nothing can be reckoned from it."""


class Telling:
    """Tells what is seen in one view; a fact that many conditions ask for is told once."""

    __slots__ = ("_facts", "view")

    def __init__(self, view: View) -> None:
        """Take the view of the visit that is told of."""
        self.view = view
        self._facts: dict[tuple[str, int | None, date | None], ExplainedValue] = {}

    def condition(self, compiled: Compiled) -> ExplainedCondition:
        """Return a condition with its answer and, part by part, why."""
        kind, answer = compiled.kind, ANSWERS[compiled.ask(self.view)]
        if isinstance(compiled.condition, NoteCount):
            note, by, at_least = compiled.condition.note, compiled.condition.by, compiled.condition.at_least
            return ExplainedCondition(kind=kind, answer=answer, note=note, by=by, at_least=at_least)
        if isinstance(compiled.condition, OpenBeside):
            return ExplainedCondition(kind=kind, answer=answer, open=compiled.condition.open)
        parts = tuple(self.condition(part) for part in compiled.parts)
        return ExplainedCondition(kind=kind, answer=answer, parts=parts, values=self._values(compiled.sides))

    def value(self, value: Input) -> ExplainedValue:
        """Return one side of a comparison, or what it was reckoned from, and where it comes from."""
        match value:
            case FactAt():
                return self._fact(value)
            case FromTable():
                return self._parameter(value)
            case WeeksOf(fact=fact):
                return _told_weeks(fact, self.view)
            case Reckoned(name=name, arguments=arguments):
                of = self._values(arguments)
                return ExplainedValue(kind="derived", name=name, value=_plain(value.get(self.view)), of=of)
            case Constant(value=constant):
                return ExplainedValue(kind="constant", value=_plain(constant))
            case _:
                return ExplainedValue(kind="today", value=_plain(self.view.today))

    def _values(self, values: tuple[Input, ...]) -> tuple[ExplainedValue, ...]:
        return tuple(self.value(value) for value in values)

    def _fact(self, fact: FactAt) -> ExplainedValue:
        key = fact.fact, fact.visit(self.view), fact.day(self.view) if isinstance(fact, FactOn) else None
        if key not in self._facts:
            self._facts[key] = _told_fact(fact, self.view)
        return self._facts[key]

    def _parameter(self, found: FromTable) -> ExplainedValue:
        row = found.row(self.view)
        return ExplainedValue(
            kind="parameter",
            name=found.parameter.id,
            label=found.parameter.label,
            value=row.written.value if row else None,
            dated_by=found.dated_by,
            valid_from=row.written.valid_from if row else None,
            reference=found.parameter.reference,
            local_policy=found.parameter.local_policy,
            unit=found.parameter.unit,
            of=self._values(found.facts),
        )

    def not_known(self, compiled: Compiled | None) -> tuple[Text, ...]:
        """Return, for people, the facts for want of which a condition cannot be answered."""
        found: dict[str, Text] = {}
        for leaf in _unanswered(compiled, self.view):
            facts = tuple(facts_of(leaf))
            unknown = tuple(fact for fact in facts if fact.get(self.view) is None)
            for fact in unknown or facts:
                how, _, _ = standing(fact.declaration, fact.statements(self.view))
                found[fact.fact] = _worded(how, fact.declaration.label)
        return tuple(found.values())


def _told_fact(fact: FactAt, view: View) -> ExplainedValue:
    how, statement, contradiction = standing(fact.declaration, fact.statements(view))
    return ExplainedValue(
        kind="fact",
        name=fact.fact,
        label=fact.declaration.label,
        value=statement.value if statement and how is Standing.KNOWN else None,
        visit=fact.visit(view) or None,
        standing=how,
        statement=_statement(statement) if statement else None,
        contradicted_by=_statement(contradiction) if contradiction else None,
        unit=fact.declaration.unit,
    )


def _told_weeks(fact: FactAt, view: View) -> ExplainedValue:
    """Return every kept statement of a fact that is told by week, oldest first."""
    stated = sorted(fact.statements(view), key=lambda statement: (statement.newness, statement.id))
    return ExplainedValue(
        kind="weeks",
        name=fact.fact,
        label=fact.declaration.label,
        visit=fact.visit(view) or None,
        unit=fact.declaration.unit,
        of=tuple(
            ExplainedValue(kind="fact", name=fact.fact, value=statement.value, statement=_statement(statement))
            for statement in stated
        ),
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


def _worded(standing: Standing, label: Text) -> Text:
    danish, english = _NOT_KNOWN[standing]
    return Text(da=f"{danish}: {label.da}", en=f"{english}: {label.en or label.da}")


def _unanswered(compiled: Compiled | None, view: View) -> Iterator[Compiled]:
    """Yield the cells that leave a condition without an answer."""
    if compiled is None or compiled.ask(view) is not None:
        return
    if not compiled.parts:
        yield compiled
    for part in compiled.parts:
        yield from _unanswered(part, view)


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
