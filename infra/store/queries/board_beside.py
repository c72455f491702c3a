"""What stands beside the courses of a board: who holds them and is away, who touched them last, who was informed."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, case, func, null, select, true
from sqlalchemy.types import Text

from domain.identity import ENGINE, GATE_ROLES, Role
from domain.reach import Reach
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.queries.covers import covers_by_course, lasts_until
from infra.store.queries.visibility import governed_by
from infra.store.rows import StoredRow

_FIRST: Final = t.visit.alias("first")
_SEEN: Final = "notice_seen"
"""The event by which somebody has only read something."""


class HolderRow(StoredRow):
    """Who holds a role in a course, a person or a unit's queue; since and until when away today, and who covers."""

    course_id: UUID
    role: Role
    person: str | None
    unit: str | None
    phone: str | None
    away_since: date | None
    away_until: date | None
    cover: str | None


class Touched(StoredRow):
    """When somebody did something in a course last, and who."""

    course_id: UUID
    at: datetime
    actor: str


class Informed(StoredRow):
    """How many visits to a step were entered, and how many of them once both were informed; `rules` are of one."""

    step: str
    rules: str
    visits: int
    informed: int


async def holders(connection: Connection, courses: Collection[UUID], today: date) -> list[HolderRow]:
    """Return who holds the two roles in some courses."""
    p, a, of_person = t.party.c, t.absence.c, t.person.c
    away = covers_by_course(today, a.since <= today, lasts_until(today), p.course_id.in_(courses)).subquery("away")
    acting = case((away.c.holds_a_role.is_(False), away.c.cover), else_=null().cast(Text)).label("cover")
    of_absence = (a.since.label("away_since"), a.until.label("away_until"))
    statement: Select[Any] = (
        select(p.course_id, p.role, p.person, p.unit, of_person.phone, *of_absence, acting)
        .join(t.person, of_person.person_id == p.person, isouter=True)
        .join(away, and_(away.c.course_id == p.course_id, away.c.absent == p.person), isouter=True)
        .join(t.absence, and_(a.person_id == away.c.absent, a.since == away.c.since), isouter=True)
        .where(p.course_id.in_(courses), p.role.in_(GATE_ROLES))
        .order_by(p.course_id, p.role)
    )
    return [HolderRow.read(row) for row in await connection.execute(statement)]


async def touched(connection: Connection, courses: Collection[UUID]) -> dict[UUID, Touched]:
    """Return when somebody did something last in each of some courses; what time alone did is not counted."""
    c, j = t.course.c, t.journal.c
    newest = (
        select(j.at, j.actor)
        .where(j.course_id == c.course_id, j.actor != ENGINE, j.kind != _SEEN)
        .order_by(j.epoch.desc(), j.revision.desc(), j.seq.desc())
        .limit(1)
        .correlate(t.course)
        .lateral("newest")
    )
    statement: Select[Any] = (
        select(c.course_id, newest.c.at, newest.c.actor).join(newest, true()).where(c.course_id.in_(courses))
    )
    return {row.course_id: Touched.read(row) for row in await connection.execute(statement)}


async def informed(connection: Connection, reach: Reach, unit: str | None, since: datetime) -> list[Informed]:
    """Return of each step entered from an instant on how often both were informed before, in units that are governed.

    The first steps of a course, before which nobody could be informed, are left out, and so is what was withdrawn.
    Visits are numbered as they are entered; their course is read only where the unit is asked about.
    """
    v, c, f = t.visit.c, t.course.c, _FIRST.c
    follows = and_(f.course_id == v.course_id, f.number == 1, f.entered_at < v.entered_at)
    was_informed = func.count().filter(~v.went_ahead).label("informed")
    one = func.any_value(v.course_id).label("one")
    entered = select(v.step, one, func.count().label("visits"), was_informed).join(_FIRST, follows)
    if unit is not None or reach.governed_units is not None:
        entered = entered.join(t.course, c.course_id == v.course_id).where(governed_by(reach))
    if unit is not None:
        entered = entered.where(c.unit == unit)
    counted = entered.where(v.entered_at >= since, ~v.withdrawn, v.number > 1).group_by(v.step).subquery("counted")
    statement: Select[Any] = (
        select(counted.c.step, c.rules_sha256.label("rules"), counted.c.visits, counted.c.informed)
        .join(t.course, c.course_id == counted.c.one)
        .order_by(counted.c.step)
    )
    return [Informed.read(row) for row in await connection.execute(statement)]
