"""The briefing as plain text, for the eye and for the case system's journal."""

from collections.abc import Iterable, Iterator

from api.briefings.models import BriefingRead, Learned, ToldFact, ToldNote, ToldReceipt
from api.text.labels import Phrases
from domain.calendar import danish_day


def render(read: BriefingRead, phrases: Phrases) -> str:
    """Return the briefing in the reader's language.

    What heads every briefing and the day number come first, then what is new, what the visit before taught, what is
    known here, what comes next, and who was informed.
    """
    return "\n".join(_lines(read, phrases)) + "\n"


def _lines(read: BriefingRead, phrases: Phrases) -> Iterator[str]:
    words, text = phrases.words, phrases.words.briefing
    yield from (_taken_back(f"{fact.label}: {fact.text}", fact, phrases) for fact in read.first_facts)
    yield from (_note(note, phrases) for note in read.first_notes)
    yield words.fill(text["day"], {"day": read.day or ""})
    name = read.citizen_name or read.citizen
    yield words.fill(text["title"], {"citizen": name, "step": read.step.label, "version": read.version})
    yield from _paragraph(text["changes"], read.changes)
    if read.learned:
        yield from _paragraph(_taught_by(read.learned, phrases), _told(read.learned.facts, read.learned.notes, phrases))
    yield from _paragraph(text["facts"], _told(read.facts, [], phrases))
    yield from _paragraph(text["notes"], _told([], read.notes, phrases))
    yield from ("", what_comes_next(read, phrases))
    yield who_is_informed(read, phrases)
    yield how_it_stands(read, phrases)
    yield from _paragraph(text["receipts"], (_receipt(given, phrases) for given in read.receipts if given.person))


def _paragraph(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield a heading over a list; nothing when the list is empty."""
    listed = [f"  * {line}" for line in lines]
    if listed:
        yield from ("", heading, *listed)


def _taught_by(learned: Learned, phrases: Phrases) -> str:
    words = phrases.words
    return words.fill(words.briefing["learned"], {"step": learned.step.label, "ordinal": learned.ordinal})


def _told(facts: Iterable[ToldFact], notes: Iterable[ToldNote], phrases: Phrases) -> Iterator[str]:
    yield from (_taken_back(f"{fact.label}: {fact.text} ({fact.occurred_on})", fact, phrases) for fact in facts)
    yield from (_note(note, phrases) for note in notes)


def _note(note: ToldNote, phrases: Phrases) -> str:
    told = note.text or phrases.words.briefing["erased"]
    return _taken_back(f"{note.label}: {told} ({note.by_name}, {danish_day(note.at)})", note, phrases)


def _taken_back(text: str, told: ToldFact | ToldNote, phrases: Phrases) -> str:
    """Return the text, marked when it was taken back after the version was told."""
    if told.taken_back_on is None:
        return text
    return phrases.words.fill(phrases.words.briefing["taken_back"], {"text": text, "on": told.taken_back_on})


def _receipt(given: ToldReceipt, phrases: Phrases) -> str:
    text = phrases.words.briefing
    said = text["acknowledged"] if given.acknowledged_at else text["disputed"]
    if given.on_behalf:
        said = text["acknowledged_for"]
    params = {
        "role": given.role,
        "name": given.name or "",
        "by": given.acknowledged_by_name or "",
        "why": phrases.words.term(given.on_behalf or ""),
        "at": phrases.moment(given.acknowledged_at or given.disputed_at),
    }
    return phrases.words.fill(said, params)


def who_is_informed(read: BriefingRead, phrases: Phrases) -> str:
    """Return who has still to acknowledge the version."""
    words, text = phrases.words, phrases.words.briefing
    missing = ", ".join(phrases.role(role) for role in read.missing)
    return words.fill(text["missing"], {"who": missing}) if missing else text["all_informed"]


def how_it_stands(read: BriefingRead, phrases: Phrases) -> str:
    """Return whether the version is final, and what it is else."""
    text = phrases.words.briefing[read.standing]
    return phrases.words.fill(text, {"at": phrases.moment(read.ended_at)})


def what_comes_next(read: BriefingRead, phrases: Phrases) -> str:
    """Return where the visit goes."""
    words, text = phrases.words, phrases.words.briefing
    if read.closing:
        return words.fill(text["closing"], {"outcome": read.closing})
    if not read.to:
        return text["undecided"]
    said = text["next_beside"] if read.stays else text["next"]
    return words.fill(said, {"steps": ", ".join(step.label for step in read.to), "step": read.step.label})
