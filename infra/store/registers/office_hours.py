"""The working time of a municipality: its offices' hours, its people's own time, and the calendar in force."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from infra.store import tables as t
from infra.store.engine import Connection
from rules.calendar.danish_offices import Office, OwnTime
from rules.calendar.data import Absence

_LOCK = insert(t.working_time)
_LOCKED: Final = _LOCK.on_conflict_do_update(
    constraint=t.working_time.primary_key, set_={"municipality": _LOCK.excluded.municipality}
)
_IN_FORCE: Final = select(t.working_time.c.calendar)


async def lock(connection: Connection) -> None:
    """Keep every other change of this municipality's working time waiting until the transaction ends."""
    await connection.execute(_LOCKED)


async def in_force(connection: Connection) -> str | None:
    """Return the hash of the calendar in force, or None for the customary one."""
    sha256: str | None = await connection.scalar(_IN_FORCE)
    return sha256


async def put_in_force(connection: Connection, sha256: str | None) -> None:
    """Let a stored calendar be in force from now on, and note which one it replaces; needs `lock`."""
    w = t.working_time.c
    replaces = w.calendar.is_distinct_from(sha256)
    moved = case((replaces, func.array_append(w.moved, w.calendar)), else_=w.moved)
    await connection.execute(update(t.working_time).values(calendar=sha256, moved=moved))


async def municipalities_moved(connection: Connection) -> list[str]:
    """Return the municipalities whose calendar was changed since their courses were last renewed."""
    return list(await connection.scalars(select(func.fodslag_moved())))


async def moved(connection: Connection) -> list[str | None]:
    """Return the calendars by which courses may be reckoned still although they are not in force any more."""
    return list(await connection.scalar(select(t.working_time.c.moved)) or ())


async def renewed(connection: Connection, count: int) -> None:
    """Forget the first `count` of the `moved` calendars, because no course is reckoned by them any more."""
    w = t.working_time.c
    await connection.execute(update(t.working_time).values(moved=w.moved[count + 1 : func.cardinality(w.moved)]))


async def office(connection: Connection) -> Office:
    """Return the municipality's office hours, or the customary ones."""
    office = await connection.scalar(select(t.working_time.c.office))
    return Office.model_validate(office) if office is not None else Office()


async def put_office(connection: Connection, office: Office) -> None:
    """Replace the municipality's office hours; needs `lock`."""
    await connection.execute(update(t.working_time).values(office=office.model_dump(mode="json")))


async def own_times(connection: Connection, oldest: date) -> Mapping[str, OwnTime]:
    """Return the own time of each person who has any, without the absences that ended before `oldest`."""
    p, a = t.person.c, t.absence.c
    lasting = select(a.person_id, a.since, a.until).where(or_(a.until.is_(None), a.until >= oldest))
    absences: defaultdict[str, list[Absence]] = defaultdict(list)
    for person, since, until in await connection.execute(lasting):
        absences[person].append(Absence(since=since, until=until))
    has_own_time = or_(p.working_days.is_not(None), p.person_id.in_(select(a.person_id)))
    people = await connection.execute(select(p.person_id, p.working_days, p.working_hours).where(has_own_time))
    return {
        person: OwnTime.model_validate({"days": days, "hours": hours or {}, "absences": tuple(absences[person])})
        for person, days, hours in people
    }
