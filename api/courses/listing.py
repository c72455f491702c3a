"""Finding courses: by where they stand, what they wait for and whom."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, TypeAdapter

from api.access import sees_any
from api.bodies import Id
from api.caller import Caller
from api.courses.read_models import CitizenRead
from api.docs import problems
from api.paging import GivenPaging, PageOf
from api.parts import GivenParts
from api.reading import GivenReading
from domain.course import Status
from domain.identity import PersonId, Role, Unit
from domain.waiting import WaitingKind
from infra.store import content, courses
from infra.store.course_filter import CourseFilter
from infra.store.courses import Cursor, Sort
from infra.store.rows import CourseRow

router = APIRouter(tags=["courses"])


class Order(StrEnum):
    """By which a list is sorted: deadlines and waits the earliest first, the others the newest first."""

    DUE_AT = "due_at"
    WAITING_SINCE = "waiting_since"
    STARTED_ON = "started_on"
    UPDATED_AT = "updated_at"


_SORTS: Final = {
    Order.DUE_AT: Sort.DUE_AT,
    Order.WAITING_SINCE: Sort.WAITING_SINCE,
    Order.STARTED_ON: Sort.STARTED_ON,
    Order.UPDATED_AT: Sort.CHANGED_AT,
}
_BY_INSTANT: Final[TypeAdapter[Cursor]] = TypeAdapter(tuple[datetime | None, UUID])
_BY_DATE: Final[TypeAdapter[Cursor]] = TypeAdapter(tuple[date | None, UUID])


class CourseLine(BaseModel):
    """A course as lists show it; `due_at` is its earliest deadline, `waiting_since` its oldest wait."""

    id: UUID
    unit: str
    reference: str
    ordinal: int
    citizen: CitizenRead
    status: Status
    steps: list[str]
    outcome: str | None
    started_on: date
    updated_at: datetime
    due_at: datetime | None
    waiting_since: datetime | None
    is_overdue: bool
    is_stalled: bool
    is_ahead_of_informing: bool
    revision: int


class Wanted(BaseModel):
    """Which courses are asked for; all that is named must hold, and all that is waited for of the same wait."""

    step: Id | None = None
    status: Status | None = None
    waiting_for_role: Role | None = None
    waiting_for_person: PersonId | None = None
    waiting_for_unit: Unit | None = None
    waiting_on: WaitingKind | None = None
    stalled: bool | None = None
    overdue: bool = False
    party: PersonId | None = None
    q: Annotated[str | None, Query(min_length=1, max_length=64)] = None
