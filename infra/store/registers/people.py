"""The directory of those who work with courses: who they are, where, when they work, and how many courses they hold."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import any_, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from domain.gathering import Gathering
from domain.identity import Role
from domain.state.course import Status
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.rows import StoredRow, unknown_among
from rules.calendar.data import Hours
from rules.language.formats import Language

_COUNT_ALONE: Final = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(current_setting('fodslag.municipality') || '/' || :person, 0))"
)
_PUT = insert(t.person)
_PUT_OVER: Final = _PUT.on_conflict_do_update(
    constraint=t.person.primary_key,
    set_={column.name: _PUT.excluded[column.name] for column in t.person.columns if not column.primary_key},
)


class Person(StoredRow):
    """Somebody in the directory; `employer` is named when it is not the municipality.

    Days and hours of which nothing is said are the office's; a change of them is made within `Calendars.changing`.
    """

    person_id: str
    name: str
    email: str | None = None
    phone: str | None = None
    roles: tuple[Role, ...] = ()
    unit: str | None = None
    employer: str | None = None
    language: Language = "da"
    gathering: Gathering = Gathering.TWO_LISTS
    working_days: tuple[int, ...] | None = None
    working_hours: dict[int, Hours] | None = None
    updated_at: datetime


async def put(connection: Connection, person: Person) -> None:
    """Write a person as given, over what was known."""
    hours = person.model_dump(mode="json", include={"working_hours"})
    lists = {"roles": list(person.roles), "working_days": person.working_days and list(person.working_days)}
    await connection.execute(_PUT_OVER, {**person.model_dump(), **lists, **hours})


async def get(connection: Connection, person_id: str) -> Person | None:
    """Return a person, or None when the directory does not know the id."""
    row = (await connection.execute(select(t.person).where(t.person.c.person_id == person_id))).one_or_none()
    return Person.read(row) if row else None


async def find(
    connection: Connection,
    limit: int,
    after: str | None = None,
    *,
    role: Role | None = None,
    unit: str | None = None,
    q: str | None = None,
) -> Page[Person, str]:
    """Return those with the role and in the unit that are named, by id, from the one that follows `after`.

    `q` begins the id or is a part of the name.
    """
    statement = select(t.person)
    if q is not None:
        is_called = t.person.c.name.icontains(q, autoescape=True)
        statement = statement.where(or_(is_called, t.person.c.person_id.istartswith(q, autoescape=True)))
    if role is not None:
        statement = statement.where(any_(t.person.c.roles) == role)
    if unit is not None:
        statement = statement.where(t.person.c.unit == unit)
    place = None if after is None else (after,)
    keys = [t.person.c.person_id]
    return await read_page(connection, statement, Person, keys, lambda person: person.person_id, limit, place)


async def some(connection: Connection, persons: Collection[str]) -> dict[str, Person]:
    """Return those of some persons whom the directory knows, by id."""
    rows = await connection.execute(select(t.person).where(t.person.c.person_id.in_(persons)))
    return {person.person_id: person for person in map(Person.read, rows)}


async def supervisors(connection: Connection, unit: str) -> list[str]:
    """Return who supervises a unit: the supervisors in it, and those in none, who supervise them all."""
    p = t.person.c
    is_supervisor = any_(p.roles) == Role.SUPERVISOR
    statement = select(p.person_id).where(is_supervisor, or_(p.unit == unit, p.unit.is_(None))).order_by(p.person_id)
    return list(await connection.scalars(statement))


async def everybody(connection: Connection) -> list[Person]:
    """Return all whom the directory knows, by id."""
    rows = await connection.execute(select(t.person).order_by(t.person.c.person_id))
    return [Person.read(row) for row in rows]


async def roles_of(connection: Connection, person_id: str) -> tuple[Role, ...]:
    """Return the roles of a person, none when the directory does not know the id."""
    roles = await connection.scalar(select(t.person.c.roles).where(t.person.c.person_id == person_id))
    return tuple(Role(role) for role in roles or ())


async def unknown(connection: Connection, persons: Collection[str]) -> frozenset[tuple[Role, str]]:
    """Return in which of the two roles the directory does not know each of some persons."""
    p = t.person.c
    rows = await connection.execute(select(p.person_id, p.roles).where(p.person_id.in_(persons)))
    return unknown_among(dict.fromkeys(persons) | {row.person_id: row.roles for row in rows})


async def caseloads(
    connection: Connection, persons: Collection[str], roles: Collection[Role], besides: UUID
) -> dict[tuple[Role, str], int]:
    """Return how many courses that are not completed each person holds in each role, not counting `besides`.

    Until the transaction ends nobody else counts those of the same persons, so that each sees what the others gave.
    """
    for person in sorted(persons):
        await connection.execute(_COUNT_ALONE, {"person": person})
    p, c = t.party.c, t.course.c
    statement = (
        select(p.role, p.person, func.count())
        .join(t.course, c.course_id == p.course_id)
        .where(p.person.in_(persons), p.role.in_(roles), p.course_id != besides, c.status != Status.COMPLETED)
        .group_by(p.role, p.person)
    )
    return {(Role(role), person): count for role, person, count in await connection.execute(statement)}
