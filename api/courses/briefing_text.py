"""The briefing as plain text, for the eye and for the case system's journal."""

from collections.abc import Iterable, Iterator

from api.courses.briefing_view import BriefingRead, Learned, ToldFact, ToldNote
from api.phrases import Phrases


def render(read: BriefingRead, phrases: Phrases) -> str:
    """Return the briefing in the reader's language.

    What heads every briefing and the day number come first, then what is new, what the visit before taught, what is
    known here, and what comes next.
    """
    return "\n".join(_lines(read, phrases)) + "\n"


def _lines(read: BriefingRead, phrases: Phrases) -> Iterator[str]:
    words, text = phrases.words, phrases.words.briefing
    yield from (f"{fact.label}: {fact.text}" for fact in read.first_facts)
    yield from (_note(note, phrases) for note in read.first_notes)
    yield words.fill(text["day"], {"day": read.day or ""})
    name = read.citizen_name or read.citizen
    yield words.fill(text["title"], {"citizen": name, "step": read.step.label, "version": read.version})
    yield from _paragraph(text["changes"], read.changes)
    if read.learned:
        yield from _paragraph(_taught_by(read.learned, phrases), _told(read.learned.facts, read.learned.notes, phrases))
    yield from _paragraph(text["facts"], _told(read.facts, [], phrases))
    yield from _paragraph(text["notes"], _told([], read.notes, phrases))
    yield from ("", _next(read, phrases))
    missing = ", ".join(phrases.role(role) for role in read.missing)
    yield words.fill(text["missing"], {"who": missing}) if missing else text["all_informed"]


def _paragraph(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield a heading over a list; nothing when the list is empty."""
    listed = [f"  * {line}" for line in lines]
    if listed:
        yield from ("", heading, *listed)


def _taught_by(learned: Learned, phrases: Phrases) -> str:
    words = phrases.words
    return words.fill(words.briefing["learned"], {"step": learned.step.label, "ordinal": learned.ordinal})


def _told(facts: Iterable[ToldFact], notes: Iterable[ToldNote], phrases: Phrases) -> Iterator[str]:
    yield from (f"{fact.label}: {fact.text} ({fact.occurred_on})" for fact in facts)
    yield from (_note(note, phrases) for note in notes)


def _note(note: ToldNote, phrases: Phrases) -> str:
    return f"{note.label}: {note.text or phrases.words.briefing['erased']} ({note.by}, {note.at:%Y-%m-%d})"


def _next(read: BriefingRead, phrases: Phrases) -> str:
    words, text = phrases.words, phrases.words.briefing
    if read.closing:
        return words.fill(text["closing"], {"outcome": read.closing})
    if not read.to:
        return text["undecided"]
    said = text["next_beside"] if read.stays else text["next"]
    return words.fill(said, {"steps": ", ".join(step.label for step in read.to), "step": read.step.label})
