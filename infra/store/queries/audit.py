"""What the audit looks for in the store, each kind by one statement of one municipality (P5, P7)."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, exists, func, literal, null, or_, select
from sqlalchemy.types import Text, Uuid

from domain.address import AddressKind
from domain.state.course import Status
from infra.store import tables as t
from infra.store.bulk_rows import ItemState
from infra.store.engine import Connection
from infra.store.finding_rows import FindingKind, Found
from infra.store.rows import Outcome

LATE: Final = timedelta(minutes=30)
"""How long after its time something is late: twice the quarter of an hour over which wake-ups are spread."""

AHEAD: Final = timedelta(days=14)
"""How far ahead of a course is looked."""

MOST: Final = 1_000
"""How many courses are looked ahead of in one audit at most, of those that are due for it and of those found before."""

_A_DAY: Final = timedelta(days=1)
_OVERLAP: Final = timedelta(minutes=10)
"""How much of the time before the last audit is looked at again: what was under way then is seen now."""

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


def _untold_queues(_now: datetime) -> Select[Any]:
    """Return the courses that ask a queue to which a mail was refused because its unit has no address."""
    n, d, u = t.notice.c, t.delivery.c, t.unit.c
    is_refused = exists().where(d.notice_id == n.notice_id, d.outcome == Outcome.REJECTED)
    has_address = exists(select(u.unit_id).where(u.unit_id == n.recipient, u.email.is_not(None)))
    asked = select(_C.course_id, _C.course_id, n.recipient).distinct().join(t.notice, n.course_id == _C.course_id)
    is_to_queue = (n.recipient_kind == AddressKind.UNIT, n.done_at.is_(None))
    return asked.where(_IS_OPEN, *is_to_queue, is_refused, ~has_address)


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


def _overdue_bulk_acts(now: datetime) -> Select[Any]:
    """Return the bulk acts of which nobody carries an item out, or one fails again and again for a day.

    An item that is ordered for a later day is not owed before.
    """
    a, i = t.bulk_act.c, t.bulk_item.c
    is_late = or_(i.due_at < now - LATE, and_(i.failures > 0, a.ordered_at < now - _A_DAY))
    is_owed = exists().where(i.bulk_id == a.bulk_id, i.state == ItemState.WAITING, is_late)
    return select(a.bulk_id, null().cast(Uuid), literal("", Text)).where(is_owed)


CHECKS: Final[Mapping[FindingKind, Callable[[datetime], Select[Any]]]] = MappingProxyType(
    {
        FindingKind.NO_WAKEUP: _without_wakeup,
        FindingKind.NAMES_NOBODY: _naming_nobody,
        FindingKind.ASLEEP: _asleep,
        FindingKind.RUNG_OVERDUE: _overdue_rungs,
        FindingKind.QUEUE_WITHOUT_ADDRESS: _untold_queues,
        FindingKind.ERRAND_OVERDUE: _overdue_errands,
        FindingKind.ATTEMPT_HANGS: _hanging_attempts,
        FindingKind.WEBHOOK_OVERDUE: _overdue_webhooks,
        FindingKind.BULK_ACT_OVERDUE: _overdue_bulk_acts,
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


async def to_foresee(connection: Connection, since: datetime, now: datetime) -> list[UUID]:
    """Return the courses that are to be looked ahead of at `now`, after an audit at `since`.

    Each open course that wakes soon has its turn once a day, at a time that follows from its id, so that an audit
    looks ahead of few of them; so are looked at those that changed, the last ones first, and those found longest ago.
    """
    f, has_turn = t.finding.c, _has_turn(since, now)
    due = (
        select(_C.course_id)
        .where(_IS_OPEN, _C.wakeup <= now + AHEAD, or_(has_turn, _C.updated_at >= since - _OVERLAP))
        .order_by(has_turn.desc(), _C.updated_at.desc())
        .limit(MOST)
    )
    found = (
        select(f.course_id)
        .where(f.kind == FindingKind.RUNG_TO_NOBODY, f.mended_at.is_(None))
        .group_by(f.course_id)
        .order_by(func.min(f.last_seen))
        .limit(MOST)
    )
    return list(dict.fromkeys([*await connection.scalars(due), *await connection.scalars(found)]))


def _has_turn(since: datetime, until: datetime) -> ColumnElement[bool]:
    """Return whether the time of day of a course's turn lies from `since` on until, and not including, `until`.

    The two are less than a day apart.
    """
    first, last = _turn(since), _turn(until)
    is_after, is_before = _C.course_id >= first, _C.course_id < last
    return is_after & is_before if first <= last else is_after | is_before


def _turn(at: datetime) -> UUID:
    """Return the id of the course whose turn is at the time of day of `at` (UTC)."""
    of_day = at - at.replace(hour=0, minute=0, second=0, microsecond=0)
    return UUID(int=int(of_day / _A_DAY * 2**128))
