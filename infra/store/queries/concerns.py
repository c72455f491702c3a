"""What the absences of somebody concern: each course, who covers there, and how much waits (P1)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import any_, func, select

from domain.reach import Reach
from domain.state.course import Status
from domain.state.waiting import WaitingKind
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.covers import covers_by_course, lasts_until
from infra.store.queries.visibility import worked_with_by
from infra.store.rows import StoredRow


class Concern(StoredRow):
    """A course of somebody absent from `since` on, and the one who covers there.

    When nobody can, `cover` is the first of those named, who `holds_a_role` there already, or None.
    """

    since: date
    course_id: UUID
    reference: str
    cover: str | None
    holds_a_role: bool | None


async def concerns(connection: Connection, reach: Reach, absent: str) -> list[Concern]:
    """Return the courses not completed, of those the caller sees, that a person's absences touch from today on."""
    matches = covers_by_course(reach.today, t.absence.c.person_id == absent, lasts_until(reach.today)).subquery()
    c = t.course.c
    statement = (
        select(matches, c.reference)
        .join(t.course, c.course_id == matches.c.course_id)
        .where(c.status != Status.COMPLETED, worked_with_by(reach))
        .order_by(matches.c.since, c.reference, c.course_id)
    )
    return [Concern.read(row) for row in await connection.execute(statement)]


async def waits_for(
    connection: Connection, person: str, courses: Collection[UUID]
) -> Mapping[UUID, Mapping[WaitingKind, int]]:
    """Return how much of each kind waits for a person in each of these courses."""
    w = t.waiting.c
    statement = (
        select(w.course_id, w.kind, func.count())
        .where(w.course_id.in_(courses), any_(w.persons) == person, t.IS_SHOWN)
        .group_by(w.course_id, w.kind)
        .order_by(w.kind)
    )
    matches: defaultdict[UUID, dict[WaitingKind, int]] = defaultdict(dict)
    for course, kind, count in await connection.execute(statement):
        matches[course][WaitingKind(kind)] = count
    return matches
