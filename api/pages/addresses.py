"""Addresses on this very site, and how a form or a login leads to one."""

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse

FRONT: Final = "/"
_OWN: Final = re.compile(r"/(?![/\\])[\w./#?=&-]{0,200}", re.ASCII)


def own_address(named: str | None) -> str:
    """Return an address of ours, or the front page in the place of one that could lead elsewhere."""
    return named if named and _OWN.fullmatch(named) else FRONT


def address_here(request: Request) -> str:
    """Return the address of the page that a request shows, or of the button that was pressed."""
    path, query = request.url.path, request.url.query
    asked = own_address(f"{path}?{query}") if query and request.method == "GET" else FRONT
    return path if asked == FRONT else asked


def see_other(address: str) -> RedirectResponse:
    """Lead to a page, so that loading it anew posts nothing twice (303)."""
    return RedirectResponse(address, 303)
