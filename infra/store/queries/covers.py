"""Who covers for whom: in each course of somebody absent, the first of those named who can act there (P1)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
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
from sqlalchemy.dialects.postgresql import distinct_on

from domain.identity import GATE_ROLES
from domain.state.course import Status
from domain.state.waiting import WaitingKind
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.course_filter import CourseFilter, conditions
from infra.store.rows import StoredRow

_OTHER: Final = t.party.alias("other")


class Concern(StoredRow):
    """A course of somebody absent from `since` on, and the one who covers there.

    When nobody can, `cover` is the first of those named, who `holds_a_role` there himself, or None.
    """

    since: date
    course_id: UUID
    reference: str
    cover: str | None
    holds_a_role: bool | None


async def covered_in(connection: Connection, course: UUID, person: str, today: date) -> tuple[str, ...]:
    """Return for whom `person` is the registered cover in a course today."""
    return tuple(await connection.scalars(_COVERED_IN, {"course": course, "person": person, "today": today}))


async def covered_courses(connection: Connection, person: str, today: date) -> frozenset[UUID]:
    """Return the courses in which `person` is the registered cover of somebody today."""
    return frozenset(await connection.scalars(_COVERED, {"person": person, "today": today}))


def covering(person: str, today: date) -> Select[tuple[Any, ...]]:
    """Return each `course_id` in which `person` covers today, with who is `absent` there and from when, `since`."""
    return _COVERING.params(person=person, today=today)


async def concerns(connection: Connection, absent: str, today: date, seen: CourseFilter) -> list[Concern]:
    """Return the courses not completed that the absences of a person touch from today on, of those `seen`."""
    found = _by_course(t.absence.c.person_id == absent, _lasts(today)).subquery()
    c = t.course.c
    statement = (
        select(found, c.reference)
        .join(t.course, c.course_id == found.c.course_id)
        .where(c.status != Status.COMPLETED, *conditions(seen))
        .order_by(found.c.since, c.reference, c.course_id)
    )
    return [Concern.read(row) for row in await connection.execute(statement)]


async def waits_for(
    connection: Connection, person: str, courses: Collection[UUID]
) -> Mapping[UUID, Mapping[WaitingKind, int]]:
    """Return how much of each kind waits for a person in each of these courses."""
    w = t.waiting.c
    statement = (
        select(w.course_id, w.kind, func.count())
        .where(w.course_id.in_(courses), any_(w.persons) == person)
        .group_by(w.course_id, w.kind)
        .order_by(w.kind)
    )
    found: defaultdict[UUID, dict[WaitingKind, int]] = defaultdict(dict)
    for course, kind, count in await connection.execute(statement):
        found[course][WaitingKind(kind)] = count
    return found


def _lasts(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    return or_(t.absence.c.until.is_(None), t.absence.c.until >= today)


def _by_course(*of_absence: ColumnElement[bool]) -> Select[tuple[Any, ...]]:
    """Return each course of each absent person, with who covers there.

    Who holds a gate role in the course already cannot also act for the other (P1) and is passed over.
    """
    a, p, n = t.absence.c, t.party.c, t.absence_cover.c
    is_named = (
        (n.person_id == a.person_id) & (n.since == a.since) & or_(n.courses.is_(None), any_(n.courses) == p.course_id)
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
    """Return what `covering` asks, built once for every request."""
    n, a = t.absence_cover.c, t.absence.c
    person, today = bindparam("person", type_=Text), bindparam("today", type_=Date)
    named = select(n.person_id).where(n.cover == person)
    found = _by_course(a.since <= today, _lasts(today), a.person_id.in_(named)).subquery()
    return select(found.c.course_id, found.c.absent, found.c.since).where(
        found.c.cover == person, found.c.holds_a_role.is_(False)
    )


_COVERING: Final = _covering()
_FOUND: Final = _COVERING.subquery()
_COVERED: Final = select(_FOUND.c.course_id)
_COVERED_IN: Final = (
    select(_FOUND.c.absent).where(_FOUND.c.course_id == bindparam("course", type_=Uuid)).order_by(_FOUND.c.absent)
)
