"""A briefing as plain text and as PDF: both templates read the very values that the JSON has."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python

from api.briefings.models import BriefingRead
from api.http.signs import lines_of
from api.text.labels import Labels
from api.text.pdf import typeset
from api.text.templates import render_text


def as_text(briefing: BriefingRead, labels: Labels) -> str:
    """Return the briefing as plain text, for the eye and for the case system's journal."""
    return render_text("briefing", labels, briefing=briefing)


def as_pdf(briefing: BriefingRead, authority: str, labels: Labels, now: datetime) -> bytes:
    """Return the briefing as PDF/A; `authority` is the municipality and unit it comes from."""
    catalog = labels.catalog
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
    inputs = {name: json.dumps(value, ensure_ascii=False) for name, value in (("briefing", shown), ("beside", beside))}
    return typeset("briefing", inputs, now)


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
