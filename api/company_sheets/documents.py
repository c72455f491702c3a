"""The page for a company as plain text to read out, and as PDF to print: the same words, and no number of a case."""

import json
from datetime import datetime

from api.company_sheets.models import SheetPage
from api.http.signs import lines_of
from api.text.pdf import typeset
from api.text.templates import render_text
from wording.labels import Labels


def as_text(page: SheetPage, labels: Labels, *, version: int | None) -> str:
    """Return the page as plain text; without a version it is marked as a preview."""
    return render_text("company_sheet", labels, page=page, text=labels.catalog.company_sheet, version=version)


def as_pdf(page: SheetPage, labels: Labels, now: datetime, *, version: int | None) -> bytes:
    """Return the page as PDF/A; without a version it is marked as a preview."""
    beside = {
        "language": labels.catalog.language,
        "text": labels.catalog.company_sheet,
        "version": version,
        "printed": labels.moment(now),
        "printed_at": {name: getattr(now, name) for name in ("year", "month", "day", "hour", "minute", "second")},
    }
    shown = page.model_dump(mode="json")
    for name in ("agreed", "considerations"):
        shown[name] = ["\n".join(lines_of(words)) for words in shown[name]]
    inputs = {name: json.dumps(value, ensure_ascii=False) for name, value in (("page", shown), ("beside", beside))}
    return typeset("company_sheet", inputs, now)
