"""The good stories of a unit, as all who work there read them: nothing says of whom, by whom or when (P10, P14)."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter

from api.http.access import Worker
from api.http.caller import reach_of
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging, PageOf
from api.http.read_model import ReadModel
from api.http.responses import problems
from domain.state.stories import Branch, HoursBand, StoryFields, WeeksBand, Worked
from infra.store.queries.stories import StoryRow, stories
from infra.store.registers import companies
from wording.catalog import Words, catalog

router = APIRouter(tags=["stories"])

_POSITION: Final[TypeAdapter[UUID]] = TypeAdapter(UUID)


class WorkedRead(ReadModel):
    """One thing that made it work."""

    id: Worked
    label: str


class BranchRead(ReadModel):
    """The line of business."""

    id: Branch
    label: str


class HoursRead(ReadModel):
    """How many paid hours a week it began with."""

    id: HoursBand
    label: str


class WeeksRead(ReadModel):
    """How many weeks after day one it began."""

    id: WeeksBand
    label: str


class StoryCompany(ReadModel):
    """The company, which agreed to be named."""

    p_number: str
    name: str | None = Field(description="Null where the municipality does not know the company.")


class StoryRead(ReadModel):
    """A good story; it says of no citizen, course, colleague or day whose it is."""

    id: UUID
    worked: list[WorkedRead]
    branch: BranchRead
    hours: HoursRead | None = Field(description="Null where it was not known when the story was told.")
    weeks: WeeksRead | None = Field(description="Null where it was not known when the story was told.")
    company: StoryCompany | None = Field(description="Null unless it agreed, and where no workplace was known.")
    is_approved: bool = Field(description="The unit reads it; else who told it and the leaders of the unit do.")
    is_own: bool = Field(description="The caller told it, and may remove it.")


@router.get("/v1/stories", summary="What are our good stories?", responses=problems())
async def list_stories(
    services: GivenServices, caller: Worker, language: CallersLanguage, paging: GivenPaging, _reading: GivenReading
) -> PageOf[StoryRead]:
    """Return the stories of the courses that exist for the caller, in an order that says nothing of when."""
    after = paging.position(_POSITION)
    async with services.store.municipality(caller.municipality) as connection:
        page = await stories(connection, reach_of(caller, services.clock.now()), paging.limit, after)
        each = [(row, StoryFields.model_validate_json(row.fields)) for row in page.items]
        names = await companies.names(connection, {fields.p_number for _, fields in each if fields.p_number})
    words = catalog(language).stories
    items = [_read(row, fields, names, words, caller.person) for row, fields in each]
    return paging.page(items, page.next, _POSITION)


def _read(row: StoryRow, fields: StoryFields, names: Mapping[str, str], words: Words, reader: str) -> StoryRead:
    hours, weeks, p_number = fields.hours, fields.weeks, fields.p_number
    return StoryRead(
        id=row.story,
        worked=[WorkedRead(id=worked, label=words[worked]) for worked in fields.worked],
        branch=BranchRead(id=fields.branch, label=words[fields.branch]),
        hours=HoursRead(id=hours, label=words[hours]) if hours else None,
        weeks=WeeksRead(id=weeks, label=words[weeks]) if weeks else None,
        company=StoryCompany(p_number=p_number, name=names.get(p_number)) if p_number else None,
        is_approved=row.is_approved,
        is_own=row.by == reader,
    )
