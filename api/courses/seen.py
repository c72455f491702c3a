"""The course a request is about, if it exists for the caller; for all others it does not exist at all."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from api.access import sees
from api.caller import Caller
from api.parts import GivenParts
from api.problems import ProblemError
from domain.course import CourseState
from domain.errors import Code
from infra.store import courses
from infra.store.rows import CourseRow


@dataclass(frozen=True, slots=True)
class SeenCourse:
    """A course as the store has it."""

    row: CourseRow
    state: CourseState

    @property
    def id(self) -> UUID:
        return self.row.course_id


async def seen_course(course: UUID, request: Request, parts: GivenParts, caller: Caller) -> SeenCourse:
    """Return the course; raises ProblemError 404 when the caller may not know of it, or it has been erased."""
    async with parts.store.municipality(caller.municipality) as connection:
        stored = await courses.course(connection, course)
    if stored is None or stored.state is None or not sees(caller, stored.state):
        raise ProblemError(Code.COURSE_NOT_FOUND)
    request.state.course_id = str(course)
    return SeenCourse(stored.row, stored.state)


GivenCourse = Annotated[SeenCourse, Depends(seen_course)]
