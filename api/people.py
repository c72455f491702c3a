"""The directory: who may hold a role, where they belong and how they are reached."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StrictInt, StrictStr, StringConstraints

from api.bodies import Body, Name, examples
from api.caller import Caller
from api.codes import ApiCode
from api.docs import problems
from api.negotiation import Language
from api.parts import GivenParts
from api.problems import ProblemError
from api.reading import GivenReading
from domain.identity import PersonId, Role, Unit
from infra.store import people

router = APIRouter(tags=["people"])

_EMAIL = r"^[^@\s]{1,64}@[^@\s]{1,189}$"
_EXAMPLE = {
    "name": "Anna Eksempel",
    "email": "anna@kommune.example",
    "roles": ["caseworker"],
    "unit": "job-nord",
    "language": "da",
    "working_days": [1, 2, 3, 4],
}


class PersonBody(Body):
    """A person as the municipality's own systems know him."""

    name: Name
    email: Annotated[StrictStr, StringConstraints(pattern=_EMAIL)] | None = None
    roles: Annotated[list[Role], Field(min_length=1)]
    unit: Unit | None = None
    employer: Name | None = Field(default=None, description="Named when it is not the municipality.")
    language: Language = "da"
    working_days: Annotated[
        list[Annotated[StrictInt, Field(ge=1, le=7)]], Field(min_length=1, default_factory=lambda: [1, 2, 3, 4, 5])
    ]

    model_config = examples(_EXAMPLE)


class PersonRead(BaseModel):
    """A person in the directory; weekdays are counted from Monday, which is 1."""

    id: str
    name: str
    email: str | None
    roles: list[Role]
    unit: str | None
    employer: str | None
    language: str
    working_days: list[int]
    updated_at: datetime

    model_config = examples({"id": "anna", **_EXAMPLE, "updated_at": "2026-03-02T08:00:00Z"})


class PeopleRead(BaseModel):
    """Everybody who was asked for, by id."""

    items: list[PersonRead]


def _read(person: people.Person) -> PersonRead:
    return PersonRead(id=person.person_id, **person.model_dump(exclude={"person_id"}))


@router.get("/v1/people", summary="List the directory", responses=problems())
async def list_people(
    parts: GivenParts,
    caller: Caller,
    _reading: GivenReading,
    role: Annotated[Role | None, Query()] = None,
    unit: Annotated[Unit | None, Query()] = None,
) -> PeopleRead:
    """Return everybody in the caller's municipality, or those with a role or in a unit."""
    async with parts.store.municipality(caller.municipality) as connection:
        found = await people.find(connection, role=role, unit=unit)
    return PeopleRead(items=[_read(person) for person in found])


@router.get("/v1/people/{person}", summary="Read a person", responses=problems(404))
async def read_person(person: PersonId, parts: GivenParts, caller: Caller, _reading: GivenReading) -> PersonRead:
    """Return one person of the caller's municipality."""
    async with parts.store.municipality(caller.municipality) as connection:
        found = await people.get(connection, person)
    if found is None:
        raise ProblemError(ApiCode.PERSON_NOT_FOUND)
    return _read(found)


@router.put("/v1/people/{person}", summary="Write a person", responses=problems(with_body=True))
async def write_person(person: PersonId, body: PersonBody, parts: GivenParts, caller: Caller) -> PersonRead:
    """Write a person as given, over what was known; courses that waited for the person find him from now on."""
    written = people.Person(person_id=person, updated_at=parts.clock.now(), **body.model_dump())
    async with parts.store.municipality(caller.municipality) as connection:
        await people.put(connection, written)
    return _read(written)
