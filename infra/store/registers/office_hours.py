"""The working time of a municipality: its offices' hours, its people's own time, and the calendar in force."""

from collections.abc import Mapping
from typing import Final
from uuid import uuid4

from sqlalchemy import ARRAY, Text, case, cast, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.registers import absences
from infra.store.rows import InForce
from rules.calendar.danish_offices import Office, OwnTime

_LOCK = insert(t.working_time)
_LOCKED: Final = _LOCK.on_conflict_do_update(
    constraint=t.working_time.primary_key, set_={"municipality": _LOCK.excluded.municipality}
)
_IN_FORCE: Final = select(t.working_time.c.calendar, t.working_time.c.own_times)

OwnTimes = Mapping[str, OwnTime]
"""The own time of each person who has any, with who covers for those who are away."""


async def lock(connection: Connection) -> None:
    """Keep every other change of this municipality's working time waiting until the transaction ends."""
    await connection.execute(_LOCKED)


async def in_force(connection: Connection) -> InForce:
    """Return the working time in force."""
    row = (await connection.execute(_IN_FORCE)).one_or_none()
    return InForce(*row) if row else InForce()


async def put_in_force(connection: Connection, sha256: str | None, before: OwnTimes, now: OwnTimes) -> None:
    """Let a stored calendar and people's times be in force from now on, and note whom it moves; needs `lock`.

    A change of the offices moves everybody, noted as NULL.
    """
    w = t.working_time.c
    of_all = func.array_append(w.moved, cast(null(), Text))
    persons = sorted(person for person in {*before, *now} if before.get(person) != now.get(person))
    noted = case((w.calendar.is_distinct_from(sha256), of_all), else_=w.moved)
    moved = func.array_cat(noted, cast(persons, ARRAY(Text)))
    own_times = uuid4() if now else None
    await connection.execute(update(t.working_time).values(calendar=sha256, own_times=own_times, moved=moved))


async def municipalities_moved(connection: Connection) -> list[str]:
    """Return the municipalities whose working time was changed since their courses were last renewed."""
    return list(await connection.scalars(select(func.fodslag_moved())))


async def moved(connection: Connection) -> list[str | None]:
    """Return whose courses may be reckoned still by a time that is not in force any more, None being everybody's."""
    return list(await connection.scalar(select(t.working_time.c.moved)) or ())


async def renewed(connection: Connection, count: int) -> None:
    """Forget the first `count` of those `moved`, because their courses are reckoned by the time in force."""
    w = t.working_time.c
    await connection.execute(update(t.working_time).values(moved=w.moved[count + 1 : func.cardinality(w.moved)]))


async def office(connection: Connection) -> Office:
    """Return the municipality's office hours, or the customary ones."""
    office = await connection.scalar(select(t.working_time.c.office))
    return Office.model_validate(office) if office is not None else Office()


async def put_office(connection: Connection, office: Office) -> None:
    """Replace the municipality's office hours; needs `lock`."""
    await connection.execute(update(t.working_time).values(office=office.model_dump(mode="json")))


async def own_times(connection: Connection) -> OwnTimes:
    """Return the own time of each person who has any."""
    p, a = t.person.c, t.absence.c
    away = await absences.of_everybody(connection)
    has_own_time = or_(p.working_days.is_not(None), p.person_id.in_(select(a.person_id)))
    people = await connection.execute(select(p.person_id, p.working_days, p.working_hours).where(has_own_time))
    return {
        person: OwnTime.model_validate({"days": days, "hours": hours or {}, "absences": away.get(person, ())})
        for person, days, hours in people
    }
