"""What the audit looks for in the store, each kind by one statement of one municipality (P5, P7)."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, exists, func, literal, null, or_, select
from sqlalchemy.types import Text, Uuid

from domain.state.course import Status
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import FindingKind, Found, Outcome

LATE: Final = timedelta(minutes=30)
"""How long after its time something is late: twice the quarter of an hour over which wake-ups are spread."""

_C: Final = t.course.c
_IS_OPEN: Final = _C.status != Status.COMPLETED
_LATER: Final = t.delivery.alias("later")


def _courses(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Return the open courses of which all this is so."""
    return select(_C.course_id, _C.course_id, literal("", Text)).where(_IS_OPEN, *conditions)


def _without_wakeup(_now: datetime) -> Select[Any]:
    return _courses(_C.wakeup.is_(None))


def _asleep(now: datetime) -> Select[Any]:
    return _courses(_C.wakeup < now - LATE)


def _naming_nobody(_now: datetime) -> Select[Any]:
    """Return the courses of which no wait is for a person, or for a role that a queue holds."""
    w, p = t.waiting.c, t.party.c
    is_queue = (p.course_id == w.course_id) & (p.role == any_(w.roles)) & p.unit.is_not(None)
    is_for_somebody = or_(func.cardinality(w.persons) > 0, exists().where(is_queue))
    return _courses(~exists().where(w.course_id == _C.course_id, is_for_somebody))


def _overdue_rungs(now: datetime) -> Select[Any]:
    """Return the rungs whose time has passed in courses that are not due to wake either."""
    w, since = t.waiting.c, now - LATE
    is_awake = or_(_C.wakeup.is_(None), _C.wakeup >= since)
    late = select(_C.course_id, _C.course_id, w.key).join(t.waiting, w.course_id == _C.course_id)
    return late.where(_IS_OPEN, w.next_rung_at < since, is_awake)


def _errands(*conditions: ColumnElement[bool]) -> Select[Any]:
    e, n = t.errand.c, t.notice.c
    owed = select(e.notice_id, n.course_id, e.channel).distinct().join(t.notice, n.notice_id == e.notice_id)
    return owed.where(*conditions)


def _overdue_errands(now: datetime) -> Select[Any]:
    return _errands(t.errand.c.due_at < now - LATE)


def _hanging_attempts(now: datetime) -> Select[Any]:
    """Return the errands whose batch was last attempted long ago, and nobody knows whether it has arrived."""
    e, d, later = t.errand.c, t.delivery.c, _LATER.c
    is_of_batch = (d.batch_id == e.batch_id, d.notice_id == e.notice_id, d.outcome == Outcome.BEGUN)
    is_older = exists().where(later.batch_id == d.batch_id, later.notice_id == d.notice_id, later.at > d.at)
    return _errands(exists().where(*is_of_batch, d.at < now - LATE, ~is_older))


def _overdue_webhooks(now: datetime) -> Select[Any]:
    """Return the webhooks that nobody serves, unless they are paused or gone."""
    w = t.webhook.c
    return select(w.webhook_id, null().cast(Uuid), literal("", Text)).where(w.state == "active", w.due_at < now - LATE)


CHECKS: Final[Mapping[FindingKind, Callable[[datetime], Select[Any]]]] = MappingProxyType(
    {
        FindingKind.NO_WAKEUP: _without_wakeup,
        FindingKind.NAMES_NOBODY: _naming_nobody,
        FindingKind.ASLEEP: _asleep,
        FindingKind.RUNG_OVERDUE: _overdue_rungs,
        FindingKind.ERRAND_OVERDUE: _overdue_errands,
        FindingKind.ATTEMPT_HANGS: _hanging_attempts,
        FindingKind.WEBHOOK_OVERDUE: _overdue_webhooks,
    }
)
"""What each kind of finding is at an instant: its subject, its course if there is one, and what of it."""


async def look(connection: Connection, kind: FindingKind, now: datetime) -> list[Found]:
    """Return what one of `CHECKS` finds at `now` (UTC) in this municipality."""
    return [Found(kind, *row) for row in await connection.execute(CHECKS[kind](now))]


async def open_courses(connection: Connection) -> set[UUID]:
    """Return the courses that are not completed."""
    return set(await connection.scalars(select(_C.course_id).where(_IS_OPEN)))


async def completed_at(connection: Connection, courses: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when those of some courses that are completed changed last."""
    statement = select(_C.course_id, _C.updated_at).where(_C.course_id.in_(courses), ~_IS_OPEN)
    return {row.course_id: row.updated_at for row in await connection.execute(statement)}


async def to_foresee(connection: Connection, since: datetime | None) -> list[UUID]:
    """Return the open courses that have changed `since`, or in which a rung was found to tell nobody; all for None."""
    f = t.finding.c
    was_found = select(f.course_id).where(f.kind == FindingKind.RUNG_TO_NOBODY, f.mended_at.is_(None))
    statement = select(_C.course_id).where(_IS_OPEN).order_by(_C.course_id)
    if since is not None:
        statement = statement.where(or_(_C.updated_at >= since, _C.course_id.in_(was_found)))
    return list(await connection.scalars(statement))
