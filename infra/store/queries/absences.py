"""Absences as a leader reads them: of the people in the units governed, and of who holds courses there."""

from datetime import date, datetime

from sqlalchemy import exists, or_, select, true

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
    a, p, h, c = t.absence.c, t.person.c, t.party.c, t.course.c
    units = reach.governed_units
    is_led = true() if units is None else p.unit.in_(units)
    holds = (
        exists()
        .where(h.person == a.person_id, h.role.in_(GATE_ROLES), h.course_id == c.course_id)
        .where(c.status != Status.COMPLETED, worked_with_by(reach), governed_by(reach))
    )
    statement = (
        select(t.absence, p.unit)
        .join(t.person, p.person_id == a.person_id)
        .where(lasts_until(reach.today), a.since <= begun_by, or_(is_led, holds))
    )
    keys = [a.since, a.person_id]
    return await read_page(
        connection, statement, LedAbsence, keys, lambda row: (row.since, row.person_id), limit, after
    )
