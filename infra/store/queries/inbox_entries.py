"""What stands in an inbox: notices and waits as entries that say no more than where they come in the list (P4, P5).

The store keeps with each open notice what its place depends on, so a page is read from indexes: of each address no
more than fits on it.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    DateTime,
    Numeric,
    Select,
    and_,
    any_,
    bindparam,
    case,
    exists,
    extract,
    func,
    literal,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text, Uuid

from domain.address import AddressKind
from domain.calendar import DANISH_TIME
from domain.reach import Reach
from infra.store import tables as t
from infra.store.queries.inbox_reader import AFTER, BEYOND, LIMIT, NOW
from infra.store.queries.notices import has_come, is_listed
from infra.store.queries.visibility import covered, worked_with_by
from infra.store.tables.base import INSTANT

_N: Final = t.notice.c
_W: Final = t.waiting.c
_OTHER: Final = t.notice.alias("other")
_NEVER: Final = null().cast(INSTANT)
_NOTHING: Final = null().cast(Uuid)
_NOBODY: Final = null().cast(Text)


def with_urgency(entries: Select[Any]) -> Select[Any]:
    """Return entries with their `urgency`: the longest overdue, then the newest, and what is taken after all else."""
    rows = entries.subquery("entries")
    e, beyond = rows.c, literal(BEYOND, Numeric)
    untaken = case((e.until < NOW, beyond - extract("epoch", e.until)), else_=extract("epoch", e.at))
    return select(rows, case((e.look_again_at > NOW, untaken - 2 * beyond), else_=untaken).label("urgency"))


def every_entry(reach: Reach, *, is_shared: bool) -> Select[Any]:
    """Return all entries of a reader's list."""
    lists = _lists()
    notified = _NOTIFIED.select_from(t.notice.join(lists, _is_in(lists))).where(*_stands(reach, is_shared=is_shared))
    return select(union_all(notified, *_without_address(reach, is_shared=is_shared)).subquery())


def first_entries(reach: Reach, *, goes_on: bool) -> Select[Any]:
    """Return entries among which is the first page, or that after the cursor, and one more.

    Where so many are overdue no newer notice is on the page; what is taken is looked at where nothing else is left.
    """
    is_later = _N.notice_id.cast(Text) < AFTER[1]
    until, at = bindparam("until", type_=INSTANT), bindparam("at", type_=INSTANT)
    overdue_follows = and_(_N.until >= until, or_(_N.until > until, is_later)) if goes_on else true()
    other_follows = and_(_N.queued_at <= at, or_(_N.queued_at < at, is_later)) if goes_on else true()
    is_untaken = or_(_N.look_again_at.is_(None), _N.look_again_at <= NOW)
    is_overdue = (is_untaken, _N.until < NOW, overdue_follows)
    is_newer = (is_untaken, or_(_N.until.is_(None), _N.until >= NOW), other_follows)
    overdue = _of_each_list(reach, is_overdue, _N.until).cte("overdue")
    newest = _of_each_list(reach, is_newer, _N.queued_at.desc()).where(_number(overdue) <= LIMIT).cte("newest")
    is_taken = (_N.look_again_at > NOW, _number(overdue) + _number(newest) <= LIMIT)
    taken = _of_each_list(reach, is_taken, None)
    others = _without_address(reach, is_shared=False)
    return select(union_all(select(overdue), select(newest), taken, *others).subquery())


def _number(entries: CTE) -> ColumnElement[int]:
    return select(func.count()).select_from(entries).scalar_subquery()


def _entry(
    id_: ColumnElement[str],
    course: ColumnElement[Any],
    waiting: ColumnElement[Any],
    at: ColumnElement[datetime],
    *,
    notice: ColumnElement[Any] = _NOTHING,
    until: ColumnElement[Any] = _NEVER,
    look_again_at: ColumnElement[Any] = _NEVER,
    on_behalf_of: ColumnElement[Any] = _NOBODY,
) -> Select[Any]:
    columns = {
        "id": id_,
        "course_id": course,
        "notice_id": notice,
        "waiting": waiting,
        "at": at,
        "until": until,
        "look_again_at": look_again_at,
        "on_behalf_of": on_behalf_of,
    }
    return select(*(column.label(name) for name, column in columns.items()))


_NOTIFIED: Final = _entry(
    _N.notice_id.cast(Text),
    _N.course_id,
    _N.waiting,
    _N.queued_at,
    notice=_N.notice_id,
    until=_N.until,
    look_again_at=_N.look_again_at,
)


def _of_each_list(
    reach: Reach, is_so: Collection[ColumnElement[bool]], first: ColumnElement[Any] | None
) -> Select[Any]:
    """Return of each list the notices of which `is_so`: the `first` ones, or all."""
    lists = _lists()
    notices = _NOTIFIED.where(_is_in(lists), *_stands(reach, is_shared=False), *is_so)
    if first is not None:
        notices = notices.order_by(first, _N.notice_id.desc()).limit(LIMIT + 1)
    of_one = notices.correlate(lists).lateral("of_one")
    return select(of_one).select_from(lists.join(of_one, true()))


def _lists() -> Any:  # noqa: ANN401 - A table of the query's own.
    columns: dict[str, Any] = {"kinds": Text, "names": Text, "told": Boolean}
    arrays = (bindparam(name, type_=ARRAY(kind)) for name, kind in columns.items())
    return func.unnest(*arrays).table_valued("kind", "name", "told", name="list").render_derived()


def _is_in(lists: Any) -> ColumnElement[bool]:  # noqa: ANN401 - As above.
    of_list = (_N.recipient_kind == lists.c.kind, _N.recipient == lists.c.name)
    return and_(*of_list, _N.told_supervisors == lists.c.told)


def _is_read(notice: Any) -> ColumnElement[bool]:  # noqa: ANN401 - The table or an alias of it.
    """Return that a notice is to an address of the reader."""
    lists = _lists().alias("address")
    return tuple_(notice.c.recipient_kind, notice.c.recipient).in_(select(lists.c.kind, lists.c.name))


def _stands(reach: Reach, *, is_shared: bool) -> Iterator[ColumnElement[bool]]:
    """Yield that a notice stands in a reader's list: its wait goes on, or it is unseen, and no other is in its place.

    Of the notices of one item the newest stands, and one to supervisors before all others.
    """
    yield from (_N.done_at.is_(None), ~_N.superseded, has_come(NOW), is_listed())
    yield from _reads(reach, _N.course_id, is_shared=is_shared)
    o = _OTHER.c
    theirs, its = (table.c.recipient_kind == AddressKind.SUPERVISORS for table in (_OTHER, t.notice))
    comes_first = tuple_(theirs, o.queued_at, _N.notice_id) > tuple_(its, _N.queued_at, o.notice_id)
    is_same = (o.course_id == _N.course_id, o.item == _N.item, o.done_at.is_(None), ~o.superseded)
    other = exists().where(*is_same, _is_read(_OTHER), comes_first).correlate(t.notice)
    yield or_(~_N.told_others, ~other)


def _reads(reach: Reach, course: ColumnElement[Any], *, is_shared: bool) -> Iterator[ColumnElement[bool]]:
    """Yield that the reader works with a course, if it is one, and shares it if that is asked for."""
    if not reach.works_with_every_course:
        of_course = exists().where(t.course.c.course_id == course, worked_with_by(reach))
        yield or_(course.is_(None), of_course.correlate_except(t.course))
    if is_shared:
        p = t.party.c
        yield course.in_(select(p.course_id).where(p.person == bindparam("shared_with", type_=Text)))


def _without_address(reach: Reach, *, is_shared: bool) -> Iterator[Select[Any]]:
    """Yield what is in a reader's list but for the notices to the addresses."""
    them = covered(reach)
    for entries, course in (
        (_waits_of(reach.person), _W.course_id),
        (_waits_of_the_absent(them), _W.course_id),
        (_notified_to_the_absent(them), _N.course_id),
    ):
        yield entries.where(*_reads(reach, course, is_shared=is_shared))


def _waits_of(person: str) -> Select[Any]:
    """Return the waits for a person without an open notice; who is waited for holds a role in the course.

    The courses in which he does are found by their index, which no condition on an array has behind the walls.
    """
    p = t.party.c
    is_his = _W.course_id.in_(select(p.course_id).where(p.person == person))
    is_notified = exists().where(
        _N.course_id == _W.course_id, _N.waiting == _W.key, _N.done_at.is_(None), _is_read(t.notice)
    )
    waits = _wait(func.concat(_W.course_id, "/", _W.key))
    return waits.where(is_his, any_(_W.persons) == person, t.IS_SHOWN, ~is_notified)


def _waits_of_the_absent(them: CTE) -> Select[Any]:
    """Return the waits for those absent: whom they wait for is asked of today, not of the last time that they woke."""
    by = them.c
    waits = _wait(func.concat(_W.course_id, "/", _W.key, "/", by.absent), by.absent)
    is_covered = and_(by.course_id == _W.course_id, by.absent == any_(_W.persons))
    return waits.join(them, is_covered).where(t.IS_SHOWN)


def _wait(id_: ColumnElement[str], on_behalf_of: ColumnElement[Any] = _NOBODY) -> Select[Any]:
    return _entry(id_, _W.course_id, _W.key, _W.since, until=_W.until, on_behalf_of=on_behalf_of)


def _notified_to_the_absent(them: CTE) -> Select[Any]:
    """Return the absent persons' notices since they left, without waits; a cover's reading leaves them unseen."""
    by = them.c
    id_, since = func.concat(_N.notice_id, "/", by.absent), func.timezone(DANISH_TIME.key, by.since.cast(DateTime))
    notices = _entry(id_, _N.course_id, _N.waiting, _N.queued_at, notice=_N.notice_id, on_behalf_of=by.absent)
    is_theirs = and_(by.course_id == _N.course_id, _N.recipient_kind == AddressKind.PERSON, _N.recipient == by.absent)
    is_unread = (_N.waiting.is_(None), _N.done_at.is_(None), _N.seen_at.is_(None), has_come(NOW))
    return notices.join(them, is_theirs).where(*is_unread, _N.queued_at >= since)
