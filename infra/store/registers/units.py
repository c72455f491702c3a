"""The units of a municipality: those that are registered with a name, and those that courses and people name."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, Table, func, literal, select, union
from sqlalchemy.dialects.postgresql import insert

from domain.state.course import Status
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.rows import StoredRow

_PUT = insert(t.unit)
_PUT_OVER: Final = _PUT.on_conflict_do_update(
    constraint=t.unit.primary_key, set_={name: _PUT.excluded[name] for name in ("name", "email", "updated_at")}
)


def _named_in(table: Table) -> Select[tuple[str]]:
    """Return each unit that a table names once, found one after the other by its index: a few among very many rows."""
    unit = table.c.unit
    named = select(func.min(unit).label("unit")).cte(f"{table.name}_unit", recursive=True)
    following = select(func.min(unit)).where(unit > named.c.unit).scalar_subquery()
    named = named.union_all(select(following).where(named.c.unit.is_not(None)))
    return select(named.c.unit).where(named.c.unit.is_not(None))


_NAMED: Final = union(select(t.unit.c.unit_id), *map(_named_in, (t.course, t.party, t.person))).subquery("named")


def _number(counted: Table, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many rows of a table name the unit and meet the conditions."""
    rows = select(func.count()).select_from(counted).where(counted.c.unit == _NAMED.c.unit_id, *conditions)
    return rows.correlate(_NAMED).scalar_subquery()


_IS_OPEN: Final = t.course.c.status != literal(Status.COMPLETED.value, literal_execute=True)
"""Said with the value itself, so that PostgreSQL counts by the index of those that are open."""
_UNITS: Final = select(
    _NAMED.c.unit_id,
    t.unit.c.name,
    t.unit.c.email,
    t.unit.c.updated_at,
    _number(t.person).label("people"),
    _number(t.course, _IS_OPEN).label("courses"),
    _number(t.party, t.party.c.course_id.in_(select(t.course.c.course_id).where(_IS_OPEN))).label("queued"),
).join(t.unit, t.unit.c.unit_id == _NAMED.c.unit_id, isouter=True)


class Unit(StoredRow):
    """A unit; `name` is None while nobody has registered it, and `email` where its queue is not told by mail.

    `people` belong to it, `courses` of it are not completed, and in `queued` roles nobody has been named from it yet.
    """

    unit_id: str
    name: str | None
    email: str | None
    people: int
    courses: int
    queued: int
    updated_at: datetime | None


async def put(connection: Connection, unit_id: str, name: str, now: datetime, email: str | None = None) -> None:
    """Write what a unit is called, and the address of its queue, over what was known."""
    await connection.execute(_PUT_OVER, {"unit_id": unit_id, "name": name, "email": email, "updated_at": now})


async def get(connection: Connection, unit_id: str) -> Unit | None:
    """Return a unit, or None when nothing in the municipality names it."""
    row = (await connection.execute(_UNITS.where(_NAMED.c.unit_id == unit_id))).one_or_none()
    return Unit.read(row) if row else None


async def find(connection: Connection, limit: int, after: str | None = None) -> Page[Unit, str]:
    """Return the units by id, from the one that follows `after`."""
    place = None if after is None else (after,)
    return await read_page(connection, _UNITS, Unit, [_NAMED.c.unit_id], lambda unit: unit.unit_id, limit, place)


async def ids(connection: Connection) -> frozenset[str]:
    """Return every unit that anything in the municipality names."""
    return frozenset(await connection.scalars(select(_NAMED.c.unit_id)))


async def email_of(connection: Connection, unit: str) -> str | None:
    """Return the address of a unit's queue, None where it has none."""
    address: str | None = await connection.scalar(select(t.unit.c.email).where(t.unit.c.unit_id == unit))
    return address


async def names(connection: Connection, units: Collection[str]) -> dict[str, str]:
    """Return the names of some units, without those that nobody has registered."""
    stored = await connection.execute(select(t.unit.c.unit_id, t.unit.c.name).where(t.unit.c.unit_id.in_(units)))
    return {row.unit_id: row.name for row in stored}
