"""Who holds the roles of courses, who shares open courses with somebody, and who of them is away."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from domain.identity import Role
from domain.state.course import Status
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow


class AwayColleague(StoredRow):
    """Somebody who is away, with the last day, None while nobody knows it."""

    name: str
    until: date | None


class Holder(StoredRow):
    """A person who holds a role of a course; name and number are the directory's, where it knows them."""

    course_id: UUID
    role: Role
    person: str
    name: str | None
    phone: str | None


async def holders(connection: Connection, courses: Collection[UUID]) -> list[Holder]:
    """Return who holds the roles of some courses, by role."""
    held, p = t.party.c, t.person.c
    statement = (
        select(held.course_id, held.role, held.person, p.name, p.phone)
        .outerjoin(t.person, p.person_id == held.person)
        .where(held.course_id.in_(courses), held.person.is_not(None))
        .order_by(held.course_id, held.role)
    )
    rows = await connection.execute(statement)
    return [Holder.model_validate(row, from_attributes=True) for row in rows]


class Colleague(StoredRow):
    """Somebody who holds a role beside a person, by the name of the directory or else the id."""

    person: str
    name: str


async def colleagues(connection: Connection, person: str) -> list[Colleague]:
    """Return those who hold a role in an open course in which `person` holds one, by name."""
    shared, p = _sharing(person).distinct().subquery(), t.person.c
    name = func.coalesce(p.name, shared.c.person).label("name")
    known = select(shared.c.person, name).outerjoin(t.person, p.person_id == shared.c.person)
    rows = await connection.execute(known.order_by(name, shared.c.person))
    return [Colleague(person=row.person, name=row.name) for row in rows]


async def away_colleagues(connection: Connection, person: str, today: date) -> list[AwayColleague]:
    """Return those who hold a role in an open course in which `person` holds one, and who are away today, by name."""
    a, p = t.absence.c, t.person.c
    lasts = or_(a.until.is_(None), a.until >= today)
    statement = (
        select(p.name, a.until)
        .join(t.absence, a.person_id == p.person_id)
        .where(p.person_id.in_(_sharing(person)), a.since <= today, lasts)
        .order_by(p.name)
    )
    return [AwayColleague(name=row.name, until=row.until) for row in await connection.execute(statement)]


def _sharing(person: str) -> Select[tuple[str]]:
    """Return who holds a role in an open course in which `person` holds one."""
    mine, theirs, c = t.party.alias(), t.party.alias(), t.course.c
    return (
        select(theirs.c.person)
        .join(mine, mine.c.course_id == theirs.c.course_id)
        .join(t.course, c.course_id == mine.c.course_id)
        .where(mine.c.person == person, theirs.c.person != person, c.status != Status.COMPLETED)
    )
