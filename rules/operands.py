"""The two sides of a comparison, compiled: constants, facts, parameter rows, today, and what is reckoned from them."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, Protocol

from rules.declarations import FactDeclaration, FactType, Reader, Typed
from rules.knowledge import View
from rules.steps import Parameter, ParameterRow

TODAY: Final = "today"
"""The name under which conditions ask for the date in Denmark; no fact may have it."""


class Value(Protocol):
    """A value that a view can be asked for; `pace` is by how much it grows every midnight."""

    @property
    def pace(self) -> int:
        """Return by how much the value grows every midnight."""

    def get(self, view: View) -> Typed | None:
        """Return the value, or None while it is not known."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal of the rule set, read by the type of what it is held against."""

    value: Typed | None
    pace: int = 0

    def get(self, _view: View) -> Typed | None:
        """Return the literal."""
        return self.value


@dataclass(frozen=True, slots=True)
class FactAt:
    """A fact of the course or reported ahead, when `step` is None, or of the visit that counts for a step."""

    declaration: FactDeclaration
    step: str | None
    fact: str
    read: Reader
    pace: int = 0

    def visit(self, view: View) -> int | None:
        """Return the number of the visit in which the fact is looked up."""
        return None if self.step is None else view.place(self.step)

    def get(self, view: View) -> Typed | None:
        """Return the fact's value while it is known."""
        step = self.step
        return view.knowledge.value(self.fact, None if step is None else view.place(step), self.read)

    def is_unspoken(self, view: View) -> bool:
        """Say whether nothing at all was stated of the fact."""
        return view.knowledge.is_unspoken(self.fact, self.visit(view))


@dataclass(frozen=True, slots=True)
class Today:
    """The date in Denmark."""

    pace: int = 1

    def get(self, view: View) -> date:
        """Return the date of the instant asked about."""
        return view.today


@dataclass(frozen=True, slots=True)
class Function:
    """A named function of the engine; `pace` says how fast its value grows when its arguments do."""

    takes: tuple[FactType, ...]
    gives: FactType
    reckon: Callable[..., Typed]
    pace: Callable[..., int]


def _days_between(since: date, until: date) -> int:
    return (until - since).days


FUNCTIONS: Final[dict[str, Function]] = {
    "days_between": Function(
        takes=(FactType.DATE, FactType.DATE),
        gives=FactType.INT,
        reckon=_days_between,
        pace=lambda since, until: until - since,
    ),
}
"""The closed list of derived values; a rule set names them and cannot define code."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a function makes of its arguments; unknown while one of them is."""

    name: str
    function: Function
    arguments: tuple[Value, ...]
    pace: int

    def get(self, view: View) -> Typed | None:
        """Return the function's value while every argument is known."""
        values = [argument.get(view) for argument in self.arguments]
        return None if None in values else self.function.reckon(*values)


class Row(NamedTuple):
    """A parameter row that counts, and its value as the comparison has it."""

    written: ParameterRow
    value: Typed | None


class Table:
    """The rows of a parameter by target group and date."""

    def __init__(self, rows: Iterable[ParameterRow], read: Reader) -> None:
        """Read every row's value once; rows that name no group stand under None."""
        self._by_group: dict[str | None, list[Row]] = {}
        for row in sorted(rows, key=lambda row: row.valid_from):
            for group in row.target_groups or (None,):
                self._by_group.setdefault(group, []).append(Row(row, read(row.value)))
        self._starts = {group: [row.written.valid_from for row in listed] for group, listed in self._by_group.items()}
        self.asks_for_group = any(group is not None for group in self._by_group)

    def row_on(self, day: date, group: str | None) -> Row | None:
        """Return the newest row that names the group or, when none does yet, that names no group."""
        for key in (group, None):
            place = bisect_right(self._starts.get(key, []), day)
            if place:
                return self._by_group[key][place - 1]
        return None

    def next_start(self, day: date, group: str | None) -> date | None:
        """Return the first day after `day` on which a row for the group begins to count."""
        starts = (start for key in {group, None} for start in self._starts.get(key, ()) if start > day)
        return min(starts, default=None)


@dataclass(frozen=True, slots=True)
class FromTable:
    """A parameter's value for the citizen's target group on the date that the parameter is dated by."""

    parameter: Parameter
    table: Table
    group: FactAt
    dated_by: str
    dated: FactAt | None
    day: Callable[[View], date | None]
    is_today: bool
    pace: int = 0

    @property
    def facts(self) -> tuple[FactAt, ...]:
        """Return the facts on which the choice of a row depends."""
        group = (self.group,) if self.table.asks_for_group else ()
        return (*group, self.dated) if self.dated else group

    def get(self, view: View) -> Typed | None:
        """Return the value of the row that counts, or None while date or group is not known."""
        row = self.row(view)
        return None if row is None else row.value

    def row(self, view: View) -> Row | None:
        """Return the row that counts; with a parameter dated by today the next row may change the answer."""
        day = self.day(view)
        group = self.group.get(view) if self.table.asks_for_group else None
        if day is None or (self.table.asks_for_group and group is None):
            return None
        name = None if group is None else str(group)
        start = self.table.next_start(day, name) if self.is_today else None
        if start is not None:
            view.turn_on(start)
        return self.table.row_on(day, name)


def facts_in(value: Value) -> Iterator[FactAt]:
    """Yield the facts from which a value is made."""
    match value:
        case FactAt():
            yield value
        case FromTable(facts=facts):
            yield from facts
        case Reckoned(arguments=arguments):
            for argument in arguments:
                yield from facts_in(argument)
        case _:
            return
