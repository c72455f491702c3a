"""Writes the event log as XES (IEEE 1849), course by course: days, steps and roles, and nothing that was said (P10)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID
from xml.sax.saxutils import quoteattr

from domain.calendar import danish_day, danish_time, start_of_day
from domain.identity import ENGINE, GATE_ROLES
from infra.store.queries.event_log import LoggedEvent

COURSE: Final = "course"
"""What the course as a whole is called where a step would stand."""

LIFECYCLES: Final[Mapping[str, tuple[str | None, str]]] = {
    "course_started": (COURSE, "start"),
    "course_paused": (COURSE, "suspend"),
    "course_resumed": (COURSE, "resume"),
    "course_completed": (COURSE, "complete"),
    "course_reopened": (COURSE, "start"),
    "visit_entered": (None, "start"),
    "visit_left": (None, "complete"),
    "visit_reopened": (None, "start"),
    "visit_withdrawn": (None, "pi_abort"),
    "went_ahead": ("went_ahead", "complete"),
    "party_assigned": ("party_assigned", "complete"),
    "facts_reported": ("facts_reported", "complete"),
    "note_added": ("note_added", "complete"),
    "briefing_issued": ("briefing_issued", "complete"),
    "briefing_acknowledged": ("briefing_acknowledged", "complete"),
    "briefing_disputed": ("briefing_disputed", "complete"),
    "dispute_ended": ("dispute_ended", "complete"),
    "requirement_waived": ("requirement_waived", "complete"),
    "escalation_taken": ("escalation_taken", "complete"),
}
"""What is logged: how each kind of event is called, None for the step itself, and what it is in a life cycle."""

_SYSTEM: Final = "system"
_EXTENSIONS: Final = (("Concept", "concept"), ("Time", "time"), ("Organizational", "org"), ("Lifecycle", "lifecycle"))

HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    + "".join(
        f'  <extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
        for name, prefix in _EXTENSIONS
    )
    + '  <global scope="trace">\n    <string key="concept:name" value="-"/>\n  </global>\n'
    '  <global scope="event">\n    <string key="concept:name" value="-"/>\n'
    '    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>\n'
    '    <string key="lifecycle:transition" value="complete"/>\n  </global>\n'
    '  <classifier name="Activity" keys="concept:name lifecycle:transition"/>\n'
    '  <string key="lifecycle:model" value="standard"/>\n'
)
TAIL: Final = "</log>\n"


def traces(events: Iterable[LoggedEvent], pseudonym: Callable[[UUID], str]) -> Iterator[str]:
    """Yield the traces of some courses, whose events come one course after the other, each under its pseudonym."""
    course: UUID | None = None
    holders: dict[str, str] = {}
    for event in events:
        if event.course_id != course:
            if course is not None:
                yield "  </trace>\n"
            course, holders = event.course_id, {}
            yield f"  <trace>\n{_string('concept:name', pseudonym(course), 4)}{_string('rules', event.rules_id, 4)}"
        if event.kind == "party_assigned" and event.role and event.person:
            holders[event.role] = event.person
        yield from _events(event, holders)
    if course is not None:
        yield "  </trace>\n"


def _events(event: LoggedEvent, holders: Mapping[str, str]) -> Iterator[str]:
    """Yield an event, once for each role in which it was done; its time is the beginning of its Danish day."""
    name, transition = LIFECYCLES[event.kind]
    day = danish_time(start_of_day(danish_day(event.at))).isoformat(timespec="milliseconds")
    for role in _roles(event, holders):
        yield "    <event>\n"
        yield _string("concept:name", name or event.step or COURSE)
        yield f'      <date key="time:timestamp" value="{day}"/>\n'
        yield _string("lifecycle:transition", transition)
        yield _string("org:role", role) if role else ""
        yield _string("step", event.step) if event.step and name is not None else ""
        yield "    </event>\n"


def _roles(event: LoggedEvent, holders: Mapping[str, str]) -> list[str | None]:
    """Return in which roles something was done, as far as the course itself says so."""
    if event.actor == ENGINE:
        return [_SYSTEM]
    held = [role for role in GATE_ROLES if holders.get(role) == event.actor]
    return [*(event.roles or held)] or [None]


def _string(key: str, value: str, indent: int = 6) -> str:
    return f"{' ' * indent}<string key={quoteattr(key)} value={quoteattr(value)}/>\n"
