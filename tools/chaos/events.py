"""P7 for webhooks, course by course: every event arrives at least once, in order, and under the id of the feed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from tools.chaos.evidence import Evidence

_USES_UP: Final = frozenset({"visit_left", "visit_branched"})
_OPEN: Final = frozenset({"pending", "failing"})
_LATE: Final = timedelta(seconds=30)
"""How long after its time a webhook may be served; one that a killed worker had claimed is due again later."""

Place = tuple[int, int]


def undelivered(records: Evidence) -> Iterator[str]:
    """Yield each event that did not arrive, and that nobody is about to send."""
    about_to_come, arrived = set(owed(records)), set(records.arrived)
    yield from (f"the event {each} never arrived" for each in _events(records) if each not in about_to_come | arrived)


def disordered(records: Evidence) -> Iterator[str]:
    """Yield each event that arrived after a later one of the course, and each that is none of the course's."""
    order = {event: number for number, event in enumerate(_events(records))}
    reached = 0
    for event in records.arrived:
        if event not in order:
            yield f"nobody recorded the event {event}"
        elif order[event] < reached:
            yield f"the event {event} arrived after a later one"
        reached = max(reached, order.get(event, 0))


def owed(records: Evidence) -> list[str]:
    """Return the events that have not arrived and that a worker is about to send: queued, or not yet read."""
    webhook, arrived = records.webhook, set(records.arrived)
    if webhook is None or webhook["state"] != "active" or webhook["due_at"] < records.workflow.seen_at - _LATE:
        return []
    queued = {row["event_id"]: row["state"] in _OPEN for row in records.queued}
    read = webhook["tx"] or 0, webhook["position"] or 0
    return [
        event for event, place in _events(records).items() if event not in arrived and queued.get(event, place > read)
    ]


def repeated(records: Evidence) -> int:
    """Return how often an event arrived that had arrived before."""
    return len(records.arrived) - len(set(records.arrived))


def _events(records: Evidence) -> dict[str, Place]:
    """Return the ids of all events in order with their places; behind an event the final briefing that it makes."""
    events: dict[str, Place] = {}
    for event in records.journal:
        place = event["tx"], event["position"]
        events[f"{records.course}/{event['epoch']}/{event['revision']}/{event['seq']}"] = place
        version = event["detail"].get("version", 0) if event["kind"] in _USES_UP else 0
        if version > 0:
            events.setdefault(f"{records.course}/briefing.final/{event['visit']}/{version}", place)
    return events
