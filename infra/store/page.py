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
    if after is not None:
        here = tuple_(*keys)
        last = tuple_(*(_value(key, value) for key, value in zip(keys, after, strict=True)))
        statement = statement.where(here < last if newest_first else here > last)
    order = (key.desc() for key in keys) if newest_first else keys
    result = await connection.execute(statement.order_by(*order).limit(limit + 1))
    rows = tuple(row.read(one) for one in result)
    items = rows[:limit]
    return Page(items=items, next=cursor(items[-1]) if len(rows) > limit else None)


def _value(key: ColumnElement[Any], value: object) -> ColumnElement[Any]:
    return value if isinstance(value, ColumnElement) else literal(value, key.type)
