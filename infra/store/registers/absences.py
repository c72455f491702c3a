"""When each person is away and who covers then, and nothing of why: a reason could be health."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import ColumnElement, delete, insert, or_, select, true

from infra.store import tables as t
from infra.store.engine import Connection
from rules.calendar.data import Absence, NamedCover


async def replace(connection: Connection, person_id: str, absences: Collection[Absence]) -> None:
    """Write all absences of a person in the directory, with who covers in them, over what was known.

    No two may begin on the same day.
    """
    await connection.execute(delete(t.absence).where(t.absence.c.person_id == person_id))
    rows = [{"person_id": person_id, "since": absence.since, "until": absence.until} for absence in absences]
    if rows:
        await connection.execute(insert(t.absence), rows)
    named = [
        {"person_id": person_id, "since": away.since, "ordinal": place, "cover": cover.person, "courses": cover.courses}
        for away in absences
        for place, cover in enumerate(away.covers)
    ]
    if named:
        await connection.execute(insert(t.absence_cover), named)


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
    """Return the absences of a person, the earliest first, each with those who are named to cover in their order."""
    is_theirs = t.absence.c.person_id == person_id, t.absence_cover.c.person_id == person_id
    return (await _by_person(connection, *is_theirs)).get(person_id, ())


async def of_everybody(connection: Connection) -> Mapping[str, tuple[Absence, ...]]:
    """Return the absences of each person who has any, the earliest first."""
    return await _by_person(connection, true(), true())


async def _by_person(
    connection: Connection, of_absence: ColumnElement[bool], of_cover: ColumnElement[bool]
) -> Mapping[str, tuple[Absence, ...]]:
    a, n = t.absence.c, t.absence_cover.c
    covers: defaultdict[tuple[str, date], list[NamedCover]] = defaultdict(list)
    named = select(n.person_id, n.since, n.cover, n.courses).where(of_cover).order_by(n.ordinal)
    for person, since, cover, courses in await connection.execute(named):
        covers[person, since].append(NamedCover(person=cover, courses=courses))
    absences: defaultdict[str, tuple[Absence, ...]] = defaultdict(tuple)
    every = select(a.person_id, a.since, a.until).where(of_absence).order_by(a.since)
    for person, since, until in await connection.execute(every):
        absences[person] += (Absence(since=since, until=until, covers=tuple(covers[person, since])),)
    return absences
