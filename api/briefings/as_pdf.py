"""The briefing as the typesetter is given it: the same words as in the text, arranged for a page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from api.briefings.as_text import how_it_stands, what_comes_next, who_is_informed
from api.briefings.models import BriefingRead, Learned, ToldFact, ToldNote, ToldReceipt
from api.briefings.versions import VersionStanding
from api.text.labels import Phrases
from domain.calendar import danish_day


def document(read: BriefingRead, authority: str, phrases: Phrases, now: datetime) -> dict[str, Any]:
    """Return what the template `briefing` sets; `authority` is the municipality and unit it comes from."""
    words = phrases.words
    page = words.document
    name = _citizen(read)
    about = {"reference": read.reference, "course": read.course, "step": read.step.label, "visit": read.briefing}
    about |= {"version": read.version, "digest": read.digest}
    return {
        "language": words.language,
        "title": f"{page['heading']} – {name} – {read.step.label}, {page['version'].lower()} {read.version}",
        "author": authority,
        "subject": words.fill(page["subject"], about),
        "keywords": [page["heading"], read.reference, str(read.course), read.step.label, read.standing.value],
        "printed_at": _parts(now),
        "printed": words.fill(page["printed"], {"at": phrases.moment(now)}),
        "running_head": f"{page['heading']} · {name} · {page['case']} {read.reference}",
        "heading": f"{page['heading']}: {name} · {read.step.label}",
        "is_final": read.standing is VersionStanding.FINAL,
        "words": _words(read, phrases),
        "first_facts": _facts(read.first_facts, phrases),
        "first_notes": _notes(read.first_notes, phrases),
        "day": str(read.day) if read.day is not None else None,
        "about": _about(read, phrases),
        "changes": read.changes,
        "learned": _learned(read.learned, phrases) if read.learned else None,
        "facts": _facts(read.facts, phrases),
        "notes": _notes(read.notes, phrases),
        "next": what_comes_next(read, phrases),
        "receipts": [_receipt(given, phrases) for given in read.receipts],
        "informed": who_is_informed(read, phrases),
        "how_it_stands": how_it_stands(read, phrases),
        "digest": read.digest,
    }


def _citizen(read: BriefingRead) -> str:
    """Return the citizen's name, or the reference: a document goes where nobody can say who may read it (P10)."""
    return read.citizen_name if read.citizen_name and not read.citizen_protected else read.citizen


def _words(read: BriefingRead, phrases: Phrases) -> dict[str, str]:
    """Return the headings of the page."""
    page, text = phrases.words.document, phrases.words.briefing
    final = read.standing is VersionStanding.FINAL
    taken = ("page", "of", "day", "what", "value", "since", "role", "who", "when", "next", "receipts", "content")
    return {
        **{name: page[name] for name in taken},
        **{name: text[name].removesuffix(":") for name in ("changes", "facts", "notes")},
        "standing": page["final"] if final else page["draft"],
        "watermark": page["watermark"],
    }


def _about(read: BriefingRead, phrases: Phrases) -> list[tuple[str, str]]:
    """Return what the version is of, as labels and values."""
    words = phrases.words
    page, rules = words.document, phrases.book.rule_set
    step = words.fill(page["step_and_ordinal"], {"step": read.step.label, "ordinal": read.ordinal})
    issued = {"version": read.version, "at": phrases.moment(read.issued_at)}
    return [
        (page["case"], read.reference),
        (page["citizen"], _citizen(read)),
        (page["step"], step),
        (page["version"], words.fill(page["version_and_time"], issued)),
        (page["rules"], f"{phrases.say(rules.title)} {rules.version}"),
    ]


def _learned(learned: Learned, phrases: Phrases) -> dict[str, Any]:
    words = phrases.words
    heading = words.fill(words.briefing["learned"], {"step": learned.step.label, "ordinal": learned.ordinal})
    return {
        "heading": heading.removesuffix(":"),
        "facts": _facts(learned.facts, phrases),
        "notes": _notes(learned.notes, phrases),
    }


def _facts(told: Iterable[ToldFact], phrases: Phrases) -> list[dict[str, str | None]]:
    return [
        {"label": fact.label, "text": fact.text, "since": fact.occurred_on, "taken_back": _taken_back(fact, phrases)}
        for fact in told
    ]


def _notes(told: Iterable[ToldNote], phrases: Phrases) -> list[dict[str, str | None]]:
    return [
        {
            "label": note.label,
            "text": note.text or phrases.words.briefing["erased"],
            "by": f"{note.by_name}, {danish_day(note.at)}",
            "taken_back": _taken_back(note, phrases),
        }
        for note in told
    ]


def _taken_back(told: ToldFact | ToldNote, phrases: Phrases) -> str | None:
    if told.taken_back_on is None:
        return None
    return phrases.words.fill(phrases.words.document["taken_back"], {"on": told.taken_back_on})


def _receipt(given: ToldReceipt, phrases: Phrases) -> dict[str, str]:
    """Return a row of who was informed when."""
    words = phrases.words
    page = words.document
    who, when = given.name or "–", phrases.moment(given.acknowledged_at) or page["not_yet"]
    if given.on_behalf:
        params = {"by": given.acknowledged_by_name or "", "name": who, "why": words.term(given.on_behalf)}
        who = words.fill(page["by_another"], params)
    if given.disputed_at:
        when = words.fill(page["disputed"], {"at": phrases.moment(given.disputed_at)})
    return {"role": phrases.role(given.role), "who": who, "when": when}


def _parts(now: datetime) -> dict[str, int]:
    return {name: getattr(now, name) for name in ("year", "month", "day", "hour", "minute", "second")}
