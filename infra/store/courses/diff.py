"""The rows that differ before and after a command: those to be written anew or over, and those to be removed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Table

from infra.store.courses.projection import Row

Key = tuple[object, ...]


@dataclass
class Changes:
    """The rows to be written anew or over, and the keys of those to be removed, by table."""

    written: dict[str, list[Row]] = field(default_factory=dict)
    gone: dict[str, list[Row]] = field(default_factory=dict)

    def write(self, table: Table, rows: Iterable[Row]) -> None:
        """Note rows that take the place of those with the same keys."""
        if found := list(rows):
            self.written.setdefault(table.name, []).extend(found)

    def write_changed(self, table: Table, before: Iterable[Row], after: Iterable[Row]) -> None:
        """Note the rows of `after` that `before` has not, value for value."""
        rows_before = _by_key(table, before)
        self.write(table, (row for key, row in _by_key(table, after).items() if rows_before.get(key) != row))

    def remove_gone(self, table: Table, before: Iterable[Row], after: Iterable[Row]) -> None:
        """Note the rows of `before` whose keys `after` has not."""
        names = _names(table)
        gone = [dict(zip(names, key, strict=True)) for key in _by_key(table, before).keys() - _by_key(table, after)]
        if gone:
            self.gone.setdefault(table.name, []).extend(gone)


def _names(table: Table) -> tuple[str, ...]:
    """Return the columns of a table's key but for the municipality, which every row has by itself."""
    return tuple(column.name for column in table.primary_key.columns if column.name != "municipality")


def _by_key(table: Table, rows: Iterable[Row]) -> dict[Key, Row]:
    names = _names(table)
    return {tuple(row[name] for name in names): row for row in rows}
