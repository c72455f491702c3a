"""The course a request is about, if it exists for the caller; for all others it does not exist at all."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request

from api.http.access import may_name_citizen, sees
from api.http.caller import Caller
from api.http.dependencies import GivenServices
from api.http.problems import ProblemError
from domain.calendar import danish_day
from domain.errors import Code
from domain.state.course import CourseState
from infra.store.queries import courses, covers
from infra.store.rows import CourseRow

_Course = Annotated[UUID, Path(description="The course's id, as starting or finding it gave it.")]


@dataclass(frozen=True, slots=True)
class SeenCourse:
    """A course as the store has it; `covers` are those for whom the caller is the registered cover in it today."""

    row: CourseRow
    state: CourseState
    covers: tuple[str, ...] = ()
    names_citizen: bool = True

    @property
    def id(self) -> UUID:
        return self.row.course_id

    @property
    def citizen_text(self) -> UUID | None:
        """Return the id of the citizen's name, if it was given and the caller may read it (P10)."""
        return self.row.citizen_text if self.names_citizen else None


async def seen_course(course: _Course, request: Request, services: GivenServices, caller: Caller) -> SeenCourse:
    """Return the course; raises ProblemError 404 when the caller may not know of it, or it has been erased."""
    async with services.store.municipality(caller.municipality) as connection:
        stored = await courses.course(connection, course)
        covered = await covers.covered_in(connection, course, caller.person, danish_day(services.clock.now()))
    if stored is None or stored.state is None or not sees(caller, stored.state, covered):
        raise ProblemError(Code.COURSE_NOT_FOUND)
    request.state.course_id = str(course)
    return SeenCourse(stored.row, stored.state, covered, may_name_citizen(caller, stored.state, covered))


GivenCourse = Annotated[SeenCourse, Depends(seen_course)]
