"""The inbox: what somebody must know or do, as one list of waits and notices (P4, P5)."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, select
from sqlalchemy.dialects.postgresql import array

from domain.address import AddressKind
from domain.reach import Reach
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, first_rows, page_of
from infra.store.queries.counts import Counted, CountedBy, Counts, counted, counts
from infra.store.queries.escalations import MISSING, ROLES
from infra.store.queries.inbox_entries import every_entry, first_entries, with_urgency
from infra.store.queries.inbox_item import InboxItem
from infra.store.queries.inbox_reader import AFTER, LIMIT, InboxCursor, InboxReader
from infra.store.queries.unknown_holders import causes
from infra.store.queries.visibility import CALLERS

_N: Final = t.notice.c
_W: Final = t.waiting.c
_TO_MANY: Final = _N.recipient_kind != AddressKind.PERSON
_ROLES: Final = case((_TO_MANY, ROLES), else_=_W.roles).label("roles")
_IS_NOTICE: Final = _N.notice_id.is_not(None)

_OF_NOTICES: Final = tuple(_N[name] for name in ("about", "recipient_kind", "subject", "seen_at"))
_OF_WAITS: Final = tuple(
    _W[name] for name in ("kind", "what", "until", "taken_by", "look_again_at", "waiting_on", "answered_until")
)
_OF_EITHER: Final = tuple(case((_IS_NOTICE, _N[name]), else_=_W[name]).label(name) for name in ("level", "visit"))
_OF_COURSES: Final = (
    t.course.c.reference,
    t.course.c.citizen,
    t.OPEN_NAME,
    t.course.c.rules_sha256,
)


async def inbox(
    connection: Connection, reader: InboxReader, limit: int, after: InboxCursor | None = None
) -> Page[InboxItem, InboxCursor]:
    """Return what the reader must know or do, from the item that follows `after`.

    Nothing of a course that does not exist for the caller is among it (P14).
    The longest overdue comes first, then the newest; a further page is asked for with the first one's `now`.
    A wait that a supervisor has taken comes after all else, until its `look_again_at`. A notice of no wait goes when
    it is seen, the others when the wait is over; what a cover reads for an absent person goes with the absence too.
    """
    statement = _items(reader.reach, goes_on=after is not None, is_shared=reader.shared_with is not None)
    rows = await connection.execute(statement, reader.parameters(limit, after))
    return page_of([InboxItem.read(row) for row in rows], lambda item: (item.urgency, item.id), limit)


@lru_cache(CALLERS)
def _items(reach: Reach, *, goes_on: bool, is_shared: bool) -> Select[Any]:
    """Return the items of a page, and one more; to make the statement takes as long as to ask by it."""
    # Whose courses are shared with somebody are few, and the first of a list may all be others.
    few = every_entry(reach, is_shared=True) if is_shared else first_entries(reach, goes_on=goes_on)
    entries = with_urgency(few).subquery()
    after = AFTER if goes_on else None
    page = first_rows(select(entries), _keys(entries), LIMIT, after, newest_first=True).subquery("page")
    e = page.c
    of_entries = (e.id, e.urgency, e.course_id, e.notice_id.label("notice"), e.at, e.waiting, e.on_behalf_of)
    columns = (*_OF_NOTICES, *_OF_WAITS, *_OF_EITHER, _ROLES, case((_TO_MANY, MISSING)).label("missing"), *_OF_COURSES)
    items = select(*of_entries, *columns).select_from(_joined(page))
    return items.order_by(*(key.desc() for key in _keys(page)))


def _keys(entries: FromClause) -> list[ColumnElement[Any]]:
    return [entries.c.urgency, entries.c.id]


def _joined(entries: FromClause) -> FromClause:
    """Return entries with their notices, waits and courses."""
    e = entries.c
    of_wait = and_(_W.course_id == e.course_id, _W.key == e.waiting)
    with_notices = entries.join(t.notice, _N.notice_id == e.notice_id, isouter=True)
    return with_notices.join(t.waiting, of_wait, isouter=True).join(
        t.course, t.course.c.course_id == e.course_id, isouter=True
    )


async def inbox_counts(connection: Connection, reader: InboxReader, by: Collection[CountedBy]) -> Counts:
    """Return how many items the reader's list has, in all and by what is asked for."""
    entries = every_entry(reader.reach, is_shared=reader.shared_with is not None).subquery("page")
    v = t.visit.c
    e = entries.c
    with_visit = and_(v.course_id == e.course_id, v.number == case((_IS_NOTICE, _N.visit), else_=_W.visit))
    listed = select(e.id).select_from(_joined(entries).join(t.visit, with_visit, isouter=True))
    each = causes(func.coalesce(_W.kind, _N.about), e.course_id, roles=_ROLES)
    columns = Counted(e.id, t.course.c.rules_sha256, each, array([v.step]), t.course.c.unit, _W.persons)
    return await counts(connection, counted(listed, columns), by, reader.parameters())
