"""What somebody holds that may be handed over: the courses that the caller governs, and what waits in them."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, any_, exists, func, select, type_coerce

from domain.commands import PartyClaim
from domain.identity import GATE_ROLES, Role, Unit
from domain.reach import Reach
from domain.state.course import Status
from domain.state.waiting import WaitingKind
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries import waits
from infra.store.queries.visibility import governed_by, worked_with_by
from infra.store.rows import StoredRow

_OTHER = t.party.alias("other")


class Holding(StoredRow):
    """A course that is not completed with the roles held in it, and the persons in the other role."""

    course_id: UUID
    unit: Unit
    reference: str
    roles: tuple[Role, ...]
    others: tuple[str, ...]


async def holdings(
    connection: Connection,
    reach: Reach,
    holder: PartyClaim,
    roles: Collection[Role],
    among: Collection[UUID] | None,
    at_most: int,
) -> list[Holding]:
    """Return what `holder` has in any of `roles`, of the courses whose units the caller governs, by reference."""
    c, p = t.course.c, t.party.c
    held = type_coerce(func.array_agg(p.role), ARRAY(Text)).label("roles")
    statement = (
        select(c.course_id, c.unit, c.reference, held, _others(holder).label("others"))
        .join(t.party, p.course_id == c.course_id)
        .where(_is(holder), p.role.in_(roles), c.status != Status.COMPLETED)
        .where(worked_with_by(reach), governed_by(reach))
        .group_by(t.course.c.municipality, c.course_id, c.unit, c.reference)
        .order_by(c.reference, c.course_id)
        .limit(at_most)
    )
    if among is not None:
        statement = statement.where(c.course_id.in_(among))
    return [Holding.read(row) for row in await connection.execute(statement)]


def _others(holder: PartyClaim) -> ColumnElement[Any]:
    """Return who holds a role in the course beside the holder."""
    o = _OTHER.c
    in_course = select(o.person).where(o.course_id == t.course.c.course_id, o.role.in_(GATE_ROLES))
    others = in_course.where(o.person.is_not(None), o.person.is_distinct_from(holder.person))
    return func.array(others.scalar_subquery())


def _is(holder: PartyClaim) -> ColumnElement[bool]:
    p = t.party.c
    return p.person == holder.person if holder.person is not None else p.person.is_(None) & (p.unit == holder.unit)


async def waits_of(
    connection: Connection, holder: PartyClaim, roles: Collection[Role], courses: Collection[UUID]
) -> Mapping[UUID, Mapping[WaitingKind, int]]:
    """Return how much of each kind waits in each course for the roles that the holder has there."""
    w, p = t.waiting.c, t.party.c
    of_role = (p.course_id == w.course_id) & (p.role == any_(w.roles)) & p.role.in_(roles) & _is(holder)
    return await waits.by_kind(connection, courses, exists().where(of_role))


async def held_by(connection: Connection, persons: Collection[str]) -> dict[str, int]:
    """Return how many courses that are not completed each person holds a role in."""
    c, p = t.course.c, t.party.c
    statement = (
        select(p.person, func.count(p.course_id.distinct()).label("courses"))
        .join(t.course, c.course_id == p.course_id)
        .where(p.person.in_(persons), p.role.in_(GATE_ROLES), c.status != Status.COMPLETED)
        .group_by(p.person)
    )
    return {row.person: row.courses for row in await connection.execute(statement)}
