"""What goes outward to people: how each wants it, and what is still to go (P4, P6)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, any_, exists, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from domain import events as ev
from domain.address import AddressKind
from domain.forecast import Errand, Readers
from domain.gathering import Gathering
from domain.identity import ENGINE, Role
from domain.reach import Reach
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.visibility import worked_with_by
from infra.store.rows import NoticeRow


async def readers(connection: Connection) -> Readers:
    """Return how those whom the directory knows want what can wait, and who supervises which unit."""
    p = t.person.c
    gathering: dict[str, Gathering] = {}
    supervisors: defaultdict[str | None, list[str]] = defaultdict(list)
    rows = await connection.execute(select(p.person_id, p.unit, p.roles, p.gathering).order_by(p.person_id))
    for person in rows:
        gathering[person.person_id] = Gathering(person.gathering)
        if Role.SUPERVISOR in person.roles:
            supervisors[person.unit].append(person.person_id)
    return Readers(gathering, supervisors)


MOST: Final = 100
"""Of how many courses it is told at once what goes outward of them."""


class Concerned(NamedTuple):
    """The courses in which a person may be told something, all of those in which it is so before `until`."""

    courses: Sequence[UUID]
    until: datetime


async def concerning(connection: Connection, reach: Reach, person: str, until: datetime, now: datetime) -> Concerned:
    """Return the courses, of those that the caller works with, in which a person may be told something `until` then.

    They are those that wake or have something to go out, in which the person holds a role, is named to cover for who
    does, or supervises the unit. Of more than `MOST` it is those that wake first, and `until` is sooner.
    """
    c, p, n, e, of_cover = t.course.c, t.party.c, t.notice.c, t.errand.c, t.absence_cover.c
    covered = select(of_cover.person_id).where(of_cover.cover == person)
    has_errand = exists().where(n.course_id == c.course_id, e.notice_id == n.notice_id).correlate(t.course)
    is_held = exists().where(p.course_id == c.course_id, or_(p.person == person, p.person.in_(covered)))
    is_told = or_(is_held.correlate(t.course), _supervised_by(person))
    statement = (
        select(c.course_id, c.wakeup, has_errand.label("has_errand"))
        .where(worked_with_by(reach), is_told, or_(has_errand, c.wakeup <= until))
        .order_by(has_errand.desc(), c.wakeup, c.course_id)
        .limit(MOST + 1)
    )
    rows = (await connection.execute(statement)).all()
    if len(rows) > MOST:
        until = now if rows[MOST].has_errand else max(now, rows[MOST].wakeup)
    return Concerned([row.course_id for row in rows[:MOST]], until)


def _supervised_by(person: str) -> ColumnElement[bool]:
    p = t.person.c
    is_unit = or_(p.unit.is_(None), p.unit == t.course.c.unit)
    is_supervisor = exists().where(p.person_id == person, any_(p.roles) == Role.SUPERVISOR, is_unit)
    return is_supervisor.correlate(t.course)


async def errands(connection: Connection, courses: Collection[UUID]) -> dict[UUID, list[Errand]]:
    """Return by course what is still to be carried to people for the first time, once for each notice and person.

    Of several channels the one counts that waits the longest, which is the one that gathers.
    """
    n, e = t.notice.c, t.errand.c
    of_one = (n.course_id, n.queued_at, n.notice_id, e.person)
    statement = (
        select(t.notice, e.person, e.due_at)
        .ext(distinct_on(*of_one))
        .join(t.errand, e.notice_id == n.notice_id)
        .where(n.course_id.in_(courses), n.done_at.is_(None), e.failures == 0, e.batch_id.is_(None))
        .where(n.recipient_kind != AddressKind.UNIT)
        .order_by(*of_one, e.due_at.desc())
    )
    ordered: defaultdict[UUID, list[Errand]] = defaultdict(list)
    for row in await connection.execute(statement):
        errand = Errand(_raised(NoticeRow.read(row)), row.person or None, row.due_at)
        ordered[row.course_id].append(errand)
    return ordered


def _raised(row: NoticeRow) -> ev.NoticeRaised:
    """Return the event that raised a notice, as far as its row tells."""
    raised = {"at": row.queued_at, "by": ENGINE, "notice": row.notice_id, "about": row.about}
    return ev.NoticeRaised.model_validate({**raised, "recipient": row.address, "subject": row.subject})
