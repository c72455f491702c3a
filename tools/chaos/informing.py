"""P1 read from the journal alone: who was informed of what when a visit was advanced, and of all of it (P3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tools.chaos.content import Content
from tools.chaos.evidence import Evidence, Row

_ROLES: Final = frozenset({"caseworker", "company_consultant"})


@dataclass
class _Visit:
    """The version that is current, and which human informed himself of it in each role."""

    version: int = 0
    informed: dict[str, str] = field(default_factory=dict)


def uninformed(records: Evidence) -> Iterator[str]:
    """Yield each advance whose current version not both roles, two humans, had acknowledged, or kept something back."""
    visits: dict[int, _Visit] = {}
    content = Content()
    is_shared = False
    for event in records.journal:
        detail = event["detail"] or {}
        if event["kind"] in {"roles_shared", "roles_separated"}:
            is_shared = event["kind"] == "roles_shared"
        if event["kind"] in {"visit_left", "visit_branched"}:
            yield from _advanced(visits, event, detail, is_shared=is_shared)
            yield from _withheld(content, visits, event, detail)
        _read(visits, event, detail)
        content.read(event, detail)


def _read(visits: dict[int, _Visit], event: Row, detail: dict[str, Any]) -> None:
    """Follow who is informed; a new version, a dispute and a hand-over each take that back."""
    visit = visits.get(event["visit"], _Visit())
    is_current = detail.get("version") == visit.version
    match event["kind"]:
        case "visit_entered" if detail.get("left_at"):
            visits.pop(event["visit"], None)
        case "visit_entered" | "briefing_issued":
            visits[event["visit"]] = _Visit(detail.get("version", 0))
        case "briefing_acknowledged" if is_current:
            visit.informed |= dict.fromkeys(detail["roles"], event["actor"])
        case "briefing_disputed" | "acknowledgement_taken_back" if is_current:
            _take_back([visit], detail["roles"])
        case "party_assigned":
            _take_back(visits.values(), [detail["role"]])
        case "visit_left":
            visits.pop(event["visit"], None)


def _take_back(visits: Iterable[_Visit], roles: Iterable[str]) -> None:
    for visit in visits:
        for role in roles:
            visit.informed.pop(role, None)


def _advanced(visits: dict[int, _Visit], event: Row, detail: dict[str, Any], *, is_shared: bool) -> Iterator[str]:
    """Check one advance; a course that closes does so by the briefing of its newest open visit."""
    number = _briefed(visits, event, detail)
    visit = visits.get(number, _Visit())
    humans = set(visit.informed.values())
    if detail["version"] != visit.version or set(visit.informed) != _ROLES:
        yield f"visit {number} was left by version {detail['version']}, and {visit.informed} knew {visit.version}"
    elif len(humans) < len(_ROLES) and not is_shared:
        yield f"visit {number} was left with {humans} as both roles"


def _withheld(content: Content, visits: dict[int, _Visit], event: Row, detail: dict[str, Any]) -> Iterator[str]:
    """Yield what an advance was made without; a course that closes ends every open visit at once."""
    is_last = bool(detail.get("closing"))
    number = _briefed(visits, event, detail)
    ended = set(visits) if is_last else {number}
    for missing in content.withheld(number, ended, is_last=is_last):
        yield f"visit {number} was left by version {detail['version']}, which does not show {missing}"


def _briefed(visits: dict[int, _Visit], event: Row, detail: dict[str, Any]) -> int:
    """Return the visit whose briefing counts; a course that closes does so by that of its newest open visit."""
    return max(visits, default=event["visit"]) if detail.get("closing") else int(event["visit"])
