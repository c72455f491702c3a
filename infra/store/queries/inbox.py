"""The inbox: what somebody must know or do, as one list of waits and notices (P4, P5)."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    DateTime,
    Numeric,
    Select,
    and_,
    any_,
    case,
    exists,
    extract,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array, distinct_on
from sqlalchemy.types import Text, Uuid

from domain.address import Address, AddressKind
from domain.calendar import DANISH_TIME
from domain.reach import Reach
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.queries.counts import Counted, CountedBy, Counts, counted, counts
from infra.store.queries.covers import covering
from infra.store.queries.escalations import MISSING, ROLES
from infra.store.queries.inbox_item import InboxItem
from infra.store.queries.notices import has_come, is_open
from infra.store.queries.unknown_holders import causes
from infra.store.queries.visibility import worked_with_by

InboxCursor = tuple[Decimal, str]
"""The urgency and the id of the last item of a page."""

_OVERDUE: Final = literal(100_000_000_000, Numeric)
"""Seconds since 1970 that nothing here reaches: what is overdue comes before all else, the longest overdue first."""

_OF_NOTICES: Final = (
    t.notice.c.course_id,
    t.notice.c.notice_id.label("notice"),
    *(t.notice.c[name] for name in ("about", "recipient_kind", "subject", "level", "seen_at")),
    t.notice.c.queued_at.label("at"),
    t.notice.c.visit,
    t.notice.c.waiting,
)
"""The columns of an item from its notice, in the order of every item."""

_OF_WAITS: Final = tuple(
    t.waiting.c[name] for name in ("kind", "what", "until", "taken_by", "look_again_at", "waiting_on", "answered_until")
)
"""The columns of an item from its wait."""

_TO_SUPERVISORS: Final = t.notice.c.recipient_kind == AddressKind.SUPERVISORS
_TO_MANY: Final = t.notice.c.recipient_kind != AddressKind.PERSON
_NONE: Final = null().cast(ARRAY(Text))

_TAKEN: Final = 2 * _OVERDUE
"""What orders a taken wait below all that are not taken."""


async def inbox(
    connection: Connection,
    reach: Reach,
    addresses: Collection[Address],
    now: datetime,
    limit: int,
    after: InboxCursor | None = None,
    shared_with: str | None = None,
) -> Page[InboxItem, InboxCursor]:
    """Return what the caller, who reads `addresses`, must know or do, from the item that follows `after`.

    Where `shared_with` is named, only what is of courses in which that person holds a role too.

    Nothing of a course that does not exist for the caller is among it (P14).
    The longest overdue comes first, then the newest; a further page is asked for with the first one's `now`.
    A wait that a supervisor has taken comes after all else, until its `look_again_at`. A notice of no wait goes when
    it is seen, the others when the wait is over; what a cover reads for an absent person goes with the absence too.
    """
    rows = _listed(reach, addresses, now, shared_with).subquery()
    keys = [type_coerce(rows.c.urgency, Numeric), rows.c.id]
    return await read_page(
        connection, select(rows), InboxItem, keys, lambda item: (item.urgency, item.id), limit, after, newest_first=True
    )


async def inbox_counts(
    connection: Connection,
    reach: Reach,
    addresses: Collection[Address],
    now: datetime,
    by: Collection[CountedBy],
    shared_with: str | None = None,
) -> Counts:
    """Return how many items the caller's list has, in all and by what is asked for."""
    rows, v, w = _listed(reach, addresses, now, shared_with).subquery(), t.visit.c, t.waiting.c
    with_visit = and_(v.course_id == rows.c.course_id, v.number == rows.c.visit)
    with_wait = and_(w.course_id == rows.c.course_id, w.key == rows.c.waiting)
    listed = select(rows.c.id).join(t.visit, with_visit, isouter=True).join(t.waiting, with_wait, isouter=True)
    each = causes(func.coalesce(rows.c.kind, rows.c.about), rows.c.course_id, roles=rows.c.roles)
    columns = Counted(rows.c.id, rows.c.rules_sha256, each, array([v.step]), rows.c.unit, w.persons)
    return await counts(connection, counted(listed, columns), by)


def _listed(
    reach: Reach, addresses: Collection[Address], now: datetime, shared_with: str | None
) -> Select[tuple[Any, ...]]:
    """Return the items of the caller's list with their courses, and how urgent each is."""
    covered = covering(reach.person, reach.today).cte("covered")
    own = (_notified(addresses, now), _waits_of(reach.person, addresses, now))
    items = union_all(*own, _waits_of_the_absent(covered), _notified_to_the_absent(covered, now)).subquery()
    overdue = _OVERDUE - extract("epoch", items.c.until)
    untaken = case((items.c.until < now, overdue), else_=extract("epoch", items.c.at))
    is_taken = and_(items.c.look_again_at > now, items.c.recipient_kind == AddressKind.SUPERVISORS)
    urgency = case((is_taken, untaken - _TAKEN), else_=untaken)
    c = t.course.c
    of_course = (c.reference, c.citizen, t.OPEN_NAME, c.rules_sha256, c.unit)
    listed = (
        select(items, urgency.label("urgency"), *of_course)
        .join(t.course, c.course_id == items.c.course_id, isouter=True)
        .where(or_(items.c.course_id.is_(None), worked_with_by(reach)))
    )
    if shared_with is None:
        return listed
    p = t.party.c
    return listed.where(items.c.course_id.in_(select(p.course_id).where(p.person == shared_with)))


def _notified(addresses: Collection[Address], now: datetime) -> Select[tuple[Any, ...]]:
    """Return the open notices to `addresses`, the newest one only of each wait, with their waits.

    Supervisors and queues get one of each escalation, and who is both the one to supervisors.
    """
    n, w = t.notice.c, t.waiting.c
    escalation = case((_TO_MANY, w.escalation.cast(Text)))
    of_one_wait = (n.course_id, func.coalesce(escalation, n.waiting, n.notice_id.cast(Text)))
    return (
        select(
            n.notice_id.cast(Text).label("id"),
            *_OF_NOTICES,
            *_OF_WAITS,
            case((_TO_MANY, ROLES), else_=w.roles).label("roles"),
            case((_TO_MANY, MISSING)).label("missing"),
            null().cast(Text).label("on_behalf_of"),
        )
        .ext(distinct_on(*of_one_wait))
        .join(t.waiting, and_(w.course_id == n.course_id, w.key == n.waiting), isouter=True)
        .where(is_open(addresses, now))
        .order_by(*of_one_wait, _TO_SUPERVISORS.desc(), n.queued_at.desc(), n.notice_id)
    )


def _waits_of(person: str, addresses: Collection[Address], now: datetime) -> Select[tuple[Any, ...]]:
    """Return the waits for `person` without an open notice; he holds a role in each course of his waits.

    The courses in which he does are found by their index, which no condition on an array has behind the walls.
    """
    n, w, p = t.notice.c, t.waiting.c, t.party.c
    is_his = w.course_id.in_(select(p.course_id).where(p.person == person))
    is_notified = exists().where(n.course_id == w.course_id, n.waiting == w.key, is_open(addresses, now))
    waits = _wait(func.concat(w.course_id, "/", w.key), null().cast(Text))
    return waits.where(is_his, any_(w.persons) == person, t.IS_SHOWN, ~is_notified)


def _waits_of_the_absent(covered: CTE) -> Select[tuple[Any, ...]]:
    """Return the waits for those absent: whom they wait for is asked of today, not of the last time that they woke."""
    w, by = t.waiting.c, covered.c
    item_id = func.concat(w.course_id, "/", w.key, "/", by.absent)
    is_covered = and_(by.course_id == w.course_id, by.absent == any_(w.persons))
    return _wait(item_id, by.absent).join(covered, is_covered).where(t.IS_SHOWN)


def _wait(item_id: ColumnElement[str], on_behalf_of: ColumnElement[str]) -> Select[tuple[Any, ...]]:
    """Return waits as items without a notice."""
    w = t.waiting.c
    return select(
        item_id.label("id"),
        w.course_id,
        null().cast(Uuid).label("notice"),
        null().cast(Text).label("about"),
        null().cast(Text).label("recipient_kind"),
        null().cast(JSONB).label("subject"),
        w.level,
        null().cast(t.notice.c.seen_at.type).label("seen_at"),
        w.since.label("at"),
        w.visit,
        w.key.label("waiting"),
        *_OF_WAITS,
        w.roles,
        _NONE.label("missing"),
        on_behalf_of.label("on_behalf_of"),
    )


def _notified_to_the_absent(covered: CTE, now: datetime) -> Select[tuple[Any, ...]]:
    """Return the absent persons' notices since they left, without waits; a cover's reading leaves them unseen."""
    n, by = t.notice.c, covered.c
    is_covered = and_(by.course_id == n.course_id, n.recipient_kind == AddressKind.PERSON, n.recipient == by.absent)
    since = func.timezone(DANISH_TIME.key, by.since.cast(DateTime))
    return (
        select(
            func.concat(n.notice_id, "/", by.absent).label("id"),
            *_OF_NOTICES,
            *(null().cast(column.type).label(column.name) for column in _OF_WAITS),
            _NONE.label("roles"),
            _NONE.label("missing"),
            by.absent.label("on_behalf_of"),
        )
        .join(covered, is_covered)
        .where(n.waiting.is_(None), n.done_at.is_(None), n.seen_at.is_(None), n.queued_at >= since)
        .where(has_come(now))
    )
