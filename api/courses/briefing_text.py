"""The briefing as plain text, for the eye and for the case system's journal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.phrases import Phrases

if TYPE_CHECKING:  # the briefing renders itself through this module
    from api.courses.briefing import BriefingRead


def render(read: "BriefingRead", phrases: Phrases) -> str:
    """Return the briefing in the reader's language: goal and day first, then what is new, what is known, what comes."""
    return "\n".join(_lines(read, phrases)) + "\n"


def _lines(read: "BriefingRead", phrases: Phrases) -> Iterator[str]:
    words, text = phrases.words, phrases.words.briefing
    yield words.fill(text["goal"], {"goal": read.goal_paid_hours or "", "day": read.day or ""})
    name = read.citizen_name or read.citizen
    yield words.fill(text["title"], {"citizen": name, "step": read.step.label, "version": read.version})
    if read.changes:
        yield from ("", text["changes"], *(f"  * {change}" for change in read.changes))
    yield from ("", text["facts"])
    yield from (f"  * {fact.label}: {fact.text} ({fact.occurred_on})" for fact in read.facts)
    if read.notes:
        yield from ("", text["notes"])
        for note in read.notes:
            yield f"  * {words.term(note.kind)}: {note.text or text['erased']} ({note.by}, {note.at:%Y-%m-%d})"
    yield from ("", _next(read, phrases))
    missing = ", ".join(phrases.role(role) for role in read.missing)
    yield words.fill(text["missing"], {"who": missing}) if missing else text["all_informed"]


def _next(read: "BriefingRead", phrases: Phrases) -> str:
    words, text = phrases.words, phrases.words.briefing
    if read.closing:
        return words.fill(text["closing"], {"outcome": read.closing})
    if not read.to:
        return text["undecided"]
    return words.fill(text["next"], {"steps": ", ".join(step.label for step in read.to)})
