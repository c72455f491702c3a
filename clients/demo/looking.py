"""Looking whether what the demo says of its courses is what the API answers."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from clients.demo.stories import End

_SHOWN: Final[Mapping[str, Callable[[dict[str, Any]], bool]]] = {
    "": lambda _read: True,
    "is a second company visit": lambda read: any(v["is_open"] and v["ordinal"] > 1 for v in read["visits"]),
    "has one person in both roles": lambda read: len({party["person"] for party in read["parties"]}) == 1,
    "is stalled": lambda read: read["is_stalled"],
    "waits for a dispute": lambda read: _waits_for(read, "dispute"),
    "waits for a question": lambda read: _waits_for(read, "question"),
    "is paused": lambda read: read["status"] == "paused",
    "is contradicted": lambda read: any(fact["contradicted_by"] for fact in read["facts"]),
    "says twelve hours": lambda read: "12" in [str(f["value"]) for f in read["facts"] if f["counts"]],
    "is ahead of informing": lambda read: read["is_ahead_of_informing"],
    "has an observer": lambda read: bool(read["observers"]),
}


def stands(read: dict[str, Any]) -> str:
    """Return the open steps of a course, or that it is closed."""
    steps = "+".join(visit["step"]["id"] for visit in read["visits"] if visit["is_open"])
    return steps or str(read["status"])


def is_as_told(read: dict[str, Any], end: End) -> bool:
    """Say whether a course ended as its story says."""
    return stands(read) == end.stands and _SHOWN[end.shows](read)


def _waits_for(read: dict[str, Any], kind: str) -> bool:
    return any(waiting["kind"] == kind for waiting in read["waiting"])
