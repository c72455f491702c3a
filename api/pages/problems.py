"""A problem as people read it: what was wrong, what puts it right, and what is different from what they read."""

from typing import Final
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from api.http.codes import ApiCode
from api.http.problems import ProblemDocument
from api.pages.addresses import FRONT, own_address, see_other
from api.pages.rendering import render_page

_BY_HTMX: Final = "hx-request"


def problem_page(request: Request, problem: ProblemDocument) -> Response:
    """Return the page of a problem; who is not logged in comes to the login and back.

    The address of a button, opened by itself as by a link back to where it was refused, leads to the page above it.
    """
    if problem.code == ApiCode.LOGIN_NEEDED:
        return _to_login(request)
    if problem.code == ApiCode.METHOD_NOT_ALLOWED and request.method == "GET":
        return see_other(own_address(request.url.path.rpartition("/")[0]))
    came_from = _page_of(request) if request.method != "GET" else FRONT
    return render_page(request, "problem", problem.status, problem=problem, came_from=came_from)


def _to_login(request: Request) -> Response:
    login = f"/login?back={quote(_page_of(request), safe='')}"
    if _BY_HTMX in request.headers:
        return Response(headers={"HX-Redirect": login})
    return see_other(login)


def _page_of(request: Request) -> str:
    """Return the page that was asked for, or that had the button which was pressed."""
    asked = urlsplit(str(request.url) if request.method == "GET" else request.headers.get("referer", ""))
    is_ours = asked.netloc == request.url.netloc
    return own_address(f"{asked.path}?{asked.query}" if asked.query else asked.path) if is_ours else own_address(None)
