"""When each person is away, and nothing of why: a reason could be health."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete, insert, or_, select

from infra.store import tables as t
from infra.store.engine import Connection
from rules.calendar.data import Absence


async def replace(connection: Connection, person_id: str, absences: Collection[Absence]) -> None:
    """Write all absences of a person in the directory over what was known; no two may begin on the same day."""
    await connection.execute(delete(t.absence).where(t.absence.c.person_id == person_id))
    rows = [{"person_id": person_id, "since": absence.since, "until": absence.until} for absence in absences]
    if rows:
        await connection.execute(insert(t.absence), rows)


async def away(connection: Connection, persons: Collection[str], today: date) -> dict[str, date | None]:
    """Return those of some persons who are away today, each with the last day, None while nobody knows it."""
    a = t.absence.c
    lasts = or_(a.until.is_(None), a.until >= today)
    statement = select(a.person_id, a.until).where(a.person_id.in_(persons), a.since <= today, lasts)
    return {row.person_id: row.until for row in await connection.execute(statement)}


async def of_person(connection: Connection, person_id: str) -> tuple[Absence, ...]:
    """Return the absences of a person, the earliest first."""
    a = t.absence.c
    statement = select(a.since, a.until).where(a.person_id == person_id).order_by(a.since)
    return tuple(Absence(since=since, until=until) for since, until in await connection.execute(statement))
