"""The briefing as plain text, for the eye and for the case system's journal."""

from collections.abc import Iterable, Iterator

from api.briefings.models import BriefingFact, BriefingNote, BriefingRead, BriefingReceipt, Learned
from api.text.labels import Labels
from domain.calendar import danish_day


def render(read: BriefingRead, labels: Labels) -> str:
    """Return the briefing in the reader's language.

    What heads every briefing and the day number come first, then what is new, what the visit before taught, what is
    known here, what comes next, and who was informed.
    """
    return "\n".join(_lines(read, labels)) + "\n"


def _lines(read: BriefingRead, labels: Labels) -> Iterator[str]:
    catalog, text = labels.catalog, labels.catalog.briefing
    yield from (_taken_back(f"{fact.label}: {fact.text}", fact, labels) for fact in read.first_facts)
    yield from (_note(note, labels) for note in read.first_notes)
    yield catalog.fill(text["day"], {"day": read.day or ""})
    name = read.citizen_name or read.citizen
    yield catalog.fill(text["title"], {"citizen": name, "step": read.step.label, "version": read.version})
    yield from _paragraph(text["changes"], read.changes)
    if read.learned:
        yield from _paragraph(_taught_by(read.learned, labels), _told(read.learned.facts, read.learned.notes, labels))
    yield from _paragraph(text["facts"], _told(read.facts, [], labels))
    yield from _paragraph(text["notes"], _told([], read.notes, labels))
    yield from ("", what_comes_next(read, labels))
    yield who_is_informed(read, labels)
    yield how_it_stands(read, labels)
    yield from _paragraph(text["receipts"], (_receipt(given, labels) for given in read.receipts if given.person))


def _paragraph(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield a heading over a list; nothing when the list is empty."""
    listed = [f"  * {line}" for line in lines]
    if listed:
        yield from ("", heading, *listed)


def _taught_by(learned: Learned, labels: Labels) -> str:
    catalog = labels.catalog
    return catalog.fill(catalog.briefing["learned"], {"step": learned.step.label, "ordinal": learned.ordinal})


def _told(facts: Iterable[BriefingFact], notes: Iterable[BriefingNote], labels: Labels) -> Iterator[str]:
    yield from (_taken_back(f"{fact.label}: {fact.text} ({fact.occurred_on})", fact, labels) for fact in facts)
    yield from (_note(note, labels) for note in notes)


def _note(note: BriefingNote, labels: Labels) -> str:
    told = note.text or labels.catalog.briefing["erased"]
    return _taken_back(f"{note.label}: {told} ({note.by_name}, {danish_day(note.at)})", note, labels)


def _taken_back(text: str, told: BriefingFact | BriefingNote, labels: Labels) -> str:
    """Return the text, marked when it was taken back after the version was told."""
    if told.taken_back_on is None:
        return text
    return labels.catalog.fill(labels.catalog.briefing["taken_back"], {"text": text, "on": told.taken_back_on})


def _receipt(given: BriefingReceipt, labels: Labels) -> str:
    text = labels.catalog.briefing
    said = text["acknowledged"] if given.acknowledged_at else text["disputed"]
    if given.on_behalf:
        said = text["acknowledged_for"]
    params = {
        "role": given.role,
        "name": given.name or "",
        "by": given.acknowledged_by_name or "",
        "why": labels.catalog.term(given.on_behalf or ""),
        "at": labels.moment(given.acknowledged_at or given.disputed_at),
    }
    return labels.catalog.fill(said, params)


def who_is_informed(read: BriefingRead, labels: Labels) -> str:
    """Return who has still to acknowledge the version."""
    catalog, text = labels.catalog, labels.catalog.briefing
    missing = ", ".join(labels.role(role) for role in read.missing)
    return catalog.fill(text["missing"], {"who": missing}) if missing else text["all_informed"]


def how_it_stands(read: BriefingRead, labels: Labels) -> str:
    """Return whether the version is final, and what it is else."""
    text = labels.catalog.briefing[read.standing]
    return labels.catalog.fill(text, {"at": labels.moment(read.ended_at)})


def what_comes_next(read: BriefingRead, labels: Labels) -> str:
    """Return where the visit goes."""
    catalog, text = labels.catalog, labels.catalog.briefing
    if read.closing:
        return catalog.fill(text["closing"], {"outcome": read.closing})
    if not read.to:
        return text["undecided"]
    said = text["next_beside"] if read.stays else text["next"]
    return catalog.fill(said, {"steps": ", ".join(step.label for step in read.to), "step": read.step.label})
