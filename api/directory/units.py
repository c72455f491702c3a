"""The units of a municipality: what they are called, and how much lies in their queues."""

from datetime import datetime
from typing import Final

from fastapi import APIRouter
from pydantic import Field, TypeAdapter

from api.http.access import Anybody, Registrar, expect_governs
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.fields import Body, Email, OneLine, UnitInPath, examples
from api.http.paging import GivenPaging, PageOf
from api.http.problems import ProblemError
from api.http.read_model import ReadModel
from api.http.responses import problems
from infra.store.registers import units

router = APIRouter(tags=["units"])

_BY_ID: Final[TypeAdapter[str]] = TypeAdapter(str)


class UnitBody(Body):
    """What a unit is called, and the address at which its queue is told by mail."""

    name: OneLine
    email: Email | None = None

    model_config = examples({"name": "Jobcenter Nord", "email": "job-nord@kommune.example"})


class UnitRead(ReadModel):
    """A unit, with how much lies there."""

    id: str
    name: str | None = Field(description="Null while nobody has registered it.")
    email: str | None = Field(description="Where its queue is told by mail; null where it is not.")
    registered: bool = Field(description="Whether it has a name, or is only named by courses and people.")
    people: int = Field(description="How many people of the directory belong to it.")
    courses: int = Field(description="How many of its courses are not completed.")
    queued: int = Field(
        description="In how many roles nobody is named from it yet; `GET /v1/courses?waiting_for_unit=` lists them."
    )
    updated_at: datetime | None

    model_config = examples(
        {
            "id": "job-nord",
            "name": "Jobcenter Nord",
            "email": "job-nord@kommune.example",
            "registered": True,
            "people": 12,
            "courses": 310,
            "queued": 4,
            "updated_at": "2026-03-02T08:00:00Z",
        }
    )


def _read(unit: units.Unit) -> UnitRead:
    return UnitRead.of(unit, id=unit.unit_id, registered=unit.name is not None)


@router.get("/v1/units", summary="List the units", responses=problems())
async def list_units(
    services: GivenServices, caller: Anybody, paging: GivenPaging, _reading: GivenReading
) -> PageOf[UnitRead]:
    """Return every unit that the municipality has registered, or that a course or a person names, by id."""
    after = paging.position(_BY_ID)
    async with services.store.reading(caller.municipality) as connection:
        page = await units.find(connection, paging.limit, after)
    return paging.page([_read(unit) for unit in page.items], page.next, _BY_ID)


@router.get("/v1/units/{unit}", summary="Read a unit", responses=problems(404))
async def read_unit(unit: UnitInPath, services: GivenServices, caller: Anybody, _reading: GivenReading) -> UnitRead:
    """Return one unit of the caller's municipality."""
    async with services.store.municipality(caller.municipality) as connection:
        entry = await units.get(connection, unit)
    if entry is None:
        raise ProblemError(ApiCode.UNIT_NOT_FOUND)
    return _read(entry)


@router.put("/v1/units/{unit}", summary="Write a unit", responses=problems(with_body=True))
async def write_unit(unit: UnitInPath, body: UnitBody, services: GivenServices, caller: Registrar) -> UnitRead:
    """Register a unit that the caller governs by its name and address, over what was known.

    Its courses and its queue are not touched.
    """
    now = services.clock.now()
    expect_governs(reach_of(caller, now), "unit", unit)
    async with services.store.municipality(caller.municipality) as connection:
        await units.put(connection, unit, body.name, now, body.email)
        written = await units.get(connection, unit)
    if written is None:
        raise ProblemError(ApiCode.UNIT_NOT_FOUND)
    return _read(written)
