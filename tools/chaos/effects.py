"""From what somebody said to what the journal must tell of it: by kind, by content and by who said it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tools.chaos.evidence import Row
from tools.chaos.ledger import Request

_EVENT_OF: Final = {
    "start": "course_started",
    "facts": "facts_reported",
    "notes": "note_added",
    "acknowledgements": "briefing_acknowledged",
    "disputes": "briefing_disputed",
    "pause": "course_paused",
    "parties/caseworker": "party_assigned",
    "waivers": "requirement_waived",
    "close": "facts_reported",
}
"""From each kind of request to the event that its command must have left."""
REQUESTED_EVENTS: Final = frozenset(_EVENT_OF.values())

Effect = tuple[Any, ...]


def asked_for(request: Request) -> Effect:
    """Return what must be told of a request; two that tell of one event of a source ask for the same."""
    body = request.body
    match request.what:
        case "start":
            content: Effect = (body["reference"],)
        case "facts":
            content = (_facts(body["facts"]), body.get("source_event_id"))
        case "notes":
            content = (body["kind"], body["text"])
        case "acknowledgements" | "disputes":
            content = (body["briefing"], body["version"])
        case "parties/caseworker":
            content = (body["person"],)
        case "waivers":
            content = (body["requirement"],)
        case "close":
            content = (_facts({"closing_outcome": body["outcome"]}), None)
        case _:
            content = ()
    return (_EVENT_OF[request.what], request.by, *content)


def recorded_effects(journal: Iterable[Row], texts: Mapping[str, str]) -> Iterator[tuple[int, Effect]]:
    """Yield what the journal tells that people or systems said, with the revision that tells it."""
    for event in journal:
        if event["kind"] in REQUESTED_EVENTS and event["actor"] != "@fodslag":
            effect = (event["kind"], event["actor"], *_content(event, event["detail"] or {}, texts))
            yield event["revision"], effect


def _content(event: Row, detail: Row, texts: Mapping[str, str]) -> Effect:
    match event["kind"]:
        case "course_started" | "requirement_waived" as kind:
            return (detail["reference" if kind == "course_started" else "requirement"],)
        case "facts_reported":
            return _facts({fact["fact"]: fact["value"] for fact in detail["facts"]}), detail["source_event_id"]
        case "note_added":
            return detail["note"]["kind"], texts.get(detail["note"]["id"])
        case "briefing_acknowledged" | "briefing_disputed":
            return event["visit"], detail["version"]
        case "party_assigned":
            return (detail["to"]["person"],)
        case _:
            return ()


def _facts(facts: Mapping[str, Any]) -> Effect:
    return tuple(sorted((name, str(value)) for name, value in facts.items()))
