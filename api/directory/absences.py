"""When people are away and who covers for them: the days and nothing of why, for a reason could be health (P6)."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.directory.covers import AbsenceConcerns, CoverBody, CoverRead, Named, expect_covers, what_it_concerns
from api.directory.names import with_names
from api.http.access import RegisterReader, Reporter, expect_governs
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.fields import Body, Day, PersonInPath, examples
from api.http.problems import Issue, ProblemError, expect_no, wrong
from api.http.responses import problems
from domain.reach import Reach
from infra.store.engine import Connection
from infra.store.queries.absences import is_led
from infra.store.registers import absences, people
from infra.store.registers.people import Person
from rules.calendar.data import Absence, NamedCover

router = APIRouter(tags=["people"])

_MOST: Final = 200
_MOST_COVERS: Final = 20
_COURSE: Final = "5d4f0f57-6d0c-5a0b-9d56-0d1f6a1c2b3e"
_CARL: Final = {"person": "carl", "name": "Carl Eksempel", "courses": [_COURSE]}
_EXAMPLE: Final = {
    "absences": [
        {"from": "2026-07-06", "until": "2026-07-24", "cover": [_CARL, {"person": "dina"}]},
        {"from": "2026-10-01"},
    ]
}
_REGISTERED: Final = {"absences": [{"from": "2026-07-06", "until": "2026-07-24", "cover": [_CARL]}]}
_WAITS: Final = {"acknowledgement": 1}
_CONCERNS: Final = {
    "from": "2026-07-06",
    "waits": _WAITS,
    "courses": [
        {
            "course": _COURSE,
            "reference": "case-42",
            "standing": "covered",
            "cover": "carl",
            "cover_name": "Carl Eksempel",
            "waits": _WAITS,
        },
    ],
}

_Covers = Annotated[list[CoverBody], Field(max_length=_MOST_COVERS)]
_DryRun = Annotated[bool, Query(description="Only say what this would concern, and write nothing.")]


class AbsenceBody(Body):
    """The days of one absence, both included, open while `until` is not known; and who covers meanwhile.

    In each course the first one of `cover` acts who is named for it, holds no role in it already and is not away.
    """

    from_: Day = Field(alias="from")
    until: Day | None = None
    cover: _Covers = Field(default_factory=list)


class AbsencesBody(Body):
    """Every absence that is known, those to come and those past; what is left out is taken back."""

    absences: Annotated[list[AbsenceBody], Field(max_length=_MOST)]

    model_config = examples(_EXAMPLE, {"absences": []})


class AbsenceRead(BaseModel):
    """The days of one absence, both included, and who covers meanwhile."""

    from_: date = Field(alias="from")
    until: date | None
    cover: list[CoverRead]


class AbsencesRead(BaseModel):
    """The absences of a person, the earliest first."""

    absences: list[AbsenceRead]

    model_config = examples(_REGISTERED)


class AbsencesWritten(AbsencesRead):
    """The absences as they are now, or would be; `concerns` is what those concern that are not over."""

    dry_run: bool
    concerns: list[AbsenceConcerns]

    model_config = examples({**_REGISTERED, "dry_run": False, "concerns": [_CONCERNS]})


@router.get("/v1/people/{person}/absences", summary="When is a person away?", responses=problems(404))
async def read_absences(
    person: PersonInPath, services: GivenServices, caller: RegisterReader, _reading: GivenReading
) -> AbsencesRead:
    """Return when a person is away: to that person, to who works in the person's unit, and to who is named as cover.

    A leader of a unit reads it too of who holds courses there.
    """
    async with services.store.municipality(caller.municipality) as connection:
        await expect_near(connection, reach_of(caller, services.clock.now()), person)
        return await with_names(connection, AbsencesRead(absences=await _registered(connection, person)))


async def expect_near(connection: Connection, reach: Reach, person: str) -> None:
    """Expect that the caller may know when a person is away; raises ProblemError 403, and 404 for nobody known."""
    entry = await _listed_person(connection, person)
    if reach.person == person or reach.includes(entry.unit):
        return
    registered = await absences.of_person(connection, person)
    if reach.person in {cover.person for away in registered for cover in away.covers}:
        return
    if not await is_led(connection, reach, person):
        raise wrong(ApiCode.ELSEWHERE, "person")


@router.put(
    "/v1/people/{person}/absences", summary="Say when a person is away", responses=problems(404, with_body=True)
)
async def write_absences(
    person: PersonInPath,
    body: AbsencesBody,
    services: GivenServices,
    caller: Reporter,
    *,
    dry_run: _DryRun = False,
) -> AbsencesWritten:
    """Write all absences of a person over what was known: by that person, or by who governs the person's unit.

    Reminders wait for the person from the very next command or wake-up of each course on, within the
    municipality's `longest_postponement`. On the days of a cover they run in that person's time, who is named among
    those waited for, reads what is new and may acknowledge, dispute and answer on the absent person's behalf.
    """
    reach = reach_of(caller, services.clock.now())
    if not dry_run:
        async with services.calendars.changing(caller.municipality, reach.today) as connection:
            return await _written(connection, reach, person, body)
    async with services.store.municipality(caller.municipality) as connection, connection.begin_nested() as trial:
        would_be = await _written(connection, reach, person, body)
        await trial.rollback()
    return would_be.model_copy(update={"dry_run": True})


async def _written(connection: Connection, reach: Reach, person: str, body: AbsencesBody) -> AbsencesWritten:
    """Write, and return what is so then; a dry run does just the same and takes it back."""
    entry = await _listed_person(connection, person)
    if person != reach.person:
        expect_governs(reach, "person", entry.unit)
        await _expect_another_cover(connection, reach, person, body)
    away = _absences(body)
    named = [Named(is_over=(away.until or date.max) < reach.today, covers=away.cover) for away in body.absences]
    await expect_covers(connection, reach, person, named)
    await absences.replace(connection, person, away)
    concerns = await what_it_concerns(connection, reach, person)
    written = AbsencesWritten(absences=await _registered(connection, person), dry_run=False, concerns=concerns)
    return await with_names(connection, written)


async def _expect_another_cover(connection: Connection, reach: Reach, person: str, body: AbsencesBody) -> None:
    """Expect that the caller covers for another no longer and before nobody else than is so; raises ProblemError 403.

    A cover sees the absent person's courses, so who governs the person's unit would see them by his own word alone.
    """
    registered = {away.since: away for away in await absences.of_person(connection, person)}
    expect_no(
        [
            Issue(ApiCode.COVERS_ONESELF, f"absences.{index}.cover.{place}.person")
            for index, away in enumerate(body.absences)
            for place, cover in enumerate(_covers_in(away))
            if cover.person == reach.person and not _stood(registered.get(away.from_), away, place)
        ]
    )


def _stood(registered: Absence | None, away: AbsenceBody, place: int) -> bool:
    """Return whether one of the covers was named already, for no fewer days and behind no more others."""
    named, covers = _covers_in(away), registered.covers if registered else ()
    if registered is None or named[place] not in covers:
        return False
    is_no_longer = (away.until or date.max) <= (registered.until or date.max)
    return is_no_longer and set(covers[: covers.index(named[place])]) <= set(named[:place])


async def _listed_person(connection: Connection, person: str) -> Person:
    """Return a person of the directory; raises ProblemError 404 for anybody else."""
    entry = await people.get(connection, person)
    if entry is None:
        raise ProblemError(ApiCode.PERSON_NOT_FOUND)
    return entry


def _absences(body: AbsencesBody) -> tuple[Absence, ...]:
    """Return the absences, the earliest first; raises ProblemError for one that ends early or meets another."""
    days = sorted((absence.from_, absence.until or date.max, index) for index, absence in enumerate(body.absences))
    backwards = [(f"absences.{index}.until", "≥ from") for since, until, index in days if until < since]
    overlaps = [
        (f"absences.{index}.from", f"> absences.{before}.until")
        for (_, until, before), (since, _, index) in pairwise(days)
        if since <= until
    ]
    wrong = backwards or overlaps
    expect_no([Issue(ApiCode.NOT_IN_RANGE, name, {"expected": expected}) for name, expected in wrong])
    every = [body.absences[index] for _, _, index in days]
    return tuple(Absence(since=away.from_, until=away.until, covers=_covers_in(away)) for away in every)


def _covers_in(away: AbsenceBody) -> tuple[NamedCover, ...]:
    return tuple(NamedCover(**cover.model_dump(exclude={"name"})) for cover in away.cover)


async def _registered(connection: Connection, person: str) -> list[AbsenceRead]:
    """Return the absences of a person with who covers, the earliest first."""
    return [
        AbsenceRead.model_validate(
            {"from": away.since, "until": away.until, "cover": [cover.model_dump() for cover in away.covers]}
        )
        for away in await absences.of_person(connection, person)
    ]
