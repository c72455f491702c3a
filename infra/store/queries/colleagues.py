"""Who holds the roles of courses, and who of those who share open courses with somebody is away."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

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


async def away_colleagues(connection: Connection, person: str, today: date) -> list[AwayColleague]:
    """Return those who hold a role in an open course in which `person` holds one, and who are away today, by name."""
    mine, theirs, c, a, p = t.party.alias(), t.party.alias(), t.course.c, t.absence.c, t.person.c
    shared = (
        select(theirs.c.person)
        .join(mine, mine.c.course_id == theirs.c.course_id)
        .join(t.course, c.course_id == mine.c.course_id)
        .where(mine.c.person == person, theirs.c.person != person, c.status != Status.COMPLETED)
    )
    lasts = or_(a.until.is_(None), a.until >= today)
    statement = (
        select(p.name, a.until)
        .join(t.absence, a.person_id == p.person_id)
        .where(p.person_id.in_(shared), a.since <= today, lasts)
        .order_by(p.name)
    )
    return [AwayColleague(name=row.name, until=row.until) for row in await connection.execute(statement)]
