"""The directory: who may hold a role, where they belong and how they are reached."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field, StrictInt, TypeAdapter

from api.directory.names import UnitName, with_names
from api.directory.office_hours import HoursByWeekday, hours_by_weekday, hours_in
from api.http.access import Anybody, Registrar, expect_governs
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.fields import Body, Email, OneLine, PersonInPath, Phone, examples
from api.http.paging import GivenPaging, PageOf
from api.http.problems import Issue, ProblemError, expect_no
from api.http.read_model import ReadModel
from api.http.responses import problems
from domain.gathering import Gathering
from domain.identity import Role, Unit
from infra.store.registers import people
from rules.calendar.data import Hours
from rules.language.formats import Language

router = APIRouter(tags=["people"])

_SOUGHT: Final = Query(min_length=1, max_length=64, description="A part of the name, or the beginning of the id.")
_BY_ID: Final[TypeAdapter[str]] = TypeAdapter(str)

_EXAMPLE = {
    "name": "Anna Eksempel",
    "email": "anna@kommune.example",
    "phone": "+45 98 00 00 01",
    "roles": ["caseworker"],
    "unit": "job-nord",
    "language": "da",
    "gathering": "two_lists",
    "working_days": [1, 2, 3, 4],
    "working_hours": {"4": {"opens": "09:00", "closes": "12:00"}},
}


_Weekday = Annotated[StrictInt, Field(ge=1, le=7)]


class PersonBody(Body):
    """A person as the municipality's own systems have it."""

    name: OneLine
    email: Email | None = None
    phone: Phone | None = None
    roles: Annotated[list[Role], Field(min_length=1)]
    unit: Unit | None = None
    employer: OneLine | None = Field(default=None, description="Named when it is not the municipality.")
    language: Language = "da"
    gathering: Gathering = Field(
        default=Gathering.TWO_LISTS,
        description="How mails come that can wait: at once, in two lists a day, or in one.",
    )
    working_days: Annotated[list[_Weekday], Field(min_length=1)] | None = Field(
        default=None, description="Weekdays, Monday being 1; those of the office when they are left out."
    )
    working_hours: HoursByWeekday = Field(
        default_factory=dict, description="Own hours on some of `working_days`; on the others they are the office's."
    )

    model_config = examples(_EXAMPLE)


class PersonRead(ReadModel):
    """A person in the directory; days and hours of which nothing is said are the office's."""

    id: str
    name: str
    email: str | None
    phone: str | None
    roles: list[Role]
    unit: str | None
    employer: str | None
    language: str
    gathering: Gathering
    working_days: list[int] | None
    working_hours: HoursByWeekday
    updated_at: datetime
    unit_name: UnitName = None

    model_config = examples(
        {
            "id": "anna",
            **_EXAMPLE,
            "unit_name": "Jobcenter Nord",
            "employer": "Jobhuset",
            "updated_at": "2026-03-02T08:00:00Z",
        }
    )


def person_read(person: people.Person) -> PersonRead:
    """Return a person as the directory is read."""
    hours = hours_by_weekday(person.working_hours or {})
    return PersonRead.of(person, id=person.person_id, working_hours=hours)


@router.get("/v1/people", summary="List the directory", responses=problems())
async def list_people(
    services: GivenServices,
    caller: Anybody,
    paging: GivenPaging,
    _reading: GivenReading,
    role: Annotated[Role | None, Query(description="Those who may hold this role.")] = None,
    unit: Annotated[Unit | None, Query(description="Those of this unit.")] = None,
    q: Annotated[str | None, _SOUGHT] = None,
) -> PageOf[PersonRead]:
    """Return everybody in the caller's municipality, or those with a role or in a unit, by id, a page at a time."""
    after = paging.position(_BY_ID)
    async with services.store.municipality(caller.municipality) as connection:
        page = await people.find(connection, paging.limit, after, role=role, unit=unit, q=q)
        items = await with_names(connection, [person_read(person) for person in page.items])
    return paging.page(items, page.next, _BY_ID)


@router.get("/v1/people/{person}", summary="Read a person", responses=problems(404))
async def read_person(
    person: PersonInPath, services: GivenServices, caller: Anybody, _reading: GivenReading
) -> PersonRead:
    """Return one person of the caller's municipality."""
    async with services.store.municipality(caller.municipality) as connection:
        listed = await people.get(connection, person)
        if listed is None:
            raise ProblemError(ApiCode.PERSON_NOT_FOUND)
        return await with_names(connection, person_read(listed))


@router.put("/v1/people/{person}", summary="Write a person", responses=problems(with_body=True))
async def write_person(
    person: PersonInPath, body: PersonBody, services: GivenServices, caller: Registrar
) -> PersonRead:
    """Write a person as given, over what was known; courses that waited for the person go on from now.

    It is for who governs the person's unit, the present and the new one.
    Deadlines of what is asked of the person are reckoned in the person's own days and hours from now on.
    """
    now = services.clock.now()
    reach = reach_of(caller, now)
    hours = _own_hours(body)
    fields = body.model_dump(exclude={"working_hours"})
    written = people.Person(person_id=person, updated_at=now, working_hours=hours, **fields)
    async with services.calendars.changing(caller.municipality, reach.today) as connection:
        entry = await people.get(connection, person)
        expect_governs(reach, "person", *([entry.unit] if entry else []), body.unit)
        await people.put(connection, written)
        return await with_names(connection, person_read(written))


def _own_hours(body: PersonBody) -> dict[int, Hours] | None:
    """Return the person's own hours, if any; raises ProblemError for hours on another day than a working day."""
    days = [str(day) for day in body.working_days or ()]
    idle = [day for day in body.working_hours if day not in days]
    allowed = ", ".join(days)
    expect_no([Issue(ApiCode.VALUE_NOT_ALLOWED, f"working_hours.{day}", {"allowed": allowed}) for day in idle])
    return hours_in(body.working_hours, "working_hours") or None
