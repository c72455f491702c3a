"""Escalations: every silent wait that the supervisors were notified of, by unit, kind and who took it (P5, P6)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, and_, case, exists, func, select, true, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by, array

from domain.reach import Reach
from domain.state.waiting import WaitingKind
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.queries.counts import Counted, CountedBy, Counts, counted, counts
from infra.store.queries.unknown_holders import causes
from infra.store.queries.visibility import governed_by
from infra.store.rows import WaitingRow

EscalationCursor = tuple[datetime, UUID]
"""Since when the last wait of a page is, and its escalation."""

_SAME: Final = t.waiting.alias("same")
"""The waits of the escalation of `t.waiting`."""

MISSING: Final = (
    select(func.array_agg(aggregate_order_by(_SAME.c.what, _SAME.c.since, _SAME.c.key)))
    .where(_SAME.c.escalation == t.waiting.c.escalation)
    .correlate(t.waiting)
    .scalar_subquery()
)
"""All that is missing by the cause for which `t.waiting` was escalated, the longest missing first."""


def _of_all(asked: Column[Any]) -> ColumnElement[Any]:
    """Return all whom the waits of the escalation of `t.waiting` ask, each once."""
    each = func.unnest(asked).table_valued("name", name="each")
    of_all = select(each.c.name).distinct().select_from(_SAME.join(each, true())).order_by(each.c.name)
    of_same = of_all.where(_SAME.c.escalation == t.waiting.c.escalation).correlate(t.waiting)
    return func.array(of_same.scalar_subquery(), type_=asked.type)


_IS_ESCALATED: Final = t.waiting.c.escalation.is_not(None)
ROLES: Final = case((_IS_ESCALATED, _of_all(_SAME.c.roles)), else_=t.waiting.c.roles).label("roles")
"""All roles that are asked by the cause for which `t.waiting` was escalated, if it was."""
_PERSONS: Final = _of_all(_SAME.c.persons)
_OF_ALL: Final = (MISSING.label("missing"), ROLES, _PERSONS.label("persons"))
_OF_THE_FIRST: Final = tuple(column for column in t.waiting.c if column.name not in ("roles", "persons"))


@dataclass(frozen=True, slots=True)
class EscalationFilter:
    """Every part that is given must hold at `now`."""

    now: datetime
    unit: str | None = None
    kind: WaitingKind | None = None
    taken: bool | None = None
    overdue: bool | None = None


class EscalationRow(WaitingRow):
    """A silent wait that the supervisors were notified of, with its course and step.

    `missing` are all that are missing by the same cause, `roles` and `persons` all who are asked for them.
    """

    escalation: UUID
    missing: tuple[str, ...]
    unit: str
    reference: str
    citizen: str
    citizen_text: UUID | None
    rules_sha256: str
    step: str | None
    about: None = None
    subject: None = None

    @property
    def waiting(self) -> str:
        """Return the key of the wait, as notices of it have it."""
        return self.key


async def escalations(
    connection: Connection,
    reach: Reach,
    wanted: EscalationFilter,
    limit: int,
    after: EscalationCursor | None = None,
) -> Page[EscalationRow, EscalationCursor]:
    """Return what `wanted` describes in the units that the caller governs, from what follows `after`.

    The longest silent comes first.

    A further page is asked for with the first one's `now`; that one is taken meanwhile moves none to another page.
    """
    w = t.waiting.c
    keys = [w.since, w.escalation]
    return await read_page(
        connection, _listed(reach, wanted), EscalationRow, keys, lambda row: (row.since, row.escalation), limit, after
    )


async def escalation_counts(
    connection: Connection, reach: Reach, wanted: EscalationFilter, by: Collection[CountedBy]
) -> Counts:
    """Return how many escalations the list of `wanted` has, in all and by what is asked for."""
    w, c = t.waiting.c, t.course.c
    each = causes(w.kind, w.course_id, persons=_PERSONS)
    columns = Counted(w.escalation, c.rules_sha256, each, array([t.visit.c.step]), c.unit, _PERSONS)
    return await counts(connection, counted(_listed(reach, wanted), columns), by)


def _listed(reach: Reach, wanted: EscalationFilter) -> Select[tuple[Any, ...]]:
    """Return the first wait of each escalation, with its course and step."""
    w, c, v, same = t.waiting.c, t.course.c, t.visit.c, _SAME.c
    earlier = exists().where(same.escalation == w.escalation, tuple_(same.since, same.key) < tuple_(w.since, w.key))
    of_course = (c.unit, c.reference, c.citizen, t.OPEN_NAME, c.rules_sha256)
    return (
        select(*_OF_THE_FIRST, *_OF_ALL, *of_course, v.step)
        .join(t.course, c.course_id == w.course_id)
        .join(t.visit, and_(v.course_id == w.course_id, v.number == w.visit), isouter=True)
        .where(_IS_ESCALATED, ~earlier, governed_by(reach), *_conditions(wanted))
    )


def _conditions(wanted: EscalationFilter) -> Iterator[ColumnElement[bool]]:
    w, c = t.waiting.c, t.course.c
    if wanted.unit is not None:
        yield c.unit == wanted.unit
    if wanted.kind is not None:
        yield w.kind == wanted.kind
    if wanted.taken is not None:
        yield (w.look_again_at.is_not(None) & (w.look_again_at > wanted.now)) == wanted.taken
    if wanted.overdue is not None:
        yield (w.until.is_not(None) & (w.until < wanted.now)) == wanted.overdue


async def course_of(connection: Connection, reach: Reach, escalation: UUID) -> UUID | None:
    """Return the course of an escalation, also of one that is over, in a unit that the caller governs (P7)."""
    w, j, c = t.waiting.c, t.journal.c, t.course.c
    is_open = select(w.course_id).where(w.escalation == escalation)
    was_taken = select(j.course_id).where(
        j.kind == "escalation_taken", j.detail.op("->>")("escalation") == str(escalation)
    )
    statement = select(c.course_id).where(c.course_id.in_(is_open.union(was_taken)), governed_by(reach))
    return (await connection.execute(statement)).scalar_one_or_none()
