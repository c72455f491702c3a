"""Templates of plain texts name only what they are given, for a name that is not fails where it is met (P12)."""

from pathlib import Path
from typing import Final

import pytest
from jinja2 import Environment, meta

import api

TEMPLATES: Final = sorted(Path(*api.__path__).rglob("*.txt.jinja"))
AT_HAND: Final = {"catalog", "steps", "fill", "term", "roles", "moment", "day", "indented", "labelled"}
GIVEN: Final = {
    "briefing.txt.jinja": {"briefing", "sections"},
    "company_sheet.txt.jinja": {"page", "text", "version"},
    "journal.txt.jinja": {"reference", "citizen", "rules", "now", "lines"},
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_names_only_what_it_is_given(template: Path) -> None:
    named = meta.find_undeclared_variables(Environment(autoescape=True).parse(template.read_text()))

    assert named <= AT_HAND | GIVEN[template.name]
