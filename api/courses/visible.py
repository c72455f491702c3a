"""The course that a request is about, if it exists for the caller; for all others it does not exist at all (P14)."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Path, Request

from api.http.access import allowed_roles, expect_governs
from api.http.caller import Caller, act_as, reach_of
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices, Services
from api.http.problems import ProblemError, wrong
from domain.errors import Code
from domain.identity import Role
from infra.security.tokens import Claims
from infra.store.queries import courses
from infra.store.queries.courses import VisibleCourse
from infra.store.rows import CourseRow
from rules.engine.reads import reads_of

_READING: Final = frozenset({"GET", "HEAD"})
_Course = Annotated[UUID, Path(description="The course's id, as starting or finding it gave it.")]


async def readable_course(services: Services, caller: Claims, course: UUID) -> VisibleCourse | None:
    """Return a course as the caller may read it, None when it does not exist for him: all views are made of this.

    Who works with it reads the whole; who only observes it what the rules let his kind read (P14).
    """
    reach = reach_of(caller, services.clock.now())
    async with services.store.municipality(caller.municipality) as connection:
        visible = await courses.visible_course(connection, reach, course)
    if visible is None or visible.row.observed_as is None:
        return visible
    book = await services.rulebooks.book(caller.municipality, visible.row.rules_sha256)
    return visible.read_by(reads_of(book.rule_set, visible.row.observed_as, caller.person))


async def _visible_course(course: _Course, request: Request, services: GivenServices, caller: Caller) -> VisibleCourse:
    """Return the course; raises ProblemError 404 when it does not exist for the caller, or has been erased.

    And 403 where the route is for none of the roles that the caller has in it (P14).
    """
    visible = await readable_course(services, caller, course)
    if visible is None:
        raise ProblemError(Code.COURSE_NOT_FOUND)
    expect_allowed(request, visible.row, visible.roles)
    act_as(request, visible.roles)
    request.state.course_id = str(course)
    return visible


def expect_allowed(request: Request, row: CourseRow, roles: frozenset[Role]) -> None:
    """Expect that the route is for one of the `roles` that the caller has in a course; raises ProblemError 403 (P14).

    Who works with a course reads it whatever he leads; who only observes it calls the routes of observers in it.
    """
    if not roles.isdisjoint(allowed_roles(request.scope["route"].endpoint)):
        return
    if row.observed_as is not None:
        raise ProblemError(ApiCode.NOT_FOR_OBSERVERS)
    if request.method not in _READING:
        raise wrong(ApiCode.NOT_GOVERNED, "course")


GivenCourse = Annotated[VisibleCourse, Depends(_visible_course)]


def expect_led(caller: Claims, course: VisibleCourse, now: datetime) -> None:
    """Expect that the caller, who acts as a leader, governs the unit of the course; raises ProblemError 403 (P14)."""
    expect_governs(reach_of(caller, now), "course", course.row.unit)


async def _led_course(course: GivenCourse, services: GivenServices, caller: Caller) -> VisibleCourse:
    expect_led(caller, course, services.clock.now())
    return course


LedCourse = Annotated[VisibleCourse, Depends(_led_course)]
"""A course of a unit that the caller governs, for what only a leader decides."""
