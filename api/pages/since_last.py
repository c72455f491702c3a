"""Since last: what is new in the reader's courses, who acted for him, and what waits; on one page after an absence."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.absences.since_last import read_since_last
from api.http.access import Worker
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.fields import Day
from api.http.negotiation import CallersLanguage
from api.http.same_origin import expect_same_origin
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from domain.calendar import danish_day, start_of_day
from domain.since_last import FURTHEST

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_From = Annotated[Day | None, Query(alias="from")]


@router.get("/since-last")
async def read_what_is_new(
    request: Request,
    services: GivenServices,
    caller: Worker,
    reader: GivenReader,
    language: CallersLanguage,
    reading: GivenReading,
    first_day: _From = None,
) -> HTMLResponse:
    """Show what `GET /v1/since-last` tells the same person, from the beginning of a day if one is named."""
    since = start_of_day(first_day) if first_day is not None else None
    told = await read_since_last(services, caller, language, reading, since)
    now = services.clock.now()
    earliest, today = danish_day(now - FURTHEST), danish_day(now)
    return render_page(request, "since_last", reader=reader, told=told, earliest=earliest, today=today)
