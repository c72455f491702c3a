"""Reading one course in full."""

from fastapi import APIRouter

from api.courses.read.course import read_in_full
from api.courses.read.models import CourseRead
from api.courses.visible import GivenCourse
from api.http.access import CourseInFullReader, CourseReader
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.negotiation import CallersLanguage
from api.http.responses import not_modified, problems
from rules.explain.explain import explain
from rules.explain.models import Explanation

router = APIRouter(tags=["courses"])


@router.get("/v1/courses/{course}", summary="Read a course", responses={**not_modified(), **problems(404)})
async def read_course(
    course: GivenCourse,
    services: GivenServices,
    caller: CourseReader,
    language: CallersLanguage,
    reading: GivenReading,
) -> CourseRead:
    """Return the course as it stands, its past visits too, with what it waits for, from whom and until when.

    The `ETag` is of what is sent, such as the day, names and deliveries; as `If-Match` it names the revision alone.
    """
    read = await read_in_full(services, caller, course, language)
    reading.expect_news(course.row.revision, read)
    return read


@router.get(
    "/v1/courses/{course}/explanation",
    summary="Why does it stand where it stands?",
    responses={**not_modified(), **problems(404)},
)
async def read_explanation(
    course: GivenCourse, services: GivenServices, caller: CourseInFullReader, reading: GivenReading
) -> Explanation:
    """Return each requirement with what it asks and found, the routes, the deadlines, and what would move it.

    It is recomputed as of the last verdict, with the rules and the calendar of then, so it says what the gate said.
    """
    book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
    calendar = await services.calendars.reckoned_by(caller.municipality, course.state.calendar)
    explanation = explain(book, course.state, course.judged_at, calendar)
    reading.expect_news(course.row.revision, explanation)
    return explanation
