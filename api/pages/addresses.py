"""Addresses on this very site that a form or a login names to come back to."""

import re
from typing import Final

FRONT: Final = "/"
_OWN: Final = re.compile(r"/(?![/\\])[\w./#?=&-]{0,200}", re.ASCII)


def own_address(named: str | None) -> str:
    """Return an address of ours, or the front page in the place of one that could lead elsewhere."""
    return named if named and _OWN.fullmatch(named) else FRONT
