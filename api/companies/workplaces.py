"""The courses at a workplace, of those that the caller may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends
from pydantic import Field

from api.directory.colleagues import Colleague, colleagues_in
from api.directory.names import UnitName
from api.http.caller import Caller, reach_of
from api.http.dependencies import GivenServices, Services
from api.http.negotiation import CallersLanguage
from api.http.read_model import ReadModel
from api.text.steps import StepRead, step_read, steps_read
from domain.state.course import Status
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import course_list, workplaces
from infra.store.queries.course_filter import CourseFilter
from infra.store.queries.course_list import Sort
from infra.store.queries.workplaces import WorkplaceVisit
from infra.store.registers import texts
from infra.store.rows import CourseRow
from rules.language.formats import Language
from wording.labels import Labels


class Stay(ReadModel):
    """A visit to the workplace."""

    step: StepRead
    visit: int | None = Field(description="Its number; null while the workplace is named ahead of the step.")
    is_open: bool


class CourseThere(ReadModel):
    """A course that is, was or will be at the workplace; `steps` are those it is at now, there or elsewhere."""

    id: UUID
    reference: str
    unit: str
    status: Status
    steps: list[StepRead]
    started_on: date
    citizen: str = Field(description="The caller's reference of the citizen.")
    citizen_name: str | None = Field(description="Null where it is protected, was never given, or is erased.")
    stays: list[Stay]
    parties: list[Colleague] = Field(description="Whom to call about it.")
    unit_name: UnitName = None


@dataclass(frozen=True, slots=True)
class CourseFinder:
    """Finds courses for one caller, in the caller's language."""

    services: Services
    caller: Claims
    language: Language

    async def there(self, connection: Connection, wanted: CourseFilter, p_number: str, limit: int) -> list[CourseThere]:
        """Return the wanted courses that exist for the caller with their stays there, the last changed first."""
        reach = reach_of(self.caller, self.services.clock.now())
        page = await course_list.courses(connection, reach, wanted, Sort.UPDATED_AT, limit)
        ids = [row.course_id for row in page.items]
        stays = await workplaces.workplace_visits(connection, p_number, ids)
        parties = await colleagues_in(connection, ids)
        names = await texts.texts(connection, [row.open_name for row in page.items if row.open_name])
        used = {row.rules_sha256 for row in page.items}
        books = await self.services.rulebooks.books(self.caller.municipality, used)
        return [
            course_there(
                row,
                Beside(stays.get(row.course_id, ()), parties[row.course_id], names),
                Labels(books[row.rules_sha256], self.language),
            )
            for row in page.items
        ]


class Beside(NamedTuple):
    """What stands beside the row of a course: its stays, whom to call, and citizens' names."""

    stays: Iterable[WorkplaceVisit]
    parties: Sequence[Colleague]
    names: Mapping[UUID, str]


def course_there(row: CourseRow, beside: Beside, labels: Labels) -> CourseThere:
    """Return a course with its stays at a workplace."""
    return CourseThere.of(
        row,
        id=row.course_id,
        steps=steps_read(row.steps, labels),
        stays=[Stay.of(stay, step=step_read(stay.step, labels)) for stay in beside.stays],
        parties=list(beside.parties),
        citizen_name=beside.names.get(row.open_name) if row.open_name else None,
    )


async def course_finder(services: GivenServices, caller: Caller, language: CallersLanguage) -> CourseFinder:
    """Return the finder of this request."""
    return CourseFinder(services, caller, language)


GivenFinder = Annotated[CourseFinder, Depends(course_finder)]
