"""When people are away: the days and nothing of why, for a reason could be health (P6)."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.access import expect_may_register_absence
from api.bodies import Body, Day, examples
from api.caller import Caller
from api.codes import ApiCode
from api.docs import problems
from api.parts import GivenParts
from api.problems import Issue, ProblemError
from api.reading import GivenReading
from api.stating import expect_no
from domain.identity import PersonId
from infra.store import absences, people
from infra.store.engine import Connection
from rules.calendars import Absence
from rules.wall_time import local_date

router = APIRouter(tags=["people"])

_MOST: Final = 200
_EXAMPLE: Final = {"absences": [{"from": "2026-07-06", "until": "2026-07-24"}, {"from": "2026-10-01"}]}


class AbsenceBody(Body):
    """The days of one absence, both included; open while `until` is not known."""

    from_: Day = Field(alias="from")
    until: Day | None = None


class AbsencesBody(Body):
    """Every absence that is known, those to come and those past; what is left out is taken back."""

    absences: Annotated[list[AbsenceBody], Field(max_length=_MOST)]

    model_config = examples(_EXAMPLE, {"absences": []})


class AbsenceRead(BaseModel):
    """The days of one absence, both included."""

    from_: date = Field(alias="from")
    until: date | None


class AbsencesRead(BaseModel):
    """The absences of a person, the earliest first."""

    absences: list[AbsenceRead]

    model_config = examples({"absences": [{"from": "2026-07-06", "until": "2026-07-24"}]})


@router.get("/v1/people/{person}/absences", summary="When is a person away?", responses=problems(404))
async def read_absences(person: PersonId, parts: GivenParts, caller: Caller, _reading: GivenReading) -> AbsencesRead:
    """Return when a person of the caller's municipality is away."""
    async with parts.store.municipality(caller.municipality) as connection:
        await _expect_known(connection, person)
        return _read(await absences.of_person(connection, person))


@router.put(
    "/v1/people/{person}/absences", summary="Say when a person is away", responses=problems(404, with_body=True)
)
async def write_absences(person: PersonId, body: AbsencesBody, parts: GivenParts, caller: Caller) -> AbsencesRead:
    """Write all absences of a person over what was known: by himself, by a supervisor or by a system.

    What is asked of the person waits for him from the very next command or wake-up of each course on, within the
    municipality's `longest_postponement`.
    """
    expect_may_register_absence(caller, person)
    away = _absences(body)
    async with parts.calendars.changing(caller.municipality, local_date(parts.clock.now())) as connection:
        await _expect_known(connection, person)
        await absences.replace(connection, person, away)
    return _read(away)


async def _expect_known(connection: Connection, person: str) -> None:
    """Raise ProblemError for somebody whom the directory does not know."""
    if await people.get(connection, person) is None:
        raise ProblemError(ApiCode.PERSON_NOT_FOUND)


def _absences(body: AbsencesBody) -> tuple[Absence, ...]:
    """Return the absences, the earliest first; raises ProblemError for one that ends early or meets another."""
    told = sorted((told.from_, told.until or date.max, index) for index, told in enumerate(body.absences))
    backwards = [(f"absences.{index}.until", "≥ from") for since, until, index in told if until < since]
    overlaps = [
        (f"absences.{index}.from", f"> absences.{before}.until")
        for (_, until, before), (since, _, index) in pairwise(told)
        if since <= until
    ]
    wrong = backwards or overlaps
    expect_no([Issue(ApiCode.NOT_IN_RANGE, name, {"expected": expected}) for name, expected in wrong])
    return tuple(Absence(since=since, until=body.absences[index].until) for since, _, index in told)


def _read(away: tuple[Absence, ...]) -> AbsencesRead:
    lines = [{"from": absence.since, "until": absence.until} for absence in away]
    return AbsencesRead.model_validate({"absences": lines})
