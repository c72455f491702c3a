"""What happened in somebody's courses since an instant: one question to the journal for all of them (P13, P14)."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, exists, func, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from domain.identity import GATE_ROLES
from domain.reach import Reach
from domain.state.course import Status
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.journal import JournalEntry
from infra.store.queries.visibility import is_party, readable_name, worked_with_by
from infra.store.rows import StoredRow, VisitRow, WaitingRow

MOST_EVENTS: Final = 40
"""How many of the newest events of one course are read at most."""

_OF_ANYBODY: Final = ("facts_reported", "fact_retracted", "note_retracted")
"""What the person's own too tell of what the others reported: whether it still counts."""

_TOLD: Final = frozenset(
    {
        *("course_started", "course_completed", "course_reopened", "course_paused", "course_resumed"),
        *("party_assigned", "roles_shared", "roles_separated", "observer_added", "observer_removed"),
        *("visit_left", "visit_branched", "visit_reopened", "visit_withdrawn", "went_ahead", "requirement_waived"),
        *("facts_reported", "fact_retracted", "basis_corrected", "note_added", "note_retracted"),
        *("proposals_reviewed", "briefing_disputed", "dispute_ended", "wait_answered", "escalation_taken"),
        *("appointment_made", "appointment_cancelled", "appointment_declined", "appointment_accepted"),
        *("company_told", "sheet_stopped"),
    }
)
"""What people did or what became of the course; a step begins by what is told of the one before."""


class HeldCourse(StoredRow):
    """A course in which the caller holds a role, and who holds the others; the name where the caller may read it."""

    course_id: UUID
    reference: str
    unit: str
    citizen_text: UUID | None
    status: Status
    steps: tuple[str, ...]
    started_on: date
    updated_at: datetime
    rules_sha256: str
    holders: tuple[str, ...]


class Happening(JournalEntry):
    """A row of the journal of one of several courses, and how many of them its course has."""

    course_id: UUID
    happened: int


async def held_courses(connection: Connection, reach: Reach, since: datetime, at_most: int) -> list[HeldCourse]:
    """Return the courses in which the caller holds a role, those not completed and those that changed since."""
    c, p = t.course.c, t.party.c
    holders = select(p.person).where(p.course_id == c.course_id, p.role.in_(GATE_ROLES), p.person.is_not(None))
    of_course = (c.course_id, c.reference, c.unit, c.status, c.steps, c.started_on, c.updated_at, c.rules_sha256)
    statement = (
        select(
            *of_course,
            readable_name(reach),
            type_coerce(func.array(holders.correlate(t.course).scalar_subquery()), ARRAY(Text)).label("holders"),
        )
        .where(is_party(reach.person), worked_with_by(reach))
        .where(or_(c.status != Status.COMPLETED, c.updated_at >= since))
        .order_by(c.updated_at.desc(), c.course_id)
        .limit(at_most)
    )
    return [HeldCourse.read(row) for row in await connection.execute(statement)]


async def happenings(
    connection: Connection, courses: Collection[UUID], person: str, since: datetime
) -> list[Happening]:
    """Return what others did in some courses since an instant, and what they acknowledged for a person, in order.

    With it come the person's own reports and retractions, by which it is known what still counts.
    """
    j = t.journal.c
    is_told = j.kind.in_(_TOLD) & or_(j.actor != person, j.kind.in_(_OF_ANYBODY))
    is_for_person = (j.kind == "briefing_acknowledged") & (j.detail["person"].astext == person)
    newest = func.row_number().over(partition_by=j.course_id, order_by=j.position.desc()).label("newest")
    each = (
        select(*t.journal.c, newest, func.count().over(partition_by=j.course_id).label("happened"))
        .where(j.course_id.in_(courses), j.at >= since, or_(is_told, is_for_person & (j.actor != person)))
        .subquery()
    )
    statement = select(each).where(each.c.newest <= MOST_EVENTS).order_by(each.c.position)
    return [Happening.read(row) for row in await connection.execute(statement)]


async def statements_made(
    connection: Connection, courses: Collection[UUID], entries: Collection[UUID]
) -> list[JournalEntry]:
    """Return where some facts and notes of some courses were reported, whenever that was."""
    if not entries:
        return []
    j, named = t.journal.c, [str(entry) for entry in entries]
    fact = func.jsonb_array_elements(j.detail["facts"], type_=JSONB).column_valued("fact")
    reported = exists(select(fact).where(fact["id"].astext.in_(named)))
    statement = select(t.journal).where(
        j.course_id.in_(courses),
        or_(
            (j.kind == "facts_reported") & reported,
            (j.kind == "note_added") & j.detail["note"]["id"].astext.in_(named),
        ),
    )
    return [JournalEntry.read(row) for row in await connection.execute(statement)]


async def visits_of(connection: Connection, courses: Collection[UUID]) -> list[VisitRow]:
    """Return every visit of some courses, in order."""
    v = t.visit.c
    result = await connection.execute(select(t.visit).where(v.course_id.in_(courses)).order_by(v.course_id, v.number))
    return [VisitRow.read(row) for row in result]


async def waits_of(connection: Connection, courses: Collection[UUID], person: str) -> list[WaitingRow]:
    """Return what waits for a person in some courses, the earliest due first."""
    w = t.waiting.c
    statement = (
        select(t.waiting)
        .where(w.course_id.in_(courses), any_(w.persons) == person, t.IS_SHOWN)
        .order_by(w.until.asc().nulls_last(), w.since, w.key)
    )
    return [WaitingRow.read(row) for row in await connection.execute(statement)]
