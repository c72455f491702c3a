"""A course that might be started: decided in full by the rules, and nothing of it recorded."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, Field

from api.courses.start.models import NOT_IN_DIRECTORY
from api.http.dependencies import Services
from api.text.steps import StepRead, steps_read
from domain.calendar import danish_day, start_of_day
from domain.commands import StartCourse
from domain.decide import decide
from domain.state.course import CourseState
from domain.state.waiting import WaitingKind
from rules.engine.book import Book
from wording.labels import Labels

QUIET_FOR = timedelta(days=14)
"""How long nobody is reminded in a course that is taken over, unless it says otherwise."""


class PlannedWait(BaseModel):
    """What the course would wait for, and until when."""

    kind: WaitingKind
    text: str
    until: datetime | None


class CoursePlanned(BaseModel):
    """What would be started; nothing of it was recorded."""

    course: UUID
    dry_run: bool = True
    ordinal: int
    follows: UUID | None = Field(description="The course before it under the same reference.")
    steps: list[StepRead] = Field(description="The steps the course would be at.")
    waiting: list[PlannedWait]
    not_in_directory: list[str] = Field(default=[], description=NOT_IN_DIRECTORY)


async def planned(services: Services, command: StartCourse, book: Book, labels: Labels, course: UUID) -> CoursePlanned:
    """Return what `command` would start now; raises RefusedError for what the course would refuse."""
    unborn = CourseState(course=course, municipality=command.municipality)
    async with services.store.municipality(command.municipality) as connection:
        calendar = await services.calendars.in_force(connection)
    state = decide(unborn, command, book, services.clock.now(), calendar).state
    waits = state.shown_waits
    return CoursePlanned(
        course=course,
        ordinal=command.ordinal,
        follows=command.follows,
        steps=steps_read([visit.step for visit in state.open_visits], labels),
        waiting=[PlannedWait(kind=w.kind, text=labels.waiting(w), until=w.until) for w in waits],
    )


def quiet_until(now: datetime) -> datetime:
    """Return the instant (UTC) before which nobody is reminded when nothing else is said."""
    return start_of_day(danish_day(now) + QUIET_FOR)
