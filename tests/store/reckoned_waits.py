"""What a wait is as a row, and by which of several a board shows the course (P5, P6)."""

from datetime import UTC, datetime
from typing import Any, Final

from domain.state.waiting import Waiting

Row = dict[str, Any]

OPTIONAL: Final = {"story", "story_approval"}
_LAST: Final = datetime.max.replace(tzinfo=UTC)


def waiting_row(waiting: Waiting) -> Row:
    """Return a wait as the rules said it."""
    plain = ("since", "until", "level", "escalation", "escalated_at", "next_rung_at")
    taken, answer = waiting.taken, waiting.answer
    return {
        **{name: getattr(waiting, name) for name in plain},
        "key": str(waiting.key),
        "kind": waiting.key.kind,
        "visit": waiting.key.visit,
        "what": waiting.key.what,
        "roles": list(waiting.roles),
        "persons": list(waiting.persons),
        "taken_by": taken.by if taken else None,
        "taken_at": taken.at if taken else None,
        "look_again_at": taken.look_again_at if taken else None,
        "taken_reason": taken.reason if taken else None,
        "waiting_on": answer.waiting_on if answer else None,
        "answered_until": answer.until if answer else None,
    }


def with_foremost(waits: dict[str, Row]) -> dict[str, Row]:
    """Return the waits, one of them marked as what a board shows: escalated longest, else first due, else the oldest.

    What may be left undone is never foremost, nor silence of which nobody was reminded.
    """
    eligible = [
        row for row in waits.values() if row["kind"] not in OPTIONAL and (row["kind"] != "silence" or row["level"])
    ]
    stalled = [row for row in eligible if row["escalation"] is not None]
    first = min(stalled or eligible, key=_urgency, default=None)
    return {key: {**row, "is_foremost": row is first} for key, row in waits.items()}


def _urgency(row: Row) -> tuple[datetime, datetime, str]:
    due = row["escalated_at"] or row["until"] or _LAST
    return due, row["since"], row["key"]
