"""How it goes: figures of whole months and units, as JSON and as a table for a spreadsheet (P10, P14)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from api.directory.names import with_names
from api.figures.models import By, Month, StatisticsRead, UnitNamed
from api.figures.reading import Months, counted_within, default_period, figures_read, parts
from api.figures.table import as_csv
from api.http.access import FiguresReader
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.negotiation import CallersLanguage, media_type_of
from api.http.problems import ProblemError, wrong
from api.http.responses import AS_TEXT, problems
from domain.figures import SEVERAL
from infra.security.tokens import Claims
from infra.store.registers import figures
from rules.language.formats import Language
from wording.catalog import catalog
from wording.labels import Labels

router = APIRouter(tags=["statistics"])

JSON: Final = "application/json"
CSV: Final = "text/csv"
_UNIT: Final = r"^([a-z0-9][a-z0-9_-]{0,39})?$"
"""A unit, or nothing, as a form of a page says that none is chosen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures are asked for; without months the last year counted, without a unit each one and all together."""

    first: str | None = None
    last: str | None = None
    by: By = By.WHOLE
    unit: str | None = None


async def _asked(
    first: Annotated[
        Month | None, Query(alias="from", description="The first month; January of the last year counted.")
    ] = None,
    last: Annotated[Month | None, Query(alias="to", description="The last month; the last one counted.")] = None,
    by: Annotated[By, Query(description="In which parts of the calendar the period is counted.")] = By.WHOLE,
    unit: Annotated[
        str | None, Query(pattern=_UNIT, description="One unit; without it each one, and all together.")
    ] = None,
) -> Asked:
    return Asked(first, last, by, unit or None)


GivenAsked = Annotated[Asked, Depends(_asked)]


@router.get(
    "/v1/statistics",
    summary="How does it go?",
    responses={200: {"model": StatisticsRead, "content": {CSV: AS_TEXT}}, **problems(406)},
    response_model=None,
)
async def read_statistics(
    services: GivenServices,
    caller: FiguresReader,
    language: CallersLanguage,
    reading: GivenReading,
    asked: GivenAsked,
) -> StatisticsRead | Response:
    """Return the figures of the units that the caller governs, in whole months, as JSON or as a table.

    Every number is of five citizens at least, in courses that five colleagues at least hold. People are counted once,
    when a month has been over for a whole month, in groups of whole months of a unit that are never taken apart; a
    group counts in a period that it lies within as a whole. So what has too few people counts in a longer period.
    """
    form = media_type_of(reading.request.headers, (JSON, CSV))
    if form is None:
        raise ProblemError(ApiCode.NOT_ACCEPTABLE)
    read = await statistics(services, caller, language, asked)
    if form == JSON:
        return read
    headers = {"Content-Disposition": 'attachment; filename="statistics.csv"'}
    return Response(as_csv(read, language), media_type=CSV, headers=headers)


async def statistics(services: Services, caller: Claims, language: Language, asked: Asked) -> StatisticsRead:
    """Return the figures; raises ProblemError 403 for a unit that the caller does not govern."""
    reach = reach_of(caller, services.clock.now())
    if asked.unit is not None and not reach.governs(asked.unit):
        raise wrong(ApiCode.NOT_GOVERNED, "unit")
    if caller.municipality not in services.settings.statistics_in:
        return _nothing(language)
    units = reach.governed_units if asked.unit is None else frozenset({asked.unit})
    async with services.store.municipality(caller.municipality) as connection:
        until = await figures.last_counted(connection)
        if until is None:
            return _nothing(language, is_on=True)
        usual = default_period(until)
        whole = Months(_month(asked.first, usual.first), _month(asked.last, usual.last))
        rows = await figures.counted_figures(connection, *whole, units)
        books = await services.rulebooks.books(caller.municipality, {row.rules_sha256 for row in rows})
        labels = {sha256: Labels(book, language) for sha256, book in books.items()}
        read = StatisticsRead(
            is_on=True,
            why_off=None,
            counted_until=f"{until:%Y-%m}",
            period=whole.read,
            units=[UnitNamed(unit=name) for name in sorted({row.unit for row in rows} - {SEVERAL})],
            figures=figures_read(rows, [*parts(counted_within(whole, rows, until), asked.by)], units, labels),
        )
        return await with_names(connection, read)


def _nothing(language: Language, *, is_on: bool = False) -> StatisticsRead:
    why_off = None if is_on else catalog(language).figures["off"]
    return StatisticsRead(is_on=is_on, why_off=why_off, counted_until=None, period=None, units=[], figures=[])


def _month(written: str | None, usual: date) -> date:
    return usual if written is None else date.fromisoformat(f"{written}-01")
