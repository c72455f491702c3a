"""The courses at a workplace, of those that the caller may see."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from domain.reach import Reach
from domain.state.course import Status
from infra.store.engine import Connection
from infra.store.queries import courses, workplaces
from infra.store.queries.course_filter import CourseFilter
from infra.store.queries.courses import Sort


class Stay(BaseModel):
    """A visit to the workplace."""

    step: str
    visit: int | None = Field(description="Its number; null while the workplace is named ahead of the step.")
    is_open: bool


class CourseThere(BaseModel):
    """A course that is, was or will be at the workplace; `steps` are those it is at now, there or elsewhere."""

    id: UUID
    reference: str
    unit: str
    status: Status
    steps: list[str]
    started_on: date
    stays: list[Stay]


async def courses_there(
    connection: Connection, reach: Reach, wanted: CourseFilter, p_number: str, limit: int
) -> list[CourseThere]:
    """Return the wanted courses that exist for the caller with their stays there, the last changed first."""
    page = await courses.courses(connection, reach, wanted, Sort.UPDATED_AT, limit)
    stays = await workplaces.workplace_visits(connection, p_number, [row.course_id for row in page.items])
    return [
        CourseThere(
            id=row.course_id,
            reference=row.reference,
            unit=row.unit,
            status=row.status,
            steps=list(row.steps),
            started_on=row.started_on,
            stays=[Stay(**stay.model_dump()) for stay in stays.get(row.course_id, ())],
        )
        for row in page.items
    ]
