"""A briefing as plain text and as PDF, in which stands only what both roles may read, and as a page (P3, P10)."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from pydantic_core import to_jsonable_python

from api.briefings.models import BriefingNote, BriefingRead
from api.briefings.sections import BriefingSections, sections_of
from api.briefings.since import Since
from api.http.signs import lines_of
from api.text.pdf import typeset
from api.text.templates import render_text
from wording.labels import Labels

_SINCE_NOTHING: Final = Since()


def as_text(briefing: BriefingRead, labels: Labels, since: Since = _SINCE_NOTHING) -> str:
    """Return the briefing as plain text; `since` is what is new to its reader."""
    shown = _for_both(briefing, since)
    return render_text("briefing", labels, briefing=shown, sections=sections_of(shown, labels))


def as_page(briefing: BriefingRead, labels: Labels) -> BriefingSections:
    """Return the sections as a page shows them to the reader of the briefing, who may read more than both may."""
    return BriefingSections.model_validate(_with_every_sign_shown(sections_of(briefing, labels).model_dump()))


def as_page_for_both(briefing: BriefingRead, labels: Labels) -> BriefingSections:
    """Return the sections as a page shows them of what both roles may read."""
    return as_page(_for_both(briefing, _SINCE_NOTHING), labels)


def as_pdf(
    briefing: BriefingRead, authority: str, labels: Labels, now: datetime, since: Since = _SINCE_NOTHING
) -> bytes:
    """Return the briefing as PDF/A, the same for every reader: `since` is what is new to both roles.

    `authority` is the municipality and unit it comes from.
    """
    briefing, catalog = _for_both(briefing, since), labels.catalog
    beside = {
        "language": catalog.language,
        "terms": catalog.terms,
        "briefing": catalog.briefing,
        "document": catalog.document,
        "authority": authority,
        "rules": labels.rules(),
        "printed_at": {name: getattr(now, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "printed": labels.moment(now),
        "danish_times": dict(_danish_times(briefing.model_dump(), labels)),
    }
    shown = _with_every_sign_shown(briefing.model_dump(mode="json"))
    shown["sections"] = _with_every_sign_shown(sections_of(briefing, labels).model_dump(mode="json"))
    inputs = {name: json.dumps(value, ensure_ascii=False) for name, value in (("briefing", shown), ("beside", beside))}
    return typeset("briefing", inputs, now)


def _for_both(briefing: BriefingRead, since: Since) -> BriefingRead:
    """Return what both roles may read of a version: a document goes where nobody can say who may read it.

    Knowledge is folded that is not new.
    """
    return briefing.model_copy(
        update={
            "citizen_name": None if briefing.citizen_protected else briefing.citizen_name,
            "notes": [note for note in briefing.notes if note.is_content],
            "acknowledged_version": since.acknowledged_version,
            "changes": since.changes,
            "knowledge": [_folded(note, since) for note in briefing.knowledge],
        }
    )


def _folded(note: BriefingNote, since: Since) -> BriefingNote:
    is_unchanged = note.id in since.notes and note.taken_back_on is None
    return note.model_copy(update={"is_unchanged": is_unchanged})


def _with_every_sign_shown(value: Any) -> Any:  # noqa: ANN401 - Any part of the briefing.
    """Return a part of the briefing in whose texts each hidden sign is shown by its name."""
    match value:
        case str():
            return "\n".join(lines_of(value))
        case dict():
            return {name: _with_every_sign_shown(part) for name, part in value.items()}
        case list():
            return [_with_every_sign_shown(part) for part in value]
        case _:
            return value


def _danish_times(value: Any, labels: Labels) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - Any part of the briefing.
    """Yield each instant as the JSON has it with its Danish wall time, which a template cannot reckon."""
    match value:
        case datetime():
            yield to_jsonable_python(value), labels.moment(value)
        case dict():
            for part in value.values():
                yield from _danish_times(part, labels)
        case list():
            for part in value:
                yield from _danish_times(part, labels)
