"""What of an event's detail a caller may read; whoever shows events asks here."""

from typing import Any, Final

from api.access import may_read
from domain.events import NoteAdded
from infra.security.tokens import Claims
from infra.store.journal import JournalEntry

_INTERNAL: Final = frozenset({"citizen_key", "citizen_text"})


def is_for(caller: Claims, entry: JournalEntry) -> bool:
    """Say whether the caller may read what the event says beyond that it happened."""
    event = entry.event
    return not isinstance(event, NoteAdded) or may_read(caller, event.note)


def detail_for(caller: Claims, entry: JournalEntry) -> dict[str, Any] | None:
    """Return the event's own fields, or None when they are erased or not for the caller."""
    if entry.detail is None or not is_for(caller, entry):
        return None
    return {name: value for name, value in entry.detail.items() if name not in _INTERNAL}
