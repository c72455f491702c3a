"""The chain of a course: revision after revision, each with its events and with a digest of all that came before."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from tools.chaos.evidence import Evidence, Row

_VISIT_OF_A_WAIT: Final = frozenset({"notice_raised", "escalation_taken"})
"""The events whose visit is that of what they are about, and stands in the row alone."""


def broken_links(records: Evidence) -> Iterator[str]:
    """Yield each gap in the revisions or their events, and each digest that is not that of what came before."""
    events: defaultdict[int, list[Row]] = defaultdict(list)
    for event in records.journal:
        events[event["revision"]].append(event)
    places = [(revision["epoch"], revision["revision"]) for revision in records.revisions]
    if places != [(1, number) for number in range(1, records.row["revision"] + 1)]:
        yield f"the row is at revision {records.row['revision']}, and the revisions are {places}"
    if set(events) != {number for _, number in places}:
        yield f"the journal tells of {sorted(events)}, and the revisions are {places}"
    before = ""
    for revision in records.revisions:
        logged = events[revision["revision"]]
        if [event["seq"] for event in logged] != list(range(1, len(logged) + 1)):
            yield f"revision {revision['revision']} has the events {[event['seq'] for event in logged]}"
        before = digest(before, logged)
        if revision["digest"] != before:
            yield f"the digest of revision {revision['revision']} is not that of its events"
            return


def digest(before: str, events: Sequence[Row]) -> str:
    """Return the digest of a revision's events after what came `before`."""
    logged = json.dumps([_written(e) for e in events], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{before}\n{logged}".encode()).hexdigest()


def _written(event: Row) -> dict[str, Any]:
    """Return an event as it was when it was digested: the row's columns back among its details."""
    at: datetime = event["at"].astimezone(UTC)
    written = {"kind": event["kind"], "v": event["v"], "at": f"{at:%Y-%m-%dT%H:%M:%S}{_fraction(at)}Z"}
    if event["visit"] is not None and event["kind"] not in _VISIT_OF_A_WAIT:
        written["visit"] = event["visit"]
    return {**written, "by": event["actor"], **(event["detail"] or {})}


def _fraction(at: datetime) -> str:
    return f".{at.microsecond:06}" if at.microsecond else ""
