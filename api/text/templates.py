"""Plain texts from Jinja templates; a name that a template misspells fails, and is never left blank."""

import re
from functools import cache, partial
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from api.http.signs import lines_of
from rules.language.formats import labelled
from wording.labels import Labels

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("api"),
    undefined=StrictUndefined,
    autoescape=select_autoescape(),  # By the template's ending: plain text stays as it is.
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_BLANK_LINES: Final = re.compile(r"\n{3,}")
"""What parts that are left out leave behind them; a line that people left blank is indented."""


def render_text(template: str, labels: Labels, **context: Any) -> str:  # noqa: ANN401 - Templates take any value.
    """Render `template` in the language of `labels`, with the catalogue and Danish wall time at hand.

    One blank line at most stands between two lines, whatever is left out.
    """
    catalog = labels.catalog
    document = _template(template).render(
        catalog=catalog,
        fill=partial(_fill, labels),
        term=catalog.term,
        roles=labels.roles,
        steps=labels.steps,
        moment=labels.moment,
        day=labels.day,
        indented=indented,
        labelled=labelled,
        **context,
    )
    return _BLANK_LINES.sub("\n\n", document).strip("\n") + "\n"


def indented(text: str) -> str:
    """Return a text whose further lines are indented, so that none of them looks like a line of the document (P12)."""
    return "\n      ".join(lines_of(text))


def _fill(labels: Labels, text: str, /, **params: object) -> str:
    return labels.catalog.fill(text, params)


@cache
def _template(name: str) -> Template:
    return _ENVIRONMENT.get_template(f"{name}.txt.jinja")
