"""Addresses on this very site, and how a form or a login leads to one."""

import re
from typing import Final

from starlette.responses import RedirectResponse

FRONT: Final = "/"
_OWN: Final = re.compile(r"/(?![/\\])[\w./#?=&-]{0,200}", re.ASCII)


def own_address(named: str | None) -> str:
    """Return an address of ours, or the front page in the place of one that could lead elsewhere."""
    return named if named and _OWN.fullmatch(named) else FRONT


def see_other(address: str) -> RedirectResponse:
    """Lead to a page, so that loading it anew posts nothing twice (303)."""
    return RedirectResponse(address, 303)
