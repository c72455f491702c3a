"""Which details of an event a caller may read, for the journal and the feed alike."""

from typing import Any, Final

from api.http.access import may_read
from domain.events import NoteAdded
from infra.security.tokens import Claims
from infra.store.queries.feed import FeedEntry
from infra.store.queries.final_briefings import FinalBriefing
from infra.store.queries.journal import JournalEntry

_INTERNAL: Final = frozenset({"citizen_key", "citizen_text"})


def is_for(caller: Claims, entry: JournalEntry) -> bool:
    """Whether the caller may read more of the event than that it happened."""
    event = entry.event
    return not isinstance(event, NoteAdded) or may_read(caller, event.note)


def detail_for(caller: Claims, entry: JournalEntry) -> dict[str, Any] | None:
    """Return the event's own fields, or None when they are erased or not for the caller."""
    if entry.detail is None or not is_for(caller, entry):
        return None
    return {name: value for name, value in entry.detail.items() if name not in _INTERNAL}


def final_detail(entry: FeedEntry, final: FinalBriefing) -> dict[str, Any]:
    """Return the detail of a final version: which it is, where it is read, and who acknowledged it when.

    Somebody is `missing` only where the course was closed at another visit.
    """
    used_up_by = entry.detail or {}
    return {
        "step": final.step,
        "ordinal": final.ordinal,
        "version": final.version,
        "digest": final.digest,
        "briefing": f"/v1/courses/{entry.course_id}/briefing?visit={entry.visit}&version={final.version}",
        "to": used_up_by.get("to", []),
        "stays": entry.kind == "visit_branched",
        "closing": used_up_by.get("closing"),
        "acknowledged": [receipt.model_dump(mode="json", exclude={"disputed"}) for receipt in final.receipts],
        "missing": list(final.missing),
    }
