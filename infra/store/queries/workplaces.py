"""Which courses are, were or will be at a workplace, by its P-number."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import and_, func, select

from domain.model import Model
from domain.state.measures import NOT_ENTERED
from infra.store import tables as t
from infra.store.engine import Connection


class WorkplaceVisit(Model):
    """One visit to a workplace; without a number while the step is only expected."""

    step: str
    visit: int | None
    is_open: bool


async def companies_of(connection: Connection, courses: Collection[UUID]) -> Mapping[tuple[UUID, int], str]:
    """Return what the company is called at which each visit of some courses is, by course and number of the visit."""
    w, c = t.workplace.c, t.company.c
    statement = (
        select(w.course_id, w.visit, func.coalesce(c.name, w.p_number))
        .outerjoin(t.company, c.p_number == w.p_number)
        .where(w.course_id.in_(courses), w.visit != NOT_ENTERED)
        .order_by(w.course_id, w.visit, w.step)
    )
    return {(course, visit): name for course, visit, name in await connection.execute(statement)}


async def workplace_visits(
    connection: Connection, p_number: str, courses: Collection[UUID]
) -> Mapping[UUID, tuple[WorkplaceVisit, ...]]:
    """Return the visits of each of some courses to a workplace, by their numbers; one that is expected comes first."""
    w, v = t.workplace.c, t.visit.c
    statement = (
        select(w.course_id, w.step, w.visit, v.left_at.is_(None))
        .outerjoin(t.visit, and_(v.course_id == w.course_id, v.number == w.visit))
        .where(w.p_number == p_number, w.course_id.in_(courses))
        .order_by(w.course_id, w.visit, w.step)
    )
    by_course: defaultdict[UUID, list[WorkplaceVisit]] = defaultdict(list)
    for course, step, visit, is_open in await connection.execute(statement):
        is_entered = visit != NOT_ENTERED
        stay = WorkplaceVisit(step=step, visit=visit if is_entered else None, is_open=is_entered and is_open)
        by_course[course].append(stay)
    return {course: tuple(there) for course, there in by_course.items()}
