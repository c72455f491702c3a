"""Which details of an event a caller may read, for the journal and the feed alike."""

from collections.abc import Collection
from typing import Any, Final

from api.text.schedules import schedule_rows
from domain.events import NoteAdded, NoteRetracted, TextRemoved
from domain.identity import Role
from domain.state.facts import Audience
from infra.store.queries.feed import FeedEntry
from infra.store.queries.final_briefings import FinalBriefing
from infra.store.queries.journal import JournalEntry
from rules.engine.book import Book

_INTERNAL: Final = frozenset({"citizen_key", "citizen_text", "story", "details"})
"""What no reader of an event is told; a story is read in its list, which says of no course (P10)."""


def is_for(roles: Collection[Role], entry: JournalEntry) -> bool:
    """Whether somebody who has `roles` in the course may read more of the event than that it happened."""
    event = entry.event
    return not isinstance(event, NoteAdded) or event.note.audience.includes(roles)


def detail_for(
    roles: Collection[Role], entry: JournalEntry, book: Book, *, hides_reason: bool = False
) -> dict[str, Any] | None:
    """Return the event's own fields, schedules with their rows, or None when they are erased or not for `roles`."""
    if entry.detail is None or not is_for(roles, entry):
        return None
    hidden = {*_INTERNAL, "reason"} if hides_reason else _INTERNAL
    return {name: _with_rows(value, book) for name, value in entry.detail.items() if name not in hidden}


def hides_reason(roles: Collection[Role], entry: JournalEntry) -> bool:
    """Whether a reason may be of a note that is not for `roles`, as far as the event alone says."""
    event = entry.event
    if isinstance(event, TextRemoved):
        return not event.audience.includes(roles)
    return isinstance(event, NoteRetracted) and not Audience.CASEWORKER_ONLY.includes(roles)


def _with_rows(value: Any, book: Book) -> Any:  # noqa: ANN401 - Whatever a field of an event may be.
    """Return a part of a detail in which each schedule has its rows beside its value."""
    if isinstance(value, list):
        return [_with_rows(part, book) for part in value]
    if not isinstance(value, dict):
        return value
    shown = {name: _with_rows(part, book) for name, part in value.items()}
    rows = schedule_rows(book, shown["fact"], shown["value"]) if shown.keys() >= {"fact", "value"} else None
    return shown if rows is None else {**shown, "rows": [row.model_dump(mode="json") for row in rows]}


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
