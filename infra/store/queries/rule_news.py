"""What courses are moved from one rule set to another, counted by what they follow and did."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.types import Text

from domain.reach import Reach
from domain.state.course import Status
from infra.store import tables as t
from infra.store.bulk_rows import BulkKind, ItemState
from infra.store.engine import Connection
from infra.store.queries.visibility import concerns
from infra.store.rows import StoredRow

_C: Final = t.course.c
_I: Final = t.bulk_item.c
_J: Final = t.journal.c
_RULES: Final = _I.command["rules"].astext.label("rules")
_INSTEAD_OF: Final = _I.command["instead_of"].astext.label("instead_of")
_MOVED: Final = "moved"
_PLANNED: Final = "planned"
_CALLED_OFF: Final = "called_off"
_EFFECT: Final = (
    select(
        case(
            (_J.kind == "course_re_pinned", _MOVED), (_J.detail["rules"].astext.is_(None), _CALLED_OFF), else_=_PLANNED
        ).label("effect")
    )
    .where(
        _J.course_id == _I.course_id,
        _J.revision == _I.revision,
        _J.kind.in_(["course_re_pinned", "re_pin_planned"]),
        _J.detail["act"].astext == _I.bulk_id.cast(Text),
    )
    .correlate(t.bulk_item)
    .limit(1)
    .lateral("effect")
)
"""What an order did to its course; there is none of one that changed nothing."""


class Move(StoredRow):
    """How many courses follow other `rules` from an instant, or `at_next_visit` after it, and did `instead_of`."""

    rules: str
    instead_of: str
    at_next_visit: bool
    begins: datetime
    courses: int


async def moves(connection: Connection, reach: Reach, since: datetime) -> list[Move]:
    """Return how the caller's own running courses were moved since an instant, or will be.

    Of what was done the last order of each course counts, of what waits all that can still be done.
    """
    every = union_all(_done(reach, since), _waiting(reach)).subquery()
    alike = (every.c.rules, every.c.instead_of, every.c.at_next_visit)
    number = func.count(every.c.course_id.distinct()).label("courses")
    statement: Select[tuple[Any, ...]] = select(*alike, func.min(every.c.begins).label("begins"), number)
    rows = await connection.execute(statement.group_by(*alike).order_by(*alike))
    return [Move.read(row) for row in rows]


async def followed(connection: Connection, reach: Reach, rule_sets: Collection[str]) -> set[str]:
    """Return those of some rule sets that a running course of the caller's own follows."""
    if not rule_sets:
        return set()
    statement = select(_C.rules_id).where(_C.rules_id.in_(rule_sets), *_running(reach)).distinct()
    return set(await connection.scalars(statement))


def _done(reach: Reach, since: datetime) -> Select[tuple[Any, ...]]:
    last = (
        _ordered(reach, _I.ended_at, _C.rules_sha256.label("followed"), _EFFECT.c.effect)
        .join(_EFFECT, true())
        .where(_I.state == ItemState.DONE)
        .ext(distinct_on(_I.course_id))
        .order_by(_I.course_id, _I.ended_at.desc(), _I.bulk_id)
        .subquery("last")
    )
    r = last.c
    stands = and_(r.effect == _PLANNED, r.followed == r.instead_of)
    is_new = and_(r.effect != _CALLED_OFF, r.followed == r.rules, r.begins >= since)
    return select(r.course_id, r.rules, r.instead_of, stands.label("at_next_visit"), r.begins).where(
        or_(stands, is_new)
    )


def _waiting(reach: Reach) -> Select[tuple[Any, ...]]:
    is_later = _I.command["at_next_visit"].as_boolean()
    ordered = _ordered(reach, _I.due_at, is_later.label("at_next_visit"))
    rows = ordered.where(_I.state == ItemState.WAITING, _C.rules_sha256 == _I.command["instead_of"].astext).subquery()
    w = rows.c
    return select(w.course_id, w.rules, w.instead_of, w.at_next_visit, w.begins)


def _ordered(reach: Reach, begins: ColumnElement[Any], *more: ColumnElement[Any]) -> Select[tuple[Any, ...]]:
    """Return what re-pins order of the caller's own running courses."""
    return (
        select(_I.course_id, _RULES, _INSTEAD_OF, begins.label("begins"), *more)
        .join(t.bulk_act, (_I.bulk_id == t.bulk_act.c.bulk_id) & (t.bulk_act.c.kind == BulkKind.RE_PIN))
        .join(t.course, _C.course_id == _I.course_id)
        .where(_I.command.is_not(None), *_running(reach))
    )


def _running(reach: Reach) -> list[ColumnElement[bool]]:
    return [_C.status != Status.COMPLETED, concerns(reach)]
