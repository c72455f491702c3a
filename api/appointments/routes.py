"""Appointments for people's own calendars: those of one course, and those of all courses in which the caller acts."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from fastapi import APIRouter, Response
from icalendar import Event

from api.courses.visible import GivenCourse
from api.http.access import Anybody, CourseReader
from api.http.caller import reach_of
from api.http.conditional import GivenReading, Reading
from api.http.dependencies import GivenServices, Services
from api.http.negotiation import CallersLanguage
from api.http.responses import AS_TEXT, not_modified, problems
from domain.state.course import CourseState
from infra.security.tokens import Claims
from infra.store.queries import courses
from infra.store.registers import companies
from rules.engine.book import Book
from rules.language.formats import Language
from wording.calendars import MEDIA_TYPE, appointments_of, calendar_file, places_of
from wording.catalog import catalog
from wording.labels import Labels

router = APIRouter(tags=["appointments"])

_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "An iCalendar file.", "content": {MEDIA_TYPE: AS_TEXT}}
}
MOST_COURSES: Final = 100


@router.get(
    "/v1/courses/{course}/appointments.ics",
    summary="The appointments of a course",
    responses={**_FILE, **not_modified(), **problems(404)},
    response_class=Response,
)
async def course_appointments(
    course: GivenCourse, services: GivenServices, caller: CourseReader, language: CallersLanguage, reading: GivenReading
) -> Response:
    """Return every appointment of the course as an iCalendar file, those that were cancelled too."""
    book = await services.rulebooks.book(caller.municipality, course.row.rules_sha256)
    events = await _events(services, caller, language, [(course.state, book)])
    file = calendar_file(str(course.id), catalog(language).calendar["name"], events)
    reading.expect_other_than(sha256(file).hexdigest())
    return _answer(file, reading)


@router.get(
    "/v1/inbox/appointments.ics", summary="My appointments", responses={**_FILE, **problems()}, response_class=Response
)
async def own_appointments(
    services: GivenServices, caller: Anybody, language: CallersLanguage, reading: GivenReading
) -> Response:
    """Return the appointments of the courses in which the caller holds a role, the 100 last changed ones at most."""
    async with services.store.municipality(caller.municipality) as connection:
        stored = await courses.with_appointments(connection, reach_of(caller, services.clock.now()), MOST_COURSES)
    planned = [
        (course.state, await services.rulebooks.book(caller.municipality, course.row.rules_sha256))
        for course in stored
        if course.state is not None
    ]
    events = await _events(services, caller, language, planned)
    about = f"{caller.municipality}-{caller.person}"
    return _answer(calendar_file(about, catalog(language).calendar["name"], events), reading)


async def _events(
    services: Services, caller: Claims, language: Language, planned: Sequence[tuple[CourseState, Book]]
) -> list[Event]:
    """Return the appointments of courses by their rules; the companies are named by one statement."""
    places = {place for state, _ in planned for place in places_of(state)}
    async with services.store.municipality(caller.municipality) as connection:
        names = await companies.names(connection, places)
    return [event for state, book in planned for event in appointments_of(state, Labels(book, language), names)]


def _answer(file: bytes, reading: Reading) -> Response:
    """Return the file with the headers of the answer so far."""
    return Response(file, media_type=MEDIA_TYPE, headers=dict(reading.response.headers))
