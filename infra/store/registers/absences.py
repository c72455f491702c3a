"""When each person is away and who covers then, and nothing of why: a reason could be health."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, insert, or_, select

from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow
from rules.calendar.data import Absence


class Cover(StoredRow):
    """Somebody who acts for an absent person: in these courses, or in all of that person's when none are named."""

    person: str
    courses: tuple[UUID, ...] | None = None


async def replace(connection: Connection, person_id: str, absences: Collection[Absence]) -> None:
    """Write all absences of a person in the directory over what was known; no two may begin on the same day."""
    await connection.execute(delete(t.absence).where(t.absence.c.person_id == person_id))
    rows = [{"person_id": person_id, "since": absence.since, "until": absence.until} for absence in absences]
    if rows:
        await connection.execute(insert(t.absence), rows)


async def forget(connection: Connection, before: date) -> None:
    """Delete the absences that were over before a day, with who covered in them."""
    await connection.execute(delete(t.absence).where(t.absence.c.until < before))


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


async def add_covers(connection: Connection, person: str, covers: Mapping[date, Sequence[Cover]]) -> None:
    """Name who covers in absences that have just been registered, by their first day, the first choice first."""
    rows = [
        {"person_id": person, "since": since, "ordinal": ordinal, "cover": cover.person, "courses": cover.courses}
        for since, named in covers.items()
        for ordinal, cover in enumerate(named)
    ]
    if rows:
        await connection.execute(insert(t.absence_cover), rows)


async def covers_of(connection: Connection, person: str) -> Mapping[date, Sequence[Cover]]:
    """Return who covers for a person, by the first day of the absence."""
    n = t.absence_cover.c
    statement = select(n.since, n.cover, n.courses).where(n.person_id == person).order_by(n.since, n.ordinal)
    by_day: defaultdict[date, list[Cover]] = defaultdict(list)
    for since, cover, courses in await connection.execute(statement):
        by_day[since].append(Cover(person=cover, courses=courses))
    return by_day
