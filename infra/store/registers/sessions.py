"""Who is logged in with which browser: the store knows what a cookie's hash stands for, and never the cookie."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, or_, select

from domain.identity import Role
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow

_MOST: Final = 10
"""How many sessions one person has; the oldest gives way to a new one."""


class Session(StoredRow):
    """A session, as long as it lasts: person, roles and units are those of the login."""

    hash: str
    person: str
    roles: tuple[Role, ...]
    units: tuple[str, ...]
    since: datetime
    until: datetime


async def begin(connection: Connection, session: Session) -> None:
    """Write a new session; what is over, and the oldest of too many of the person, are deleted."""
    s = t.session.c
    newest = select(s.hash).where(s.person == session.person).order_by(s.since.desc(), s.hash).limit(_MOST - 1)
    is_too_many = (s.person == session.person) & s.hash.not_in(newest)
    await connection.execute(delete(t.session).where(or_(s.until <= session.since, is_too_many)))
    lists = {"roles": list(session.roles), "units": list(session.units)}
    await connection.execute(insert(t.session), {**session.model_dump(), **lists})


async def find(connection: Connection, hash_: str, now: datetime) -> Session | None:
    """Return a session that is not over."""
    s = t.session.c
    row = (await connection.execute(select(t.session).where(s.hash == hash_, s.until > now))).one_or_none()
    return Session.read(row) if row else None


async def end(connection: Connection, hash_: str) -> None:
    """End a session; one that is over is ended already."""
    await connection.execute(delete(t.session).where(t.session.c.hash == hash_))


async def end_all(connection: Connection, person: str) -> None:
    """End every session of a person."""
    await connection.execute(delete(t.session).where(t.session.c.person == person))
