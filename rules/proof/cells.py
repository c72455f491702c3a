"""Compiled conditions as three-valued formulas: when they are true, when they are false, and else unknown (P2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from rules.engine.compiler import Compiled
from rules.engine.operands import Constant, FromTable, Reckoned, Today
from rules.engine.stated import FactAt, FirstDay, OpenEnd, SaidOn
from rules.language.conditions import NoteCount, OpenBeside
from rules.language.facts import FactDeclaration, FactType
from rules.proof.functions import Functions
from rules.proof.logic import Formula, Number, at_least, equal, more
from rules.proof.view import NEVER, Known, View, coded


class Cell(NamedTuple):
    """A three-valued answer; it is unknown where it is neither."""

    yes: Formula
    no: Formula


@dataclass(frozen=True, slots=True)
class Followed:
    """The steps that a route opens, as the conditions of what it asks see them."""

    to: tuple[str, ...] = ()


NOTHING: Final = Followed()

_TESTS: Final[Mapping[str, Callable[[Number, Number], Formula]]] = {
    "at_least": at_least,
    "at_most": lambda left, right: at_least(right, left),
    "before": lambda left, right: more(right, left),
    "after": more,
}


class Cells:
    """Says conditions of one view; the same condition is said once."""

    def __init__(self, view: View, functions: Functions | None = None) -> None:
        """Take the view; what is reckoned is the same in a poorer view of the same citizen."""
        self.view, self.logic = view, view.logic
        self.functions = functions or Functions(view.logic)
        self._cells: dict[tuple[int, Followed], Cell] = {}

    def of(self, compiled: Compiled | None, followed: Followed = NOTHING) -> Cell:
        """Return when a condition is true and when it is false; one that is not written is true."""
        if compiled is None:
            return Cell(self.logic.true, self.logic.false)
        key = id(compiled), followed
        if key not in self._cells:
            self._cells[key] = self._said(compiled, followed)
        return self._cells[key]

    def _said(self, compiled: Compiled, followed: Followed) -> Cell:
        logic = self.logic
        if compiled.parts:
            parts = [self.of(part, followed) for part in compiled.parts]
            yes, no = [part.yes for part in parts], [part.no for part in parts]
            match compiled.kind:
                case "all":
                    return Cell(logic.all_of(yes), logic.any_of(no))
                case "any":
                    return Cell(logic.any_of(yes), logic.all_of(no))
                case _:
                    return Cell(no[0], yes[0])
        match compiled.condition:
            case NoteCount(note=kind, by=by, at_least=least):
                return self._certain(self.view.has_notes(kind, by, least))
            case OpenBeside(open=step):
                opened = logic.constant(value=step in followed.to)
                return self._certain(logic.any_of((opened, self.view.open_beside(step))))
            case _:
                return self._compared(compiled)

    def _certain(self, formula: Formula) -> Cell:
        return Cell(formula, self.logic.no(formula))

    def _compared(self, compiled: Compiled) -> Cell:
        logic, subject = self.logic, compiled.sides[0]
        if compiled.kind == "is_missing" and isinstance(subject, FactAt):
            fact = self.view.fact(subject)
            return Cell(logic.no(fact.said), fact.known)
        declared = subject.declaration if isinstance(subject, FactAt) else None
        left = self.value(subject)
        rights = [self.value(side, declared) for side in compiled.sides[1:]]
        if compiled.kind == "present":
            rights = [Known(logic.true, logic.number(1))]
        known = logic.all_of((left.known, *(right.known for right in rights)))
        test = self._test(compiled.kind, left.value, [right.value for right in rights])
        return Cell(logic.all_of((known, test)), logic.all_of((known, logic.no(test))))

    def _test(self, kind: str, left: Number, rights: list[Number]) -> Formula:
        if kind in _TESTS:
            return _TESTS[kind](left, rights[0])
        if kind == "between":
            return self.logic.all_of((at_least(left, rights[0]), at_least(rights[1], left)))
        return self.logic.any_of([equal(left, right) for right in rights])

    def value(self, value: object, declared: FactDeclaration | None = None) -> Known:
        """Return a side of a comparison; constants stand for values of the fact that is `declared`."""
        logic = self.logic
        match value:
            case Constant(value=constant):
                return self.constant(constant, declared)
            case Today():
                return Known(logic.true, self.view.today)
            case FromTable():
                return self._row(value, declared)
            case Reckoned():
                return self._reckoned(value)
            case FactAt():
                return self._fact(value)
            case _:
                raise TypeError(value)

    def constant(self, value: object, declared: FactDeclaration | None) -> Known:
        """Return a literal, which is unknown where it cannot be read."""
        if value is None:
            return Known(self.logic.false, self.logic.number(0))
        is_amount = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return Known(self.logic.true, self.logic.number(value if is_amount else coded(value, declared)))  # type: ignore[arg-type]  # an amount is one

    def _fact(self, fact: FactAt) -> Known:
        logic, stated = self.logic, self.view.fact(fact)
        match fact:
            case OpenEnd():
                known = logic.any_of((logic.no(stated.said), stated.known))
                return Known(known, logic.choice(stated.said, stated.value, logic.number(NEVER)))
            case FirstDay():
                return Known(logic.all_of((stated.known, more(stated.most, logic.number(0)))), stated.value)
            case SaidOn():
                self.view.asked_when_said.add((stated.declaration.id, stated.step))
                return Known(stated.known, stated.said_on)
            case _:
                return Known(stated.known, stated.value)

    def day(self, table: FromTable) -> Known:
        """Return the day by which a number is looked up."""
        if table.dated is not None:
            dated = table.dated
            is_schedule = dated.declaration.type is FactType.SCHEDULE
            return self._fact(FirstDay.of(dated) if is_schedule else dated)
        days = {"course_start": self.view.started_on, "visit_entered": self.view.entered_on}
        day = self.view.today if table.is_today else days[table.dated_by]
        return Known(self.logic.true, day)

    def _row(self, table: FromTable, declared: FactDeclaration | None) -> Known:
        """Return the row that counts: the newest begun for the group, else the newest begun for no group."""
        logic, day = self.logic, self.day(table)
        asks = table.table.asks_for_group
        dating = "today" if table.is_today else table.dated_by
        if asks:
            self.view.remembered_groups.add(dating)
        group = self.view.group_on(dating, day) if asks else Known(logic.true, logic.number(0))
        value, exists = logic.number(0), logic.false
        for since, name, amount in _rows(table):
            row = self.constant(amount, declared)
            mine = equal(group.value, logic.number(coded(name, table.group.declaration))) if name else logic.true
            counts = logic.all_of((at_least(day.value, logic.number(since)), mine))
            value = logic.choice(counts, row.value, value)
            exists = logic.any_of((logic.all_of((counts, row.known)), logic.all_of((logic.no(counts), exists))))
        return Known(logic.all_of((day.known, group.known, exists)), value)

    def _reckoned(self, reckoned: Reckoned) -> Known:
        return self.functions.of(reckoned, self.view, self.value)


def _rows(table: FromTable) -> list[tuple[int, str | None, object]]:
    """Return the rows of a number, those that count before others behind them."""
    rows = []
    for written in table.parameter.rows:
        for group in written.target_groups or (None,):
            row = table.table.row_on(written.valid_from, group)
            rows.append((written.valid_from.toordinal(), group, None if row is None else row.value))
    return sorted(rows, key=lambda row: (row[1] is not None, row[0]))
