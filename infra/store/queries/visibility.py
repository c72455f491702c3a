"""Which courses exist for a caller, as the one condition that single reads and lists start from (P14)."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, Text, case, cast, exists, false, func, null, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from domain.reach import Reach
from infra.store import tables as t
from infra.store.queries.covers import covering

_COURSE: Final = t.course.c

CALLERS: Final = 256
"""Of how many callers the conditions are kept: to make one anew takes longer than to ask the store by it."""


@lru_cache(CALLERS)
def visible_to(reach: Reach) -> ColumnElement[bool]:
    """Return that a course exists for the caller, in a statement that reads the table of courses."""
    return or_(worked_with_by(reach), *_by_observing(reach))


@lru_cache(CALLERS)
def worked_with_by(reach: Reach) -> ColumnElement[bool]:
    """Return that the caller works with a course, and so reads all of it, in a statement that reads their table."""
    return or_(false(), *_ways_to_work(reach))


@lru_cache(CALLERS)
def concerns(reach: Reach) -> ColumnElement[bool]:
    """Return that a course is the caller's own: he governs its unit, or holds a role in it or covers for one."""
    return or_(governed_by(reach), _holds(reach))


@lru_cache(CALLERS)
def observed_as(reach: Reach) -> ColumnElement[Any]:
    """Return as what kind of observer alone a course exists for the caller, null for one that he works with (P14).

    It is asked of courses that exist for the caller: so one who observes none works with each.
    """
    if not reach.observes_courses:
        return null().label("observed_as")
    o = t.observer.c
    kind = select(o.kind).where(o.course_id == _COURSE.course_id, o.person == reach.person)
    return case((worked_with_by(reach), null()), else_=kind.correlate(t.course).scalar_subquery()).label("observed_as")


def unless_observed(reach: Reach, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column of courses that exist for the caller, null where he only observes one (P14)."""
    if not reach.observes_courses:
        return column
    return case((worked_with_by(reach), column), else_=null())


def governed_by(reach: Reach) -> ColumnElement[bool]:
    """Return that the caller governs the unit of a course, in a statement that reads the table of courses."""
    units = reach.governed_units
    return true() if units is None else _COURSE.unit.in_(units)


@lru_cache(CALLERS)
def readable_name(reach: Reach) -> ColumnElement[Any]:
    """Return the id of the citizen's name where the caller may read it: a protected one who holds the course (P10)."""
    is_readable = or_(~_COURSE.protected, _holds(reach))
    if reach.reads_protected_names:
        is_readable = true()
    return case((is_readable, _COURSE.citizen_text), else_=null()).label("citizen_text")


@lru_cache(CALLERS)
def covered_persons(reach: Reach) -> ColumnElement[Any]:
    """Return for whom the caller is the registered cover in a course."""
    them = covered(reach)
    absent = select(them.c.absent).where(them.c.course_id == _COURSE.course_id).order_by(them.c.absent)
    return cast(func.array(absent.correlate(t.course).scalar_subquery()), ARRAY(Text)).label("covers")


def is_party(person: str) -> ColumnElement[bool]:
    """Return that a person holds a role in a course."""
    p = t.party.c
    return exists().where(p.course_id == _COURSE.course_id, p.person == person).correlate(t.course)


def _by_observing(reach: Reach) -> Iterator[ColumnElement[bool]]:
    if reach.observes_courses:
        o = t.observer.c
        yield exists().where(o.course_id == _COURSE.course_id, o.person == reach.person).correlate(t.course)


def _ways_to_work(reach: Reach) -> Iterator[ColumnElement[bool]]:
    if reach.works_with_every_course:
        yield true()
    elif reach.works_with_courses and reach.units is not None:
        p = t.party.c
        yield _COURSE.unit.in_(reach.units)
        yield exists().where(p.course_id == _COURSE.course_id, p.unit.in_(reach.units)).correlate(t.course)
        yield _holds(reach)


@lru_cache(CALLERS)
def covered(reach: Reach) -> CTE:
    """Return the courses in which the caller covers today, found once for all that a statement asks about them.

    It has no name of its own, for a condition may still have the one that was there before.
    """
    return covering(reach.person, reach.today).cte()


@lru_cache(CALLERS)
def _holds(reach: Reach) -> ColumnElement[bool]:
    """Return that the caller holds a role in a course, or covers for somebody who does."""
    return or_(is_party(reach.person), _COURSE.course_id.in_(select(covered(reach).c.course_id)))
