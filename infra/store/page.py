"""One way to page: a list goes on after the sort key of the last row shown, so rows that come or go move no other."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, literal, tuple_

from domain.model import Model
from infra.store.engine import Connection
from infra.store.rows import StoredRow

Item = TypeVar("Item")
Cursor = TypeVar("Cursor")
RowT = TypeVar("RowT", bound=StoredRow)


class Page(Model, Generic[Item, Cursor]):
    """Some items of a list; `next` is the cursor after which it goes on, None at its end."""

    items: tuple[Item, ...]
    next: Cursor | None = None


async def read_page(
    connection: Connection,
    statement: Select[Any],
    row: type[RowT],
    keys: Sequence[ColumnElement[Any]],
    cursor: Callable[[RowT], Cursor],
    limit: int,
    after: Sequence[object] | None,
    *,
    newest_first: bool = False,
) -> Page[RowT, Cursor]:
    """Read the rows of `statement` in the order of `keys`, unique together, from the one that follows `after`.

    `cursor` names the place of a row: what is given as `after` when the next page is asked for.
    """
    rows = await connection.execute(first_rows(statement, keys, limit, after, newest_first=newest_first))
    return page_of([row.read(one) for one in rows], cursor, limit)


def page_of(rows: Sequence[RowT], cursor: Callable[[RowT], Cursor], limit: int) -> Page[RowT, Cursor]:
    """Return a page of `limit` rows, and where the next one begins if there are more."""
    items = tuple(rows[:limit])
    return Page(items=items, next=cursor(items[-1]) if len(rows) > limit else None)


def first_rows(
    statement: Select[Any],
    keys: Sequence[ColumnElement[Any]],
    limit: int | ColumnElement[int],
    after: Sequence[object] | None,
    *,
    newest_first: bool = False,
) -> Select[Any]:
    """Return the rows of a page, and one more that says whether another page follows."""
    if after is not None:
        here = tuple_(*keys)
        last = tuple_(*(_value(key, value) for key, value in zip(keys, after, strict=True)))
        statement = statement.where(here < last if newest_first else here > last)
    order = (key.desc() for key in keys) if newest_first else keys
    return statement.order_by(*order).limit(limit + 1)


def _value(key: ColumnElement[Any], value: object) -> ColumnElement[Any]:
    return value if isinstance(value, ColumnElement) else literal(value, key.type)
