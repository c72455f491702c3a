"""What companies of a municipality offer, counted: what it is is read where companies are (P10)."""

from datetime import date
from typing import Final

from sqlalchemy import Date, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from infra.store import tables as t
from infra.store.engine import Connection

_ONE: Final = func.jsonb_array_elements(t.company.c.opportunities, type_=JSONB).column_valued(
    "one", joins_implicitly=True
)
_IS_NEWER: Final = cast(_ONE["since"].astext, Date) > bindparam("day", type_=Date)
_NEW: Final = select(func.count(_ONE)).select_from(t.company).where(_IS_NEWER)


async def since(connection: Connection, day: date) -> int:
    """Return how many opportunities of companies are newer than a day."""
    return (await connection.execute(_NEW, {"day": day})).scalar_one()
