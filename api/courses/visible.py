"""The course that a request is about, if it exists for the caller; for all others it does not exist at all (P14)."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request

from api.http.caller import Caller, reach_of
from api.http.dependencies import GivenServices
from api.http.problems import ProblemError
from domain.errors import Code
from infra.store.queries import courses
from infra.store.queries.courses import VisibleCourse

_Course = Annotated[UUID, Path(description="The course's id, as starting or finding it gave it.")]


async def _visible_course(course: _Course, request: Request, services: GivenServices, caller: Caller) -> VisibleCourse:
    """Return the course; raises ProblemError 404 when it does not exist for the caller, or has been erased."""
    reach = reach_of(caller, services.clock.now())
    async with services.store.municipality(caller.municipality) as connection:
        visible = await courses.visible_course(connection, reach, course)
    if visible is None:
        raise ProblemError(Code.COURSE_NOT_FOUND)
    request.state.course_id = str(course)
    return visible


GivenCourse = Annotated[VisibleCourse, Depends(_visible_course)]
