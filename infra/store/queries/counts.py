"""How many things a list has, in all and by cause, step, unit and person awaited: one statement for any list."""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, CompoundSelect, Select, distinct, func, literal, null, select, union_all
from sqlalchemy.types import Text

from infra.store.engine import Connection

_TOTAL = "total"


class CountedBy(StrEnum):
    """By what the things of a list are counted; what waits for several things counts for each."""

    CAUSE = "cause"
    STEP = "step"
    UNIT = "unit"
    PERSON = "person"


class Count(NamedTuple):
    """How many things of a list are called `name`; `rules` are those of one of their courses."""

    name: str
    rules: str
    number: int


class Counts(NamedTuple):
    """How many things a list has, and for each of what is asked for how many by name, the most first."""

    total: int
    by: dict[CountedBy, list[Count]]


class Counted(NamedTuple):
    """The columns of a list's rows that are counted; an item may have several rows."""

    item: ColumnElement[Any]
    rules: ColumnElement[Any]
    causes: ColumnElement[Any]
    steps: ColumnElement[Any]
    unit: ColumnElement[Any]
    persons: ColumnElement[Any]


def counted(statement: Select[Any], columns: Counted) -> CTE:
    """Return the rows of a list with what is counted of them instead of what is shown."""
    labelled = (column.label(name) for name, column in columns._asdict().items())
    return statement.with_only_columns(*labelled, maintain_column_froms=True).cte("counted")


async def counts(
    connection: Connection,
    rows: CTE,
    by: Collection[CountedBy],
    parameters: Mapping[str, object] = MappingProxyType({}),
) -> Counts:
    """Return how many items `rows` have with their parameters, in all and by what is asked for."""
    total = select(literal(_TOTAL).label("by"), null().cast(Text), null().cast(Text), _number(rows).label("number"))
    statement: CompoundSelect[Any] = union_all(total.select_from(rows), *_by(rows, frozenset(by)))
    found = {one: list[Count]() for one in by}
    number = 0
    for row in sorted(await connection.execute(statement, parameters), key=lambda row: (-row.number, row[1] or "")):
        if row.by == _TOTAL:
            number = row.number
        else:
            found[CountedBy(row.by)].append(Count(row[1], row[2], row.number))
    return Counts(number, found)


def _number(rows: CTE) -> ColumnElement[int]:
    return func.count(distinct(rows.c.item))


def _by(rows: CTE, by: frozenset[CountedBy]) -> Iterator[Select[Any, Any, Any, Any]]:
    names = {
        CountedBy.CAUSE: func.unnest(rows.c.causes),
        CountedBy.STEP: func.unnest(rows.c.steps),
        CountedBy.UNIT: rows.c.unit,
        CountedBy.PERSON: func.unnest(rows.c.persons),
    }
    for one in by:
        named = select(names[one].label("name"), rows.c.item, rows.c.rules).subquery()
        number = func.count(distinct(named.c.item))
        grouped = select(literal(one.value), named.c.name.cast(Text), func.max(named.c.rules), number)
        yield grouped.where(named.c.name.is_not(None)).group_by(named.c.name)
