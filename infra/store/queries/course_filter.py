"""Which courses somebody asks for, as conditions on the course's row."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, and_, any_, exists, func, or_, select, union

from domain.identity import Role
from domain.reach import Reach
from domain.state.course import Status
from domain.state.measures import NOT_ENTERED
from domain.state.waiting import WaitingKind
from infra.store import tables as t
from infra.store.queries.unknown_holders import AWAITS_UNKNOWN
from infra.store.queries.visibility import is_party, visible_to, worked_with_by


@dataclass(frozen=True, slots=True)
class CourseFilter:
    """Every part that is given must hold.

    `overdue_at` is the present instant when only overdue courses are asked for. `waiting_for_unit` is the unit in
    whose queue a role lies that is waited for; `waiting_for_unknown` that the directory does not know who holds the
    role. `q` begins the course's or the citizen's reference, or is a part of a
    name that is not protected; `sought` is the same or the P-number of a workplace. `company` is the P-number of a
    workplace of any of its visits, `company_now` of one that is open or expected.
    """

    among: frozenset[UUID] | None = None
    step: str | None = None
    status: Status | None = None
    waiting_for_role: Role | None = None
    waiting_for_person: str | None = None
    waiting_for_unit: str | None = None
    waiting_on: WaitingKind | None = None
    waiting_for_unknown: bool | None = None
    stalled: bool | None = None
    breaches: bool | None = None
    overdue_at: datetime | None = None
    party: str | None = None
    company: str | None = None
    company_now: str | None = None
    q: str | None = None
    sought: str | None = None

    @property
    def asks_for_content(self) -> bool:
        """Say whether it asks for what a course holds, such as its steps, waits and workplaces."""
        of_content = (self.step, self.waiting_for_role, self.waiting_for_person, self.waiting_for_unit, self.waiting_on)
        more = (self.waiting_for_unknown, self.stalled, self.breaches, self.overdue_at, self.company, self.company_now)
        return any(part is not None for part in (*of_content, *more))


def conditions(reach: Reach, wanted: CourseFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on a course's row: it exists for the caller, and is what is asked for.

    Who only observes a course does not find it by what it holds, for that may be more than he reads (P14).
    """
    exists_for_caller = worked_with_by(reach) if wanted.asks_for_content else visible_to(reach)
    return [exists_for_caller, *_own(reach, wanted), *_tied(wanted), *_awaited(wanted)]


def _own(reach: Reach, wanted: CourseFilter) -> Iterator[ColumnElement[bool]]:
    c = t.course.c
    if wanted.among is not None:
        yield c.course_id.in_(wanted.among)
    if wanted.step is not None:
        yield any_(c.steps) == wanted.step
    if wanted.status is not None:
        yield c.status == wanted.status
    if wanted.stalled is not None:
        yield c.is_stalled == wanted.stalled
    if wanted.overdue_at is not None:
        yield c.due_at < wanted.overdue_at
    if wanted.q is not None:
        yield _is_called(wanted.q)
    if wanted.sought is not None:
        yield or_(_is_called(wanted.sought), and_(worked_with_by(reach), _is_at(wanted.sought)))


def _has_breaches() -> ColumnElement[bool]:
    """Return that something of the law was not met in a visit."""
    v = t.visit.c
    return exists().where(v.course_id == t.course.c.course_id, ~v.withdrawn, func.cardinality(v.breaches) > 0)


def _is_called(q: str) -> ColumnElement[bool]:
    """Return that `q` begins a reference or is a part of the citizen's name; a protected name is in no list (P10)."""
    c, named = t.course.c, t.personal_text.c
    by_name = exists().where(named.text_id == c.citizen_text, named["text"].icontains(q, autoescape=True))
    begins = (reference.istartswith(q, autoescape=True) for reference in (c.reference, c.citizen))
    return or_(*begins, and_(~c.protected, by_name))


def _tied(wanted: CourseFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.breaches is not None:
        yield _has_breaches() if wanted.breaches else ~_has_breaches()
    if wanted.party is not None:
        yield is_party(wanted.party)
    if wanted.company is not None:
        yield _is_at(wanted.company)
    if wanted.company_now is not None:
        yield _is_at(wanted.company_now, _still())


def _awaited(wanted: CourseFilter) -> Iterator[ColumnElement[bool]]:
    """Yield one condition for all that is asked about waiting: they must hold of the same wait."""
    w = t.waiting.c
    asked: list[ColumnElement[bool]] = []
    if wanted.waiting_for_role is not None:
        asked.append(any_(w.roles) == wanted.waiting_for_role)
    if wanted.waiting_for_person is not None:
        asked.append(any_(w.persons) == wanted.waiting_for_person)
        yield t.course.c.course_id.in_(_asking(wanted.waiting_for_person))
    if wanted.waiting_for_unit is not None:
        asked.append(_lies_in_queue(wanted.waiting_for_unit))
        p = t.party.c
        yield t.course.c.course_id.in_(select(p.course_id).where(p.unit == wanted.waiting_for_unit))
    if wanted.waiting_on is not None:
        asked.append(w.kind == wanted.waiting_on)
    if wanted.waiting_for_unknown is not None:
        asked.append(AWAITS_UNKNOWN if wanted.waiting_for_unknown else ~AWAITS_UNKNOWN)
    if asked:
        yield exists().where(w.course_id == t.course.c.course_id, t.IS_SHOWN, *asked).correlate(t.course)


def _asking(person: str) -> CompoundSelect[tuple[UUID]]:
    """Return the courses that may wait for a person, who holds a role in them or covers for a holder.

    They are found by indexes, which no condition on an array has behind the walls.
    """
    p, n = t.party.c, t.absence_cover.c
    covering = select(p.course_id).join(t.absence_cover, n.person_id == p.person).where(n.cover == person)
    return union(select(p.course_id).where(p.person == person), covering)


def _lies_in_queue(unit: str) -> ColumnElement[bool]:
    p = t.party.c
    return exists().where(
        p.course_id == t.waiting.c.course_id,
        p.role == any_(t.waiting.c.roles),
        p.person.is_(None),
        p.unit == unit,
    )


def _is_at(p_number: str, *besides: ColumnElement[bool]) -> ColumnElement[bool]:
    w = t.workplace.c
    return exists().where(w.course_id == t.course.c.course_id, w.p_number == p_number, *besides)


def _still() -> ColumnElement[bool]:
    """Return that a course that is not completed has an open visit to the workplace, or expects one."""
    w, v = t.workplace.c, t.visit.c
    is_open = exists().where(v.course_id == w.course_id, v.number == w.visit, v.left_at.is_(None))
    return and_(t.course.c.status != Status.COMPLETED, or_(w.visit == NOT_ENTERED, is_open))
