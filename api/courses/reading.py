"""Reading one course in full."""

from dataclasses import replace

from fastapi import APIRouter

from api.caller import Caller
from api.courses.course_view import course_read
from api.courses.read_models import CourseRead
from api.courses.seen import GivenCourse
from api.courses.shelf import fetch
from api.docs import not_modified, problems
from api.negotiation import CallersLanguage
from api.parts import GivenParts
from api.phrases import Phrases
from api.reading import GivenReading
from infra.store.registers import absences
from rules.calendar.wall_time import local_date
from rules.explain.explain import explain

router = APIRouter(tags=["courses"])


@router.get("/v1/courses/{course}", summary="Read a course", responses={**not_modified(), **problems(404)})
async def read_course(
    course: GivenCourse,
    parts: GivenParts,
    caller: Caller,
    language: CallersLanguage,
    reading: GivenReading,
) -> CourseRead:
    """Return the course as it stands, its past visits too, with what it waits for, from whom and until when."""
    reading.expect_news(course.row.revision)
    now = parts.clock.now()
    book = await parts.rulebooks.book(caller.municipality, course.row.rules_sha256)
    calendar = await parts.calendars.reckoned_by(caller.municipality, course.state.calendar)
    async with parts.store.municipality(caller.municipality) as connection:
        shelf = await fetch(connection, course, caller)
        away = await absences.away(connection, course.state.awaited, local_date(now))
    explanation = explain(book, course.state, now, calendar)
    return course_read(course, replace(shelf, away=away), explanation, Phrases(book, language))
