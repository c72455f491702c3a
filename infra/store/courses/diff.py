"""Writing rows that differ and leaving the others alone: one statement, whatever a command did."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from pydantic_core import to_jsonable_python
from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    column,
    delete,
    func,
    literal_column,
    null,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert

from domain.state.course import CourseState
from infra.store import tables as t
from infra.store.courses.projection import Row, remembered
from infra.store.engine import Connection

Key = tuple[object, ...]
_WRITTEN: Final = "written"
_GONE: Final = "gone"
_LASTING: Final = frozenset({t.visit.c.issued_at})
"""What a NULL does not overwrite."""


@dataclass
class Changes:
    """The rows to be written anew or over, and the keys of those to be removed, by table."""

    written: dict[Table, list[Row]] = field(default_factory=dict)
    gone: dict[Table, list[Row]] = field(default_factory=dict)

    def write(self, table: Table, rows: Iterable[Row]) -> None:
        """Note rows that are written over those with the same keys."""
        if found := list(rows):
            self.written.setdefault(table, []).extend(found)

    def write_changed(self, table: Table, before: Iterable[Row], after: Iterable[Row]) -> None:
        """Note the rows of `after` that `before` has not, value for value."""
        rows_before = _by_key(table, before)
        self.write(table, (row for key, row in _by_key(table, after).items() if rows_before.get(key) != row))

    def remove_gone(self, table: Table, before: Iterable[Row], after: Iterable[Row]) -> None:
        """Note the rows of `before` whose keys `after` has not."""
        names = _names(table)
        gone = [dict(zip(names, key, strict=True)) for key in _by_key(table, before).keys() - _by_key(table, after)]
        if gone:
            self.gone.setdefault(table, []).extend(gone)

    async def apply(self, connection: Connection) -> None:
        """Write all that was noted, in one statement; a row is noted once at most."""
        if not self.written and not self.gone:
            return
        columns = tuple((table, tuple(rows[0])) for table, rows in self.written.items())
        parts = {f"{table.name}_{_WRITTEN}": rows for table, rows in self.written.items()}
        parts |= {f"{table.name}_{_GONE}": rows for table, rows in self.gone.items()}
        await connection.execute(_statement(columns, tuple(self.gone)), to_jsonable_python(parts))


@lru_cache(512)
def _statement(written: tuple[tuple[Table, tuple[str, ...]], ...], gone: tuple[Table, ...]) -> Select[Any]:
    """Return the one statement that writes columns of some tables and removes from others.

    Errands are ordered by the notices that it has raised, so after whoever holds one of these has let it go.
    """
    parts: dict[Table, CTE] = {}
    for table, names in written:
        rows = _recordset(table, names, _WRITTEN)
        source = select(*rows.c)
        if table is t.errand:
            source = source.join(parts[t.notice], parts[t.notice].c.notice_id == rows.c.notice_id)
        writing = _over(table, names, insert(table).from_select(names, source))
        told = writing.returning(t.notice.c.notice_id) if table is t.notice else writing
        parts[table] = told.cte(f"{table.name}_{_WRITTEN}")
    return select(literal_column("1")).add_cte(*parts.values(), *map(_removing, gone))


def _over(table: Table, names: tuple[str, ...], statement: Insert) -> Insert:
    """Return what becomes of a row whose key is there: an errand stays as it is, another is overwritten.

    Of a notice that it is to be done again: a wait that is over may come again, as after a pause.
    """
    if table is t.errand:
        return statement.on_conflict_do_nothing()
    new = statement.excluded
    over: dict[str, ColumnElement[Any]] = {
        name: func.coalesce(new[name], table.c[name]) if table.c[name] in _LASTING else new[name]
        for name in names
        if not table.c[name].primary_key
    }
    if table is t.notice:
        over = {"done_at": null(), "revision": new.revision}
    return statement.on_conflict_do_update(constraint=table.primary_key, set_=over)


def _removing(table: Table) -> CTE:
    names = _names(table)
    rows = _recordset(table, names, _GONE)
    is_named = and_(*(table.c[name] == rows.c[name] for name in names))
    return delete(table).where(is_named).cte(f"{table.name}_{_GONE}")


def _recordset(table: Table, names: tuple[str, ...], what: str) -> Any:  # noqa: ANN401 - A table of the query's own.
    """Return rows of a table that a parameter brings as JSON."""
    columns = (column(name, table.c[name].type) for name in names)
    name = f"{table.name}_{what}"
    brought = func.jsonb_to_recordset(bindparam(name, type_=JSONB))
    return brought.table_valued(*columns, name=f"{name}_rows").render_derived(with_types=True)


def _names(table: Table) -> tuple[str, ...]:
    """Return the columns of a table's key but for the municipality, which every row has by itself."""
    return tuple(column.name for column in table.primary_key.columns if column.name != "municipality")


async def clear_current(connection: Connection, state: CourseState) -> None:
    """Remove what the store has of people, waits, the receipts of current versions, workplaces and measures.

    What belongs to visits that the state has forgotten stays.
    """
    for table in (t.party, t.observer, t.waiting):
        await connection.execute(delete(table).where(table.c.course_id == state.course))
    current = [(visit.number, visit.briefing.version) for visit in state.visits if visit.briefing]
    place = tuple_(t.receipt.c.visit, t.receipt.c.version)
    await connection.execute(delete(t.receipt).where(t.receipt.c.course_id == state.course, place.in_(current)))
    for table in (t.workplace, t.measure):
        is_told = table.c.visit.in_(remembered(state))
        await connection.execute(delete(table).where(table.c.course_id == state.course, is_told))


def _by_key(table: Table, rows: Iterable[Row]) -> dict[Key, Row]:
    names = _names(table)
    return {tuple(row[name] for name in names): row for row in rows}
