"""The front page, and the reader's choice of a language."""

from typing import Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.http.dependencies import GivenServices
from api.http.negotiation import LANGUAGE_COOKIE, LANGUAGES
from api.http.same_origin import expect_same_origin
from api.http.sessions import claims_if_any
from api.pages.addresses import own_address, see_other
from api.pages.demo import is_demo
from api.pages.demo_town import COURSES, read_town
from api.pages.forms import Form
from api.pages.reader import reader_of
from api.pages.rendering import render_page

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_YEAR: Final = 365 * 24 * 3600


@router.get("/")
async def read_front(request: Request, services: GivenServices) -> HTMLResponse:
    """Say what this is and where to begin."""
    claims = await claims_if_any(request, services)
    reader = await reader_of(services, claims) if claims else None
    town = await read_town(services) if is_demo(request, services) else None
    return render_page(request, "front", reader=reader, town=town, most=COURSES)


@router.post("/language")
async def choose_language(form: Form) -> RedirectResponse:
    """Remember the language that was chosen, and go back."""
    back = see_other(own_address(form.get("back")))
    if form.get("language") in LANGUAGES:
        back.set_cookie(LANGUAGE_COOKIE, form["language"], max_age=_YEAR, httponly=True, samesite="lax")
    return back
