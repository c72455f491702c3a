"""The inbox by its plain definition: every open notice beside its wait, sorted as a whole; pages are held to it."""

from collections.abc import Collection
from datetime import datetime
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
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, distinct_on
from sqlalchemy.types import Text, Uuid

from domain.address import Address, AddressKind
from domain.calendar import DANISH_TIME
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.covers import covering
from infra.store.queries.escalations import MISSING, ROLES
from infra.store.queries.inbox_item import InboxItem
from infra.store.queries.inbox_reader import InboxReader
from infra.store.queries.notices import has_come
from infra.store.queries.visibility import worked_with_by

_OVERDUE: Final = literal(100_000_000_000, Numeric)
_OF_NOTICES: Final = (
    t.notice.c.course_id,
    t.notice.c.notice_id.label("notice"),
    *(t.notice.c[name] for name in ("about", "recipient_kind", "subject", "level", "seen_at")),
    t.notice.c.queued_at.label("at"),
    t.notice.c.visit,
    t.notice.c.waiting,
)
_OF_WAITS: Final = tuple(
    t.waiting.c[name] for name in ("kind", "what", "until", "taken_by", "look_again_at", "waiting_on", "answered_until")
)
_TO_SUPERVISORS: Final = t.notice.c.recipient_kind == AddressKind.SUPERVISORS
_TO_MANY: Final = t.notice.c.recipient_kind != AddressKind.PERSON
_NONE: Final = null().cast(ARRAY(Text))


async def plain_inbox(connection: Connection, reader: InboxReader) -> list[InboxItem]:
    """Return the whole of a reader's list in its order."""
    covered = covering(reader.reach.person, reader.reach.today).cte("covered")
    own = (_notified(reader), _waits_of(reader))
    items = union_all(*own, _waits_of_the_absent(covered), _notified_to_the_absent(covered, reader.now)).subquery()
    overdue = _OVERDUE - extract("epoch", items.c.until)
    untaken = case((items.c.until < reader.now, overdue), else_=extract("epoch", items.c.at))
    is_taken = and_(items.c.look_again_at > reader.now, items.c.recipient_kind == AddressKind.SUPERVISORS)
    urgency = case((is_taken, untaken - 2 * _OVERDUE), else_=untaken).label("urgency")
    c, p = t.course.c, t.party.c
    listed = (
        select(items, urgency, c.reference, c.citizen, t.OPEN_NAME, c.rules_sha256, c.unit)
        .join(t.course, c.course_id == items.c.course_id, isouter=True)
        .where(or_(items.c.course_id.is_(None), worked_with_by(reader.reach)))
        .order_by(urgency.desc(), items.c.id.desc())
    )
    if reader.shared_with is not None:
        listed = listed.where(items.c.course_id.in_(select(p.course_id).where(p.person == reader.shared_with)))
    return [InboxItem.read(row) for row in await connection.execute(listed)]


def _is_open(addresses: Collection[Address], now: datetime) -> ColumnElement[bool]:
    n = t.notice.c
    recipients = tuple_(n.recipient_kind, n.recipient).in_([(address.kind, address.name) for address in addresses])
    is_listed = or_(n.waiting.is_not(None), n.seen_at.is_(None))
    is_for_cover = func.coalesce(n.subject["for_cover"].as_boolean(), False)
    return and_(recipients, has_come(now), n.done_at.is_(None), is_listed, ~is_for_cover)


def _notified(reader: InboxReader) -> Select[Any]:
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
        .where(_is_open(reader.addresses, reader.now))
        .order_by(*of_one_wait, _TO_SUPERVISORS.desc(), n.queued_at.desc(), n.notice_id)
    )


def _waits_of(reader: InboxReader) -> Select[Any]:
    n, w, p, person = t.notice.c, t.waiting.c, t.party.c, reader.reach.person
    is_his = w.course_id.in_(select(p.course_id).where(p.person == person))
    is_open = _is_open(reader.addresses, reader.now)
    is_notified = exists().where(n.course_id == w.course_id, n.waiting == w.key, is_open)
    waits = _wait(func.concat(w.course_id, "/", w.key), null().cast(Text))
    return waits.where(is_his, any_(w.persons) == person, t.IS_SHOWN, ~is_notified)


def _waits_of_the_absent(covered: CTE) -> Select[Any]:
    w, by = t.waiting.c, covered.c
    item_id = func.concat(w.course_id, "/", w.key, "/", by.absent)
    is_covered = and_(by.course_id == w.course_id, by.absent == any_(w.persons))
    return _wait(item_id, by.absent).join(covered, is_covered).where(t.IS_SHOWN)


def _wait(item_id: ColumnElement[str], on_behalf_of: ColumnElement[str]) -> Select[Any]:
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


def _notified_to_the_absent(covered: CTE, now: datetime) -> Select[Any]:
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
