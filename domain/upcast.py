"""Older events in today's shape: an event is never rewritten, it is lifted when read."""

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
