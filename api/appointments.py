"""Appointments for people's own calendars: those of one course, and those of all courses in which the caller acts."""

from typing import Any, Final

from fastapi import APIRouter, Response

from api.calendar_file import MEDIA_TYPE, appointments_of, calendar_file
from api.caller import Caller
from api.courses.seen import GivenCourse
from api.docs import not_modified, problems
from api.negotiation import CallersLanguage
from api.parts import GivenParts
from api.phrases import Phrases
from api.reading import GivenReading, Reading
from api.words import words
from infra.store import courses

router = APIRouter(tags=["appointments"])

_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "An iCalendar file.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}
_MOST_COURSES: Final = 100


@router.get(
    "/v1/courses/{course}/appointments.ics",
    summary="The appointments of a course",
    responses={**_FILE, **not_modified(), **problems(404)},
    response_class=Response,
)
async def course_appointments(
    course: GivenCourse, parts: GivenParts, caller: Caller, language: CallersLanguage, reading: GivenReading
) -> Response:
    """Return every appointment of the course as an iCalendar file, those that were cancelled too."""
    reading.expect_news(course.row.revision)
    phrases = Phrases(await parts.rulebooks.book(caller.municipality, course.row.rules_sha256), language)
    file = calendar_file(str(course.id), phrases.words.calendar["name"], appointments_of(course.state, phrases))
    return _answer(file, reading)


@router.get(
    "/v1/inbox/appointments.ics", summary="My appointments", responses={**_FILE, **problems()}, response_class=Response
)
async def own_appointments(
    parts: GivenParts, caller: Caller, language: CallersLanguage, reading: GivenReading
) -> Response:
    """Return the appointments of the courses in which the caller holds a role, the 100 last changed ones at most."""
    async with parts.store.municipality(caller.municipality) as connection:
        found = await courses.with_appointments(connection, caller.person, _MOST_COURSES)
    events = []
    for course in found:
        if course.state is not None:
            book = await parts.rulebooks.book(caller.municipality, course.row.rules_sha256)
            events += appointments_of(course.state, Phrases(book, language))
    about = f"{caller.municipality}-{caller.person}"
    return _answer(calendar_file(about, words(language).calendar["name"], events), reading)


def _answer(file: bytes, reading: Reading) -> Response:
    """Return the file with the headers of the answer so far."""
    return Response(file, media_type=MEDIA_TYPE, headers=dict(reading.response.headers))
