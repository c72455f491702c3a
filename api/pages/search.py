"""One field on every page finds cases, companies and colleagues; what was looked for stands in no address."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from pydantic import StringConstraints
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.http.access import CourseReader
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.fields import Body, OneLine
from api.http.negotiation import CallersLanguage
from api.http.same_origin import expect_same_origin
from api.pages.addresses import see_other
from api.pages.forms import Form, body_of
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from api.search.routes import Found, search
from domain.identity import Role
from rules.language.facts import READERS, FactType

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_P_NUMBER: Final = READERS[FactType.P_NUMBER]


class Sought(Body):
    """What somebody looks for, as `GET /v1/search` takes it."""

    q: Annotated[OneLine, StringConstraints(min_length=2, max_length=64)]


@router.get("/search")
async def read_search(request: Request, _caller: CourseReader, reader: GivenReader) -> HTMLResponse:
    """Show where to search, as for who comes back to what was found."""
    return render_page(request, "search", reader=reader, found=None, place=None)


@router.post("/search")
async def find(
    request: Request,
    services: GivenServices,
    caller: CourseReader,
    reader: GivenReader,
    language: CallersLanguage,
    reading: GivenReading,
    form: Form,
) -> Response:
    """Show what `GET /v1/search` finds, or go there when it is one place or one course alone."""
    q = body_of(Sought, form, (), "q").q
    found = await search(q, services, caller, language, reading)
    place = q if _P_NUMBER(q) and (found.courses or found.companies) else None
    only = _only(found, place) if set(reader.roles) != {Role.OBSERVER} else None
    if only is not None:
        return see_other(only)
    return render_page(request, "search", reader=reader, found=found, place=place)


def _only(found: Found, place: str | None) -> str | None:
    """Return the page of the only thing that was found; a number of a workplace is one, whoever is there."""
    pages = [f"/courses/{course.id}" for course in found.courses]
    pages += [f"/workplaces/{company.p_number}" for company in found.companies]
    if place is not None:
        return f"/workplaces/{place}"
    return pages[0] if len(pages) == 1 and not found.people else None
