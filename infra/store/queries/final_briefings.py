"""Versions of briefings that are used up: by one a visit was left, or other steps were begun beside it.

Nothing is stored for it. It follows from the event that used the version up, and no later event uses it up again (P7).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, select, tuple_

from domain.events import BriefingIssued, VisitBranched, VisitLeft
from domain.identity import GATE_ROLES, Role
from domain.model import Model
from domain.state.briefing import Receipt
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.journal import JournalEntry, of_kinds
from infra.store.rows import ReceiptRow

FINAL: Final = "briefing.final"
"""The kind of the feed entry for a version that is used up; it is no event of the course."""

_USING_UP: Final = ("visit_left", "visit_branched")
_UsedUp = tuple[UUID, int, int]


class FinalBriefing(Model):
    """A version that is used up: which step it led on from, its digest, and who was informed of it."""

    step: str
    ordinal: int
    version: int
    digest: str | None
    receipts: tuple[Receipt, ...]

    @property
    def missing(self) -> tuple[Role, ...]:
        """Return the roles that had not acknowledged it when the course was closed at another visit."""
        informed = {receipt.role for receipt in self.receipts}
        return tuple(role for role in GATE_ROLES if role not in informed)


def uses_up() -> ColumnElement[int]:
    """Return 1 for a row of the journal by which a version is used up for the first time, else 0."""
    j, earlier = t.journal.c, t.journal.alias("earlier")
    version = j.detail["version"].as_integer()
    before = (
        exists()
        .where(
            earlier.c.course_id == j.course_id,
            earlier.c.visit == j.visit,
            earlier.c.kind.in_(_USING_UP),
            earlier.c.detail["version"].as_integer() == version,
            earlier.c.position < j.position,
        )
        .correlate(t.journal)
    )
    return case((and_(j.kind.in_(_USING_UP), version > 0, ~before), 1), else_=0)


async def used_up(connection: Connection, course: UUID, visit: int) -> dict[int, datetime]:
    """Return when each version of a visit's briefing was used up, but for those of which it is erased."""
    times: dict[int, datetime] = {}
    for entry in await of_kinds(connection, course, _USING_UP, visit):
        if isinstance(entry.event, VisitLeft | VisitBranched):
            times.setdefault(entry.event.version, entry.at)
    return times


async def final_briefings_of(
    connection: Connection, entries: Iterable[tuple[UUID, JournalEntry]]
) -> dict[tuple[UUID, int], FinalBriefing]:
    """Return, by course and position, the final briefings of the versions that rows of the journal have used up."""
    ended = {(course, entry.position): entry.event for course, entry in entries}
    places = {
        place: (place[0], event.visit, event.version)
        for place, event in ended.items()
        if isinstance(event, VisitLeft | VisitBranched)
    }
    if not places:
        return {}
    steps = {(row.course_id, row.number): row for row in await connection.execute(_steps(places.values()))}
    digests = await _digests(connection, places.values())
    receipts = await _receipts(connection, places.values())
    return {
        place: FinalBriefing(
            step=steps[used[:2]].step,
            ordinal=steps[used[:2]].ordinal,
            version=used[2],
            digest=digests.get(used),
            receipts=tuple(receipts.get(used, ())),
        )
        for place, used in places.items()
    }


def _steps(used: Iterable[_UsedUp]) -> Select[tuple[Any, ...]]:
    v = t.visit.c
    visits = [(course, visit) for course, visit, _ in used]
    return select(v.course_id, v.number, v.step, v.ordinal).where(tuple_(v.course_id, v.number).in_(visits))


async def _digests(connection: Connection, used: Iterable[_UsedUp]) -> dict[_UsedUp, str]:
    j = t.journal.c
    place = tuple_(j.course_id, j.visit, j.detail["version"].as_integer())
    statement = select(t.journal).where(j.kind == "briefing_issued", place.in_(list(used)))
    rows = [(row.course_id, JournalEntry.read(row).event) for row in await connection.execute(statement)]
    issued = [(course, event) for course, event in rows if isinstance(event, BriefingIssued)]
    return {(course, event.visit, event.version): event.digest for course, event in issued}


async def _receipts(connection: Connection, used: Iterable[_UsedUp]) -> dict[_UsedUp, list[Receipt]]:
    r = t.receipt.c
    place = tuple_(r.course_id, r.visit, r.version)
    statement = select(t.receipt).where(place.in_(list(used)), r.acknowledged_at.is_not(None)).order_by(r.role)
    result: dict[_UsedUp, list[Receipt]] = {}
    for row in [ReceiptRow.read(row) for row in await connection.execute(statement)]:
        result.setdefault((row.course_id, row.visit, row.version), []).append(row.receipt)
    return result
