"""Absences as a leader reads them: of the people in the units governed, and of who holds courses there."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_, select, true

from domain.identity import GATE_ROLES
from domain.reach import Reach
from domain.state.course import Status
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.queries.covers import lasts_until
from infra.store.queries.visibility import governed_by, worked_with_by
from infra.store.rows import StoredRow

Cursor = tuple[date, str]
"""When the last absence of a page begins, and whose it is."""


class LedAbsence(StoredRow):
    """The days on which somebody is away, with that person's unit, and when the courses were handed over."""

    person_id: str
    since: date
    until: date | None
    handed_over_at: datetime | None
    unit: str | None


async def led(
    connection: Connection, reach: Reach, begun_by: date, limit: int, after: Cursor | None = None
) -> Page[LedAbsence, Cursor]:
    """Return the absences that are not over and begin by a day, the first to begin first, from what follows `after`.

    They are those of people in units that the caller governs, and of those who hold a course of such a unit.
    """
    a, p = t.absence.c, t.person.c
    statement = (
        select(t.absence, p.unit)
        .join(t.person, p.person_id == a.person_id)
        .where(lasts_until(reach.today), a.since <= begun_by, _is_led(reach))
    )
    keys = [a.since, a.person_id]
    return await read_page(
        connection, statement, LedAbsence, keys, lambda row: (row.since, row.person_id), limit, after
    )


async def is_led(connection: Connection, reach: Reach, person: str) -> bool:
    """Return whether the absences of a person are among those that the caller reads as a leader."""
    statement = select(t.person.c.person_id).where(t.person.c.person_id == person, _is_led(reach))
    return (await connection.execute(statement)).one_or_none() is not None


def _is_led(reach: Reach) -> ColumnElement[bool]:
    """Return that somebody is in a unit that the caller governs, or holds a course of one."""
    p, h, c = t.person.c, t.party.c, t.course.c
    units = reach.governed_units
    is_of_unit = true() if units is None else p.unit.in_(units)
    holds = (
        exists()
        .where(h.person == p.person_id, h.role.in_(GATE_ROLES), h.course_id == c.course_id)
        .where(c.status != Status.COMPLETED, worked_with_by(reach), governed_by(reach))
    )
    return or_(is_of_unit, holds.correlate(t.person))
