"""The courses of somebody absent, in two lines each: where a course stands, and what falls due on the days away."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Field

from api.directory.covers import CoverStanding, standing_of
from api.directory.names import NameOf
from api.http.dependencies import Services
from api.http.read_model import ReadModel
from domain.falling_due import falling_due
from infra.store.engine import Connection
from infra.store.queries import courses
from infra.store.queries.concerns import Concern
from rules.language.formats import Language
from wording.absences import due_text, stands_text
from wording.labels import Labels


class AbsentCourse(ReadModel):
    """A course of somebody absent: who covers, where it stands, and what falls due on the days away."""

    course: UUID
    reference: str
    standing: CoverStanding
    cover: str | None
    stands: str = Field(description="The step, the day, and what is missing, in one line.")
    falls_due: list[str] = Field(description="Meetings, deadlines, and first and last days, the earliest first.")
    cover_name: Annotated[str | None, NameOf("cover")] = None


class Lines(NamedTuple):
    """Where a course stands, what falls due in it, and the ids of its notes."""

    stands: str
    falls_due: list[str]
    notes: frozenset[UUID]


async def lines_of(
    connection: Connection,
    services: Services,
    municipality: str,
    concerned: Collection[tuple[UUID, tuple[date, date]]],
    language: Language,
) -> Mapping[tuple[UUID, tuple[date, date]], Lines]:
    """Return the two lines of each of some courses that is not erased, on the days that stand beside it."""
    now: datetime = services.clock.now()
    stored = await courses.several(connection, {course for course, _ in concerned})
    books = await services.rulebooks.books(municipality, {each.row.rules_sha256 for each in stored.values()})
    calendar = await services.calendars.in_force(connection)
    lines = {}
    for course, days in concerned:
        each = stored.get(course)
        if each is not None and each.state is not None:
            book = books[each.row.rules_sha256]
            labels = Labels(book, language)
            due = [due_text(one, each.state, labels) for one in falling_due(each.state, book, calendar, *days)]
            notes = frozenset(note.id for note in each.state.notes)
            lines[course, days] = Lines(stands_text(each.state, labels, now), due, notes)
    return lines


def absent_course(concern: Concern, lines: Lines) -> AbsentCourse:
    """Return a course of somebody absent as it is read."""
    return AbsentCourse.of(concern, lines, course=concern.course_id, standing=standing_of(concern))
