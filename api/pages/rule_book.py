"""The rule book: which sets there are, and each of them in words, to read, to search and to print."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.access import Anybody
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.negotiation import CallersLanguage
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from api.rulesets.routes import list_rule_sets
from api.rulesets.versions import GivenBook
from rules.reading.book_in_words import book_in_words

router = APIRouter(include_in_schema=False)


@router.get("/rules")
async def show_rule_sets(
    request: Request,
    services: GivenServices,
    caller: Anybody,
    reader: GivenReader,
    language: CallersLanguage,
    reading: GivenReading,
) -> HTMLResponse:
    """Show what `GET /v1/rulesets` tells, the sets that courses begin with today first."""
    sets = await list_rule_sets(services, caller, language, reading)
    shown = sorted(sets.items, key=lambda one: (not one.is_in_force, one.title, one.version))
    return render_page(request, "rule_sets", reader=reader, sets=shown)


@router.get("/rules/{rule_set}")
async def show_rule_book(
    request: Request, rule_set: GivenBook, _caller: Anybody, reader: GivenReader, language: CallersLanguage
) -> HTMLResponse:
    """Show what `GET /v1/rulesets/{rule_set}/book` tells."""
    return render_page(request, "rule_book", reader=reader, book=book_in_words(rule_set, language))
