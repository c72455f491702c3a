"""Who covers for whom: in each course of somebody absent, the first of those named who can act there (P1)."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from domain.identity import GATE_ROLES
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow

_OTHER: Final = t.party.alias("other")
_OF_COVER: Final = t.absence.alias("of_cover")


class CoveredAbsence(StoredRow):
    """The days on which somebody covers for another, and when that person handed over."""

    person_id: str
    name: str
    since: date
    until: date | None
    handed_over_at: datetime | None


async def covered_by(connection: Connection, person: str, today: date) -> list[CoveredAbsence]:
    """Return the absences that are not over in which a person is named to cover, the first to begin first."""
    a, n, p = t.absence.c, t.absence_cover.c, t.person.c
    is_named = exists().where(n.person_id == a.person_id, n.since == a.since, n.cover == person)
    statement: Select[tuple[Any, ...]] = (
        select(a.person_id, p.name, a.since, a.until, a.handed_over_at)
        .join(t.person, p.person_id == a.person_id)
        .where(is_named, lasts_until(today))
        .order_by(a.since, p.name)
    )
    return [CoveredAbsence.read(row) for row in await connection.execute(statement)]


def covering(person: str, today: date) -> Select[tuple[Any, ...]]:
    """Return each `course_id` in which `person` covers today, with who is `absent` there and from when, `since`."""
    return _COVERING.params(person=person, today=today)


async def covers_in(connection: Connection, course: UUID, today: date) -> dict[str, str]:
    """Return who covers today for each of a course's parties who is away, by the absent person."""
    return (await covers_in_each(connection, [course], today))[course]


async def covers_in_each(connection: Connection, courses: Collection[UUID], today: date) -> dict[UUID, dict[str, str]]:
    """Return the same of several courses, by course."""
    covers: dict[UUID, dict[str, str]] = {course: {} for course in courses}
    for row in await connection.execute(_COVERS, {"courses": list(courses), "today": today}):
        covers[row.course_id][row.absent] = row.cover
    return covers


def lasts_until(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    return or_(t.absence.c.until.is_(None), t.absence.c.until >= day)


def covers_by_course(today: date | ColumnElement[date], *of_absence: ColumnElement[bool]) -> Select[tuple[Any, ...]]:
    """Return each course of each absent person, with who covers there today, or on the first day of what is to come.

    Who holds a gate role in the course already cannot also act for the other (P1) and is passed over, and so is who is
    away that day; `rules.calendar.covers` says the same of every day.
    """
    a, p, n, theirs = t.absence.c, t.party.c, t.absence_cover.c, _OF_COVER.c
    day = func.greatest(a.since, today)
    is_away = exists().where(
        theirs.person_id == n.cover, theirs.since <= day, or_(theirs.until.is_(None), theirs.until >= day)
    )
    is_named = (
        (n.person_id == a.person_id)
        & (n.since == a.since)
        & or_(n.courses.is_(None), any_(n.courses) == p.course_id)
        & ~is_away.correlate(t.absence_cover, t.absence)
    )
    holds = exists().where(_OTHER.c.course_id == p.course_id, _OTHER.c.person == n.cover, _OTHER.c.role.in_(GATE_ROLES))
    holds_a_role = case((n.cover.is_not(None), holds)).label("holds_a_role")
    of_one = (a.person_id, a.since, p.course_id)
    return (
        select(a.person_id.label("absent"), a.since, p.course_id, n.cover, holds_a_role)
        .ext(distinct_on(*of_one))
        .join(t.party, p.person == a.person_id)
        .join(t.absence_cover, is_named, isouter=True)
        .where(p.role.in_(GATE_ROLES), *of_absence)
        .order_by(*of_one, holds_a_role, n.ordinal)
    )


def _covering() -> Select[tuple[Any, ...]]:
    """Build the statement of `covering` once for all requests."""
    n, a = t.absence_cover.c, t.absence.c
    person, today = bindparam("person", type_=Text), bindparam("today", type_=Date)
    named = select(n.person_id).where(n.cover == person)
    matches = covers_by_course(today, a.since <= today, lasts_until(today), a.person_id.in_(named)).subquery()
    return select(matches.c.course_id, matches.c.absent, matches.c.since).where(
        matches.c.cover == person, matches.c.holds_a_role.is_(False)
    )


def _covers() -> Select[tuple[Any, ...]]:
    """Return who covers today for each absent party of some `courses`."""
    today, courses = bindparam("today", type_=Date), bindparam("courses", type_=ARRAY(Uuid))
    of_courses = t.party.c.course_id == any_(courses)
    every = covers_by_course(today, t.absence.c.since <= today, lasts_until(today), of_courses).subquery()
    can_act = every.c.cover.is_not(None) & every.c.holds_a_role.is_(False)
    return select(every.c.course_id, every.c.absent, every.c.cover).where(can_act)


_COVERING: Final = _covering()
_COVERS: Final = _covers()
