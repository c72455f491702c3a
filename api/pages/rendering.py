"""Renders a page from its template, in the reader's language; a name that a template misspells fails."""

import re
from functools import cache, partial
from typing import Any, Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup
from starlette.requests import Request

from api.http.negotiation import LANGUAGES, language_of_request
from api.pages.addresses import address_here
from api.pages.assets import assets
from api.pages.reader import Reader
from domain.calendar import danish_day
from rules.language.formats import Language, written_month, written_number
from wording.catalog import catalog

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("api.pages"), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def render_page(
    request: Request,
    template: str,
    status: int = 200,
    *,
    reader: Reader | None = None,
    **context: Any,  # noqa: ANN401 - Templates take any value.
) -> HTMLResponse:
    """Return the answer with a page, which greets its reader when one is logged in."""
    language = language_of_request(request)
    texts = catalog(language)
    page = _template(language, template).render(
        reader=reader,
        language=language,
        other_language=next(other for other in LANGUAGES if other != language),
        words=texts.pages,
        figure_texts=texts.figures,
        rule_texts=texts.rule_book,
        fill=texts.fill,
        asset=assets().url,
        back=address_here(request),
        foot=request.app.state.services.settings.mail_foot,
        **context,
    )
    return HTMLResponse(page, status, headers={"Content-Language": language, "Vary": "Cookie"})


def linked(text: str) -> Markup:
    """Return a text in which each web address that somebody wrote there is a link, and all else is escaped."""
    place = r"(https?://[^\s<>\"]*[^\s<>\".,;:)])"
    parts = re.split(place, text)
    link = Markup('<a href="{0}" rel="external noreferrer">{0}</a>')
    return Markup("").join(link.format(part) if number % 2 else part for number, part in enumerate(parts))


@cache
def _template(language: Language, name: str) -> Template:
    """Return a template of a language, whose filters word codes, instants, amounts and months."""
    own = _ENVIRONMENT.overlay()
    filters = {
        "term": catalog(language).term,
        "day": danish_day,
        "upper_first": lambda text: text[:1].upper() + text[1:],
        "amount": partial(written_number, language=language),
        "linked": linked,
        "month": partial(written_month, language=language),
    }
    own.filters = {**_ENVIRONMENT.filters, **filters}
    return own.get_template(f"{name}.html.jinja")
