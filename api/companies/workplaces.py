"""The courses at a workplace, of those that the caller may see."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from api.http.access import sees_any
from domain.state.course import Status
from infra.security.tokens import Claims
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
    connection: Connection, caller: Claims, wanted: CourseFilter, p_number: str, limit: int
) -> list[CourseThere]:
    """Return the wanted courses that the caller may see with their stays there, the last changed first."""
    if not sees_any(caller):
        return []
    page = await courses.courses(connection, wanted, Sort.CHANGED_AT, limit)
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
