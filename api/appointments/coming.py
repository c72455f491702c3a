"""The meetings that are still to come in the courses in which somebody holds a role, the earliest first."""

from datetime import date
from uuid import UUID

from api.appointments.routes import MOST_COURSES
from api.http.caller import reach_of
from api.http.dependencies import Services
from api.http.read_model import ReadModel
from domain.calendar import danish_day
from infra.security.tokens import Claims
from infra.store.queries import courses
from rules.language.formats import Language
from wording.labels import Labels
from wording.meetings import meeting_name


class ComingMeeting(ReadModel):
    """A meeting to come: which and when in words, and of which course."""

    course: UUID
    reference: str
    text: str
    on: date


async def coming_meetings(services: Services, caller: Claims, language: Language) -> list[ComingMeeting]:
    """Return the caller's meetings from today on, none that was cancelled, of the courses that changed last."""
    reach = reach_of(caller, services.clock.now())
    async with services.store.municipality(caller.municipality) as connection:
        stored = await courses.with_appointments(connection, reach, MOST_COURSES)
    today, meetings = danish_day(services.clock.now()), []
    for course in stored:
        if course.state is None:
            continue
        labels = Labels(await services.rulebooks.book(caller.municipality, course.row.rules_sha256), language)
        meetings += [
            ComingMeeting(
                course=course.row.course_id,
                reference=course.row.reference,
                text=meeting_name(visit, planned, labels),
                on=planned.on,
            )
            for visit in course.state.open_visits
            for planned in visit.appointments
            if planned.on >= today and not planned.cancelled
        ]
    return sorted(meetings, key=lambda meeting: (meeting.on, meeting.reference))
