"""The briefing as the typesetter is given it: the same words as in the text, arranged for a page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from api.briefings.as_text import how_it_stands, what_comes_next, who_is_informed
from api.briefings.models import BriefingFact, BriefingNote, BriefingRead, BriefingReceipt, Learned
from api.briefings.versions import VersionStanding
from api.text.labels import Labels
from domain.calendar import danish_day


def document(read: BriefingRead, authority: str, labels: Labels, now: datetime) -> dict[str, Any]:
    """Return what the template `briefing` sets; `authority` is the municipality and unit it comes from."""
    catalog = labels.catalog
    page = catalog.document
    name = _citizen(read)
    about = {"reference": read.reference, "course": read.course, "step": read.step.label, "visit": read.briefing}
    about |= {"version": read.version, "digest": read.digest}
    return {
        "language": catalog.language,
        "title": f"{page['heading']} – {name} – {read.step.label}, {page['version'].lower()} {read.version}",
        "author": authority,
        "subject": catalog.fill(page["subject"], about),
        "keywords": [page["heading"], read.reference, str(read.course), read.step.label, read.standing.value],
        "printed_at": _parts(now),
        "printed": catalog.fill(page["printed"], {"at": labels.moment(now)}),
        "running_head": f"{page['heading']} · {name} · {page['case']} {read.reference}",
        "heading": f"{page['heading']}: {name} · {read.step.label}",
        "is_final": read.standing is VersionStanding.FINAL,
        "words": _words(read, labels),
        "first_facts": _facts(read.first_facts, labels),
        "first_notes": _notes(read.first_notes, labels),
        "day": str(read.day) if read.day is not None else None,
        "about": _about(read, labels),
        "changes": read.changes,
        "learned": _learned(read.learned, labels) if read.learned else None,
        "facts": _facts(read.facts, labels),
        "notes": _notes(read.notes, labels),
        "next": what_comes_next(read, labels),
        "receipts": [_receipt(given, labels) for given in read.receipts],
        "informed": who_is_informed(read, labels),
        "how_it_stands": how_it_stands(read, labels),
        "digest": read.digest,
    }


def _citizen(read: BriefingRead) -> str:
    """Return the citizen's name, or the reference: a document goes where nobody can say who may read it (P10)."""
    return read.citizen_name if read.citizen_name and not read.citizen_protected else read.citizen


def _words(read: BriefingRead, labels: Labels) -> dict[str, str]:
    """Return the headings of the page."""
    page, text = labels.catalog.document, labels.catalog.briefing
    final = read.standing is VersionStanding.FINAL
    taken = ("page", "of", "day", "what", "value", "since", "role", "who", "when", "next", "receipts", "content")
    return {
        **{name: page[name] for name in taken},
        **{name: text[name].removesuffix(":") for name in ("changes", "facts", "notes")},
        "standing": page["final"] if final else page["draft"],
        "watermark": page["watermark"],
    }


def _about(read: BriefingRead, labels: Labels) -> list[tuple[str, str]]:
    """Return what the version is of, as labels and values."""
    catalog = labels.catalog
    page, rules = catalog.document, labels.book.rule_set
    step = catalog.fill(page["step_and_ordinal"], {"step": read.step.label, "ordinal": read.ordinal})
    issued = {"version": read.version, "at": labels.moment(read.issued_at)}
    return [
        (page["case"], read.reference),
        (page["citizen"], _citizen(read)),
        (page["step"], step),
        (page["version"], catalog.fill(page["version_and_time"], issued)),
        (page["rules"], f"{labels.say(rules.title)} {rules.version}"),
    ]


def _learned(learned: Learned, labels: Labels) -> dict[str, Any]:
    catalog = labels.catalog
    heading = catalog.fill(catalog.briefing["learned"], {"step": learned.step.label, "ordinal": learned.ordinal})
    return {
        "heading": heading.removesuffix(":"),
        "facts": _facts(learned.facts, labels),
        "notes": _notes(learned.notes, labels),
    }


def _facts(told: Iterable[BriefingFact], labels: Labels) -> list[dict[str, str | None]]:
    return [
        {"label": fact.label, "text": fact.text, "since": fact.occurred_on, "taken_back": _taken_back(fact, labels)}
        for fact in told
    ]


def _notes(told: Iterable[BriefingNote], labels: Labels) -> list[dict[str, str | None]]:
    return [
        {
            "label": note.label,
            "text": note.text or labels.catalog.briefing["erased"],
            "by": f"{note.by_name}, {danish_day(note.at)}",
            "taken_back": _taken_back(note, labels),
        }
        for note in told
    ]


def _taken_back(told: BriefingFact | BriefingNote, labels: Labels) -> str | None:
    if told.taken_back_on is None:
        return None
    return labels.catalog.fill(labels.catalog.document["taken_back"], {"on": told.taken_back_on})


def _receipt(given: BriefingReceipt, labels: Labels) -> dict[str, str]:
    """Return a row of who was informed when."""
    catalog = labels.catalog
    page = catalog.document
    who, when = given.name or "–", labels.moment(given.acknowledged_at) or page["not_yet"]
    if given.on_behalf:
        params = {"by": given.acknowledged_by_name or "", "name": who, "why": catalog.term(given.on_behalf)}
        who = catalog.fill(page["by_another"], params)
    if given.disputed_at:
        when = catalog.fill(page["disputed"], {"at": labels.moment(given.disputed_at)})
    return {"role": labels.role(given.role), "who": who, "when": when}


def _parts(now: datetime) -> dict[str, int]:
    return {name: getattr(now, name) for name in ("year", "month", "day", "hour", "minute", "second")}
