"""When each person is away and who covers then, and nothing of why: a reason could be health."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, all_, delete, func, insert, or_, select, true, tuple_, update

from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow
from rules.calendar.data import Absence, NamedCover


class AbsenceRow(StoredRow):
    """The days on which somebody is away, when that person handed over last, and the acts that add the words of it."""

    person_id: str
    since: date
    until: date | None
    handed_over_at: datetime | None
    handed_over_by_acts: tuple[UUID, ...]


async def replace(connection: Connection, person_id: str, absences: Collection[Absence]) -> None:
    """Write all absences of a person in the directory, with who covers in them, over what was known.

    No two may begin on the same day; what was handed over before one stays handed over. Who is to be told of those in
    which the person covers is looked at anew.
    """
    a, n = t.absence.c, t.absence_cover.c
    before = {row.since: row for row in await connection.execute(select(t.absence).where(a.person_id == person_id))}
    await connection.execute(delete(t.absence).where(a.person_id == person_id))
    rows = [
        {
            "person_id": person_id,
            "since": absence.since,
            "until": absence.until,
            "handed_over_at": getattr(before.get(absence.since), "handed_over_at", None),
            "handed_over_by_acts": getattr(before.get(absence.since), "handed_over_by_acts", []),
        }
        for absence in absences
    ]
    if rows:
        await connection.execute(insert(t.absence), rows)
    named = [
        {"person_id": person_id, "since": away.since, "ordinal": place, "cover": cover.person, "courses": cover.courses}
        for away in absences
        for place, cover in enumerate(away.covers)
    ]
    if named:
        await connection.execute(insert(t.absence_cover), named)

    covered = select(n.person_id, n.since).where(n.cover == person_id)
    await connection.execute(
        update(t.absence).where(tuple_(a.person_id, a.since).in_(covered)).values(looked_at_on=None)
    )


async def get(connection: Connection, person_id: str, since: date) -> AbsenceRow | None:
    """Return the absence of a person that begins on a day."""
    a = t.absence.c
    row = (await connection.execute(select(t.absence).where(a.person_id == person_id, a.since == since))).one_or_none()
    return AbsenceRow.read(row) if row else None


async def hand_over(connection: Connection, person_id: str, since: date, now: datetime, act: UUID | None) -> None:
    """Write down that a person has handed over before an absence, and the act that adds the words, if there are any.

    The words of earlier acts stay. It is looked at anew who is to be told.
    """
    a = t.absence.c
    handed = update(t.absence).where(a.person_id == person_id, a.since == since)
    await connection.execute(handed.values(handed_over_at=now, looked_at_on=None))
    if act is not None:
        adding = handed.where(all_(a.handed_over_by_acts) != act)
        await connection.execute(adding.values(handed_over_by_acts=func.array_append(a.handed_over_by_acts, act)))


async def municipalities_to_look_at(connection: Connection, today: date, begun_by: date) -> list[str]:
    """Return where there are absences of which it was not looked today who is to be told."""
    return list(await connection.scalars(select(func.fodslag_absences_to_look_at(today, begun_by))))


async def to_look_at(connection: Connection, today: date, begun_by: date) -> list[AbsenceRow]:
    """Return the absences, begun by a day and not over, of which it was not looked today who is to be told."""
    a = t.absence.c
    is_due = or_(a.looked_at_on.is_(None), a.looked_at_on < today)
    lasts = or_(a.until.is_(None), a.until >= today)
    statement = select(t.absence).where(a.since <= begun_by, lasts, is_due).order_by(a.since, a.person_id)
    return [AbsenceRow.read(row) for row in await connection.execute(statement)]


async def look_at(connection: Connection, absence: AbsenceRow, today: date) -> AbsenceRow | None:
    """Return an absence as it is now, and note that it was looked today who is to be told; None where that is done.

    It is changed by nobody until the transaction ends.
    """
    a = t.absence.c
    is_due = or_(a.looked_at_on.is_(None), a.looked_at_on < today)
    is_it = (a.person_id == absence.person_id, a.since == absence.since, is_due)
    looking = update(t.absence).where(*is_it).values(looked_at_on=today).returning(t.absence)
    row = (await connection.execute(looking)).one_or_none()
    return AbsenceRow.read(row) if row else None


async def see_notice(connection: Connection, notice: UUID, by: str, now: datetime) -> None:
    """Write down that somebody has seen the notice of an absence; who has seen it first stays (P4)."""
    n = t.notice.c
    unseen = update(t.notice).where(n.notice_id == notice, n.course_id.is_(None), n.seen_at.is_(None))
    await connection.execute(unseen.values(seen_at=now, seen_by=by))


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
