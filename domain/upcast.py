"""Reads stored events of an older shape in the newest one; what is stored is never rewritten.

There is no upcaster before version 1.0.0, because nothing stored has to survive until then.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: Final[dict[tuple[str, int], Upcaster]] = {}
"""From (kind, shape number) to the function that lifts a stored event to the next shape number."""


def upcast(stored: Mapping[str, Any], upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS) -> dict[str, Any]:
    """Return `stored` lifted shape by shape until no upcaster is left."""
    event = dict(stored)
    while lift := upcasters.get((event["kind"], event.get("v", 1))):
        event = {**lift(event), "v": event.get("v", 1) + 1}
    return event
