"""The absences that a leader answers for: who is away when, and in which courses nobody covers meanwhile."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field, TypeAdapter

from api.absences.courses import AbsentCourse, absent_course, lines_of
from api.directory.names import NameOf, UnitName, with_names
from api.http.access import Registrar
from api.http.caller import reach_of
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging, PageOf
from api.http.read_model import ReadModel
from api.http.responses import problems
from domain.falling_due import window
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import absences, concerns
from infra.store.queries.absences import Cursor, LedAbsence
from infra.store.queries.concerns import Concern
from rules.language.formats import Language

router = APIRouter(tags=["people"])

_LONGEST: Final = 366
_MOST: Final = 20
"""How many absences a page has at most, for every course without cover is read in full."""
_BY_DAY: Final[TypeAdapter[Cursor]] = TypeAdapter(Cursor)
_Days = Annotated[int, Query(ge=0, le=_LONGEST, description="Those that begin within so many days.")]


class LedAbsenceRead(ReadModel):
    """The days on which somebody is away, in how many courses of the caller's units, and those without cover."""

    person: str
    unit: str | None
    from_: date = Field(alias="from")
    until: date | None
    handed_over_at: datetime | None
    courses: int
    without_cover: list[AbsentCourse]
    person_name: Annotated[str | None, NameOf("person")] = None
    unit_name: UnitName = None


@router.get("/v1/absences", summary="Who is away, and where does nobody cover?", responses=problems())
async def list_absences(
    services: GivenServices,
    caller: Registrar,
    language: CallersLanguage,
    paging: GivenPaging,
    _reading: GivenReading,
    within_days: _Days = 60,
) -> PageOf[LedAbsenceRead]:
    """Return the absences that are not over of people in units that the caller governs, or who hold courses there.

    Of each course without cover it says where it stands and what falls due on the days away; never why anybody is away.
    """
    after, reach = paging.position(_BY_DAY), reach_of(caller, services.clock.now())
    async with services.store.municipality(caller.municipality) as connection:
        begun_by = reach.today + timedelta(days=within_days)
        page = await absences.led(connection, reach, begun_by, min(paging.limit, _MOST), after)
        concerned = defaultdict[tuple[str, date], list[Concern]](list)
        for one in await concerns.governed(connection, reach, [(row.person_id, row.since) for row in page.items]):
            concerned[one.absent, one.since].append(one)
        read = await _read(connection, services, caller, page.items, concerned, language)
        return paging.page(await with_names(connection, read), page.next, _BY_DAY)


async def _read(
    connection: Connection,
    services: Services,
    caller: Claims,
    rows: Sequence[LedAbsence],
    concerned: Mapping[tuple[str, date], Sequence[Concern]],
    language: Language,
) -> list[LedAbsenceRead]:
    """Return absences with the courses without cover, which are read by one statement for all."""
    today = reach_of(caller, services.clock.now()).today
    uncovered = {
        (row, one): (one.course_id, window(row.since, row.until, today))
        for row in rows
        for one in concerned.get((row.person_id, row.since), ())
        if one.acting is None
    }
    lines = await lines_of(connection, services, caller.municipality, uncovered.values(), language)
    read = []
    for row in rows:
        keys = ((one, key) for (of, one), key in uncovered.items() if of == row and key in lines)
        without_cover = [absent_course(one, lines[key]) for one, key in keys]
        courses = len(concerned.get((row.person_id, row.since), ()))
        known = {**row.model_dump(), "person": row.person_id, "from": row.since}
        read.append(LedAbsenceRead.model_validate({**known, "courses": courses, "without_cover": without_cover}))
    return read
