"""Why a course stands where it stands and what would move it (P8)."""

from fastapi import APIRouter

from api.courses.visible import GivenCourse
from api.http.caller import Caller
from api.http.conditional import GivenReading
from api.http.dependencies import GivenParts
from api.http.responses import not_modified, problems
from rules.explain.explain import explain
from rules.explain.models import Explanation

router = APIRouter(tags=["courses"])


@router.get(
    "/v1/courses/{course}/explanation",
    summary="Why does it stand where it stands?",
    responses={**not_modified(), **problems(404)},
)
async def read_explanation(
    course: GivenCourse, parts: GivenParts, caller: Caller, reading: GivenReading
) -> Explanation:
    """Return each requirement with what it asks and found, the routes, the deadlines, and what would move it.

    It is recomputed from the course as it was last changed, with the rules and the calendar of then.
    """
    reading.expect_news(course.row.revision)
    book = await parts.rulebooks.book(caller.municipality, course.row.rules_sha256)
    calendar = await parts.calendars.reckoned_by(caller.municipality, course.state.calendar)
    return explain(book, course.state, course.row.changed_at, calendar)
