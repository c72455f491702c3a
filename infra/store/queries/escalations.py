"""Escalations: every silent wait that the supervisors were notified of, by unit, kind and who took it (P5, P6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from domain.state.waiting import WaitingKind
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.rows import WaitingRow

EscalationCursor = tuple[datetime, UUID]
"""Since when the last wait of a page is, and its escalation."""


@dataclass(frozen=True, slots=True)
class EscalationFilter:
    """Every part that is given must hold at `now`; `units` are those in sight, all when it is None."""

    now: datetime
    units: frozenset[str] | None = None
    unit: str | None = None
    kind: WaitingKind | None = None
    taken: bool | None = None
    overdue: bool | None = None


class EscalationRow(WaitingRow):
    """A silent wait that the supervisors were notified of, with its course and step."""

    escalation: UUID
    unit: str
    reference: str
    citizen: str
    citizen_text: UUID | None
    rules_sha256: str
    step: str | None


async def escalations(
    connection: Connection, wanted: EscalationFilter, limit: int, after: EscalationCursor | None = None
) -> Page[EscalationRow, EscalationCursor]:
    """Return what `wanted` describes, the longest silent first, from the one that follows `after`.

    A further page is asked for with the first one's `now`; that one is taken meanwhile moves none to another page.
    """
    w, c, v = t.waiting.c, t.course.c, t.visit.c
    statement = (
        select(t.waiting, c.unit, c.reference, c.citizen, t.OPEN_NAME, c.rules_sha256, v.step)
        .join(t.course, c.course_id == w.course_id)
        .join(t.visit, and_(v.course_id == w.course_id, v.number == w.visit), isouter=True)
        .where(w.escalation.is_not(None), *_conditions(wanted))
    )
    keys = [w.since, w.escalation]
    return await read_page(
        connection, statement, EscalationRow, keys, lambda row: (row.since, row.escalation), limit, after
    )


def _conditions(wanted: EscalationFilter) -> Iterator[ColumnElement[bool]]:
    w, c = t.waiting.c, t.course.c
    if wanted.units is not None:
        yield c.unit.in_(wanted.units)
    if wanted.unit is not None:
        yield c.unit == wanted.unit
    if wanted.kind is not None:
        yield w.kind == wanted.kind
    if wanted.taken is not None:
        yield (w.look_again_at.is_not(None) & (w.look_again_at > wanted.now)) == wanted.taken
    if wanted.overdue is not None:
        yield (w.until.is_not(None) & (w.until < wanted.now)) == wanted.overdue


async def course_of(connection: Connection, escalation: UUID) -> tuple[UUID, str] | None:
    """Return the course of an escalation and its unit, also of one that was taken and is over (P7)."""
    w, j, c = t.waiting.c, t.journal.c, t.course.c
    stands = select(w.course_id).where(w.escalation == escalation)
    stood = select(j.course_id).where(j.kind == "escalation_taken", j.detail.op("->>")("escalation") == str(escalation))
    statement = select(c.course_id, c.unit).where(c.course_id.in_(stands.union(stood)))
    row = (await connection.execute(statement)).one_or_none()
    return (row.course_id, row.unit) if row else None
