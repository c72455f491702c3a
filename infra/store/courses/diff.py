"""Writing rows that differ and leaving the others alone: few statements, whatever a command did."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Delete, Table, bindparam, delete, func, tuple_
from sqlalchemy.dialects.postgresql import Insert, insert

from domain.state.course import CourseState
from infra.store import tables as t
from infra.store.courses.projection import Row, remembered
from infra.store.engine import Connection

Key = tuple[object, ...]


def _names(table: Table) -> tuple[str, ...]:
    """Return the columns of a table's key but for the municipality, which every row has by itself."""
    return tuple(column.name for column in table.primary_key.columns if column.name != "municipality")


def _upsert(table: Table, *, lasting: frozenset[str] = frozenset()) -> Insert:
    """Return the statement that writes rows anew or over; a NULL does not overwrite a `lasting` column."""
    statement = insert(table)
    changing = {
        column.name: func.coalesce(statement.excluded[column.name], column)
        if column.name in lasting
        else statement.excluded[column.name]
        for column in table.columns
        if not column.primary_key
    }
    return statement.on_conflict_do_update(constraint=table.primary_key, set_=changing)


def _removal(table: Table) -> Delete:
    return delete(table).where(*(table.c[name] == bindparam(name) for name in _names(table)))


_UPSERTS: Final = {
    t.visit: _upsert(t.visit, lasting=frozenset({"issued_at"})),
    **{table: _upsert(table) for table in (t.receipt, t.waiting, t.party, t.observer, t.workplace, t.measure)},
}
_REMOVALS: Final = {table: _removal(table) for table in (t.receipt, t.waiting, t.observer, t.workplace, t.measure)}


async def write(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Write rows over those with the same keys."""
    if rows:
        await connection.execute(_UPSERTS[table], rows)


async def write_changed(connection: Connection, table: Table, before: Iterable[Row], after: Iterable[Row]) -> None:
    """Write the rows of `after` that `before` has not, value for value."""
    rows_before = _by_key(table, before)
    await write(connection, table, [row for key, row in _by_key(table, after).items() if rows_before.get(key) != row])


async def remove_gone(connection: Connection, table: Table, before: Iterable[Row], after: Iterable[Row]) -> bool:
    """Remove the rows of `before` whose keys `after` has not; return whether there were any."""
    names = _names(table)
    gone = [dict(zip(names, key, strict=True)) for key in _by_key(table, before).keys() - _by_key(table, after)]
    if gone:
        await connection.execute(_REMOVALS[table], gone)
    return bool(gone)


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
