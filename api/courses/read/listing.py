"""Finds courses by step and status, by what they wait for and for whom."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from api.courses.read.counts import CountsAsked, WithCounts, counts_read
from api.courses.read.models import NOT_IN_DIRECTORY, WITHOUT_ROLE, CitizenRead
from api.directory.names import UnitName, with_names
from api.http.access import CourseReader
from api.http.caller import reach_of
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import Id, PNumber
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging, PageOf
from api.http.read_model import ReadModel
from api.http.responses import problems
from api.text.steps import StepRead, steps_read
from domain.identity import PersonId, Role, Unit
from domain.state.course import Status
from domain.state.waiting import WaitingKind
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import course_list, courses
from infra.store.queries.course_counts import course_counts
from infra.store.queries.course_filter import CourseFilter
from infra.store.queries.course_list import Cursor, Sort
from infra.store.queries.unknown_holders import UnknownHolder, not_in_directory, unknown_holders, without_role
from infra.store.registers import texts
from infra.store.rows import CourseRow
from rules.engine.book import Book
from rules.engine.reads import reads_of
from rules.language.formats import Language
from wording.labels import Labels

router = APIRouter(tags=["courses"])


_Sort = Annotated[
    Sort,
    Query(description="Deadlines and waits come the earliest first, starts and changes the newest first."),
]
_BY_INSTANT: Final[TypeAdapter[Cursor]] = TypeAdapter(tuple[datetime | None, UUID])
_BY_DATE: Final[TypeAdapter[Cursor]] = TypeAdapter(tuple[date | None, UUID])


class CourseLine(ReadModel):
    """A course as lists show it; `due_at` is its earliest deadline, `waiting_since` its oldest wait."""

    id: UUID
    unit: str
    reference: str
    ordinal: int
    citizen: CitizenRead
    status: Status
    steps: list[StepRead]
    outcome: str | None
    started_on: date
    updated_at: datetime
    due_at: datetime | None
    waiting_since: datetime | None
    not_in_directory: list[str] = Field(description=NOT_IN_DIRECTORY)
    without_role: list[str] = Field(description=WITHOUT_ROLE)
    on_behalf: dict[Role, int] = Field(
        description="How many versions others acknowledged on behalf of who holds a role; not there where none were."
    )
    is_overdue: bool
    is_stalled: bool
    is_ahead_of_informing: bool
    revision: int
    unit_name: UnitName = None


class Wanted(BaseModel):
    """Which courses are asked for; all that is named must hold, and all that is waited for of the same wait."""

    model_config = ConfigDict(frozen=True)

    step: Id | None = Field(default=None, description="Open at this step of their rule set.")
    status: Status | None = Field(default=None, description="Where in their life.")
    waiting_for_role: Role | None = Field(default=None, description="Waiting for this role.")
    waiting_for_person: PersonId | None = Field(default=None, description="Waiting for this person.")
    waiting_for_unit: Unit | None = Field(
        default=None, description="Waiting for a role that lies in the queue of this unit."
    )
    waiting_on: WaitingKind | None = Field(default=None, description="Waiting for something of this kind.")
    waiting_for_unknown: bool | None = Field(
        default=None, description="Waiting for somebody whom the directory does not know in the role, or only others."
    )
    stalled: bool | None = Field(default=None, description="Those that were silent for too long, or only the others.")
    breaches: bool | None = Field(
        default=None, description="Those in which something of the law was not met, or only the others."
    )
    overdue: bool = Field(default=False, description="Only those with a deadline that has passed.")
    party: PersonId | None = Field(default=None, description="This person holds one of the roles.")
    company: PNumber | None = Field(default=None, description="The P-number of a workplace of any of their visits.")
    q: Annotated[str | None, Field(min_length=1, max_length=64)] = Field(
        default=None,
        description="The beginning of the reference of the course or the citizen, or a part of a name not protected.",
    )

    counts: CountsAsked = None

    def as_filter(self, now: datetime) -> CourseFilter:
        return CourseFilter(**self.model_dump(exclude={"overdue", "counts"}), overdue_at=now if self.overdue else None)


class CoursePage(PageOf[CourseLine], WithCounts):
    """A page of courses."""


@router.get("/v1/courses", summary="Find courses", responses=problems())
async def list_courses(
    wanted: Annotated[Wanted, Query()],
    services: GivenServices,
    caller: CourseReader,
    language: CallersLanguage,
    paging: GivenPaging,
    _reading: GivenReading,
    sort: _Sort = Sort.DUE_AT,
) -> CoursePage:
    """Return the courses that the caller may see, a page at a time; the next page loses and repeats nothing."""
    kind = _BY_DATE if sort is Sort.STARTED_ON else _BY_INSTANT
    after = paging.position(kind)
    now = services.clock.now()
    reach, described = reach_of(caller, now), wanted.as_filter(now)
    async with services.store.reading(caller.municipality) as connection:
        page = await course_list.courses(connection, reach, described, sort, paging.limit, after)
        lines = await course_lines(connection, services, caller, page.items, language)
        counts = None
        if wanted.counts:
            counted = await course_counts(connection, reach, described, wanted.counts)
            counts = await counts_read(connection, services, caller.municipality, counted, language)
    shown = paging.page(lines, page.next, kind)
    return CoursePage(items=shown.items, next=shown.next, counts=counts)


async def course_lines(
    connection: Connection, services: Services, caller: Claims, rows: Sequence[CourseRow], language: Language
) -> list[CourseLine]:
    """Return courses as lists show them."""
    now = services.clock.now()
    ids = {row.course_id for row in rows}
    beside = Beside(
        names=await texts.texts(connection, (row.open_name for row in rows if row.open_name)),
        unknown=await unknown_holders(connection, ids),
        on_behalf=await courses.times_on_behalf(connection, ids),
    )
    books = await services.rulebooks.books(caller.municipality, {row.rules_sha256 for row in rows})
    read = [_readable(row, books[row.rules_sha256], caller.person) for row in rows]
    lines = [course_line(row, beside, Labels(books[row.rules_sha256], language), now) for row in read]
    return await with_names(connection, lines)


def _readable(row: CourseRow, book: Book, person: str) -> CourseRow:
    """Return a row as the caller may read it: an observed one as the rules let the kind of observer read it (P14)."""
    return row if row.observed_as is None else row.read_by(reads_of(book.rule_set, row.observed_as, person))


class Beside(NamedTuple):
    """What stands beside the rows of courses: citizens' names, and by course who is unknown and was acted for."""

    names: Mapping[UUID, str]
    unknown: Mapping[UUID, Sequence[UnknownHolder]]
    on_behalf: Mapping[UUID, Mapping[Role, int]]


def course_line(row: CourseRow, beside: Beside, labels: Labels, now: datetime) -> CourseLine:
    """Return a course as lists show it, but for the names of units."""
    name = beside.names.get(row.open_name) if row.open_name else None
    whole = row.observed_as is None
    unknown = beside.unknown.get(row.course_id, ()) if whole else ()
    return CourseLine.of(
        row,
        id=row.course_id,
        steps=steps_read(row.steps, labels),
        citizen=CitizenRead(reference=row.citizen, name=name, protected=row.protected),
        not_in_directory=not_in_directory(unknown),
        without_role=without_role(unknown),
        on_behalf=beside.on_behalf.get(row.course_id, {}) if whole else {},
        is_overdue=row.due_at is not None and row.due_at < now,
    )
