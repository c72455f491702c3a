"""The compiled sides of a comparison: constants, facts, parameter rows, today, and values reckoned from them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from rules.engine.functions import Function
from rules.engine.paid_weeks import Reported, reported_weeks
from rules.engine.stated import EachVisit, FactAt, FactOn
from rules.engine.view import NOT_ASKED, VisitView
from rules.language.facts import Reader, Typed
from rules.language.steps import Parameter, ParameterRow

TODAY: Final = "today"
"""The name under which conditions ask for the date in Denmark; no fact may have it."""

_DAYS_ASKED: Final = 256
"""For how many days and groups a parameter remembers its row."""


class Value(Protocol):
    """A value read from a visit view; `pace` is by how much it grows every midnight."""

    @property
    def pace(self) -> int:
        """Return by how much the value grows every midnight."""

    def get(self, view: VisitView) -> Typed | None:
        """Return the value, or None while it is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A literal of the rule set, read by the type of what it is held against."""

    value: Typed | None
    pace: int = 0

    def get(self, _view: VisitView) -> Typed | None:
        """Return the literal."""
        return self.value


@dataclass(frozen=True, slots=True)
class Today:
    """The date in Denmark."""

    pace: int = 1

    def get(self, view: VisitView) -> date:
        """Return the date of the instant asked about."""
        return view.today


class Input(Protocol):
    """An argument of a function: a value, hours reported by week, or values of several visits."""

    @property
    def pace(self) -> int:
        """Return by how much the value grows every midnight."""

    def get(self, view: VisitView) -> Typed | Reported | tuple[Typed | None, ...] | None:
        """Return the argument, or None while it is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class WeeksOf:
    """The values that the statements of a fact report week by week; none without statements."""

    fact: FactAt
    pace: int = 0

    def get(self, view: VisitView) -> Reported:
        """Return the reported weeks."""
        return reported_weeks(self.fact.statements(view), self.fact.read)


class Reckoned:
    """The value of a function; unknown while one of its arguments is."""

    __slots__ = ("_inputs", "_leaps", "arguments", "function", "name", "pace")

    def __init__(self, name: str, function: Function, arguments: tuple[Input, ...]) -> None:
        """Take a function and its arguments; `pace` is what the value gains every midnight while it does not leap."""
        self.name = name
        self.function = function
        self.arguments = arguments
        self.pace = function.pace(*(argument.pace for argument in arguments))
        self._inputs = tuple(argument.get for argument in arguments)
        self._leaps = function.leaps and any(argument.pace for argument in arguments)

    def get(self, view: VisitView) -> Typed | None:
        """Return the function's value while every argument is known; notes when time alone may make it leap."""
        value: Typed | None = view.known.get(self, NOT_ASKED)
        if value is NOT_ASKED:
            value = view.known[self] = self._reckoned(view)
        return value

    def _reckoned(self, view: VisitView) -> Typed | None:
        values = [argument_of(view) for argument_of in self._inputs]
        if None in values:
            return None
        function = self.function
        days = function.changes_in(self.pace, *values) if self._leaps else None
        if days is not None:
            view.may_change_in(days)
        if function.by_calendar:
            return function.reckon(view.course.calendar, *values)
        return function.reckon(*values)


class Row(NamedTuple):
    """A parameter row that counts, and its value as the comparison has it."""

    written: ParameterRow
    value: Typed | None


class Table:
    """The rows of a parameter by target group and date."""

    def __init__(self, rows: Iterable[ParameterRow], read: Reader) -> None:
        """Read every row's value once; rows that name no group stand under None."""
        self._by_group: dict[Typed | None, list[Row]] = {}
        for row in sorted(rows, key=lambda row: row.valid_from):
            for group in row.target_groups or (None,):
                self._by_group.setdefault(group, []).append(Row(row, read(row.value)))
        self._starts = {group: [row.written.valid_from for row in listed] for group, listed in self._by_group.items()}
        self.asks_for_group = any(group is not None for group in self._by_group)
        self.row_on = lru_cache(maxsize=_DAYS_ASKED)(self._row_on)
        self.next_start = lru_cache(maxsize=_DAYS_ASKED)(self._next_start)

    def _row_on(self, day: date, group: Typed | None) -> Row | None:
        """Return the newest row that names the group or, when none does yet, that names no group."""
        for key in (group, None):
            place = bisect_right(self._starts.get(key, []), day)
            if place:
                return self._by_group[key][place - 1]
        return None

    def _next_start(self, day: date, group: Typed | None) -> date | None:
        """Return the first day after `day` on which a row for the group begins to count."""
        starts = (start for key in {group, None} for start in self._starts.get(key, ()) if start > day)
        return min(starts, default=None)


@dataclass(frozen=True, slots=True, eq=False)
class FromTable:
    """A parameter's value on the date that it is dated by, for the target group as it stood on that date."""

    parameter: Parameter
    table: Table
    group: FactOn
    dated_by: str
    dated: FactAt | None
    is_today: bool
    pace: int = 0

    @property
    def facts(self) -> tuple[FactAt, ...]:
        """Return the facts on which the choice of a row depends."""
        group = (self.group,) if self.table.asks_for_group else ()
        return (*group, self.dated) if self.dated else group

    def get(self, view: VisitView) -> Typed | None:
        """Return the value of the row that counts, or None while date or group is not known."""
        value: Typed | None = view.known.get(self, NOT_ASKED)
        if value is NOT_ASKED:
            row = self.row(view)
            value = view.known[self] = None if row is None else row.value
        return value

    def row(self, view: VisitView) -> Row | None:
        """Return the row that counts; with a parameter dated by today the next row may change the answer."""
        day, asks = self.group.day(view), self.table.asks_for_group
        group = self.group.get(view) if asks else None
        if day is not None and self.is_today:
            self._note_next_row(view, day, group)
        if day is None or (asks and group is None):
            return None
        return self.table.row_on(day, group)

    def _note_next_row(self, view: VisitView, day: date, group: Typed | None) -> None:
        """Note when another row, or a target group stated for a later day, begins to count."""
        start = self.table.next_start(day, group)
        if start is not None:
            view.may_change_on(start)
        if self.table.asks_for_group:
            for fact in FactAt.statements(self.group, view):
                if fact.occurred_on > day:
                    view.may_change_on(fact.occurred_on)


def facts_in(value: Input) -> Iterator[FactAt]:
    """Yield the facts without which a value may be unknown."""
    match value:
        case FactAt():
            yield value
        case EachVisit(fact=fact):
            yield fact
        case FromTable(facts=facts):
            yield from facts
        case Reckoned(arguments=arguments):
            for argument in arguments:
                yield from facts_in(argument)
        case _:
            return
