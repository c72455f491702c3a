"""How it goes: the figures of the reader's units, drawn and as tables, and the same numbers for a spreadsheet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.figures.models import By, Month, StatisticsRead
from api.figures.routes import CSV, GivenAsked, statistics
from api.figures.table import as_csv
from api.http.access import FiguresReader
from api.http.dependencies import GivenServices
from api.http.negotiation import CallersLanguage
from api.pages.reader import GivenReader
from api.pages.rendering import render_page

router = APIRouter(include_in_schema=False)

_YEARS: Final = 6
"""How many years may be chosen; older figures are had from the API."""


@router.get("/statistics")
async def show_statistics(
    request: Request,
    services: GivenServices,
    caller: FiguresReader,
    reader: GivenReader,
    language: CallersLanguage,
    asked: GivenAsked,
) -> HTMLResponse:
    """Show what `GET /v1/statistics` tells the same person."""
    read = await statistics(services, caller, language, asked)
    every = read if asked.unit is None else await statistics(services, caller, language, replace(asked, unit=None))
    return render_page(
        request,
        "statistics",
        reader=reader,
        read=read,
        units=every.units,
        unit=asked.unit or "",
        by=asked.by,
        ways=[*By],
        months=_months(read),
        query=request.url.query,
    )


@router.get("/statistics.csv")
async def download_statistics(
    services: GivenServices,
    caller: FiguresReader,
    language: CallersLanguage,
    asked: GivenAsked,
) -> Response:
    """Give the same numbers as a file."""
    read = await statistics(services, caller, language, asked)
    headers = {"Content-Disposition": 'attachment; filename="statistics.csv"'}
    return Response(as_csv(read, language), media_type=CSV, headers=headers)


def _months(read: StatisticsRead) -> Sequence[Month]:
    """Return the months to choose from, the newest first."""
    if read.counted_until is None:
        return []
    until = date.fromisoformat(f"{read.counted_until}-01")
    newest = until.year * 12 + until.month - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(newest, (until.year - _YEARS) * 12 - 1, -1)]
