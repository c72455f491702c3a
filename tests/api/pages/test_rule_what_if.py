"""Whom a version would hold, on a page that its own page leads to."""

import re
from typing import Final

import pytest

from rules.language.formats import Language
from tests.api.leading import TODAY
from tests.api.pages.browser import logged_in
from tests.api.ruling import ASKED_TOO, CLOSES, Ruled
from tests.rules.own_sets import TOML
from tools.town.town import Town
from wording.catalog import catalog

STRICTER: Final = ASKED_TOO.replace('answered = "way"', 'yes = "apart"').replace("caseworker", "company_consultant")


@pytest.fixture(scope="module")
def office(town: Town) -> Ruled:
    """A municipality with a course ready to go on in each of two units, and a stricter version that is proposed."""
    office = Ruled(town)
    for unit in ("job", "syd"):
        course = office.begins(unit=unit)
        office.anna.does(f"/v1/courses/{course}/facts", facts={"agreed": True, "way": "again"})
    toml = TOML.replace('id = "tiny"', 'id = "ten"').replace('version = "1"', 'version = "2"')
    toml = toml.replace("2020-01-01", TODAY.isoformat(), 1).replace(CLOSES, STRICTER, 1)
    office.rie.does("/v1/rulesets", toml=toml)
    return office


@pytest.mark.parametrize(
    ("person", "role", "units", "counted", "named"),
    [
        ("rie", "rule_editor", ("*",), 2, 0),
        ("lise", "supervisor", ("*",), 2, 2),
        ("sven", "supervisor", ("syd",), 1, 1),
    ],
)
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_of_a_proposal_leads_to_whom_it_would_hold_as_far_as_its_reader_governs(
    office: Ruled, language: Language, person: str, role: str, units: tuple[str, ...], counted: int, named: int
) -> None:
    texts = catalog(language).rule_book
    browser = logged_in(office.town, person, role, municipality=office.municipality, units=units)
    browser.http.cookies.set("fodslag-language", language, domain="127.0.0.1")

    with browser.http:
        version = browser.opens("/rules/ten/versions/2")
        page = browser.presses(version.form(texts["what_if"]))

    assert texts["what_if_courses"].format(courses=counted, total=counted) in page.text
    assert texts["what_if_held"].format(count=counted) in page.text
    assert "Vejen er sagt." in page.text
    assert len([address for address in page.addresses if re.match(r"/courses/", address)]) == named
    assert (texts["what_if_unnamed"] in page.text) is (named == 0)
