"""Who is decided on otherwise by another version: proved over HTTP, and shown with a trial of each citizen."""

from typing import Any, Final

import pytest

from clients.caller import Caller
from domain.identity import Role
from rules.loading.library import shipped_library
from tests.api.pages.browser import logged_in
from tests.api.vocabulary import expect
from tests.municipalities import fresh_municipality
from tools.town.town import Town
from wording.catalog import catalog

DRAFT: Final = shipped_library().by_name["jobfirst-2027"].sha256
NOW: Final = shipped_library().by_name["jobfirst"].sha256
PROOF: Final = "/v1/rulesets/jobfirst/changes/proof"
HERE: Final = fresh_municipality()


@pytest.fixture(scope="module")
def rie(town: Town) -> Caller:
    """Somebody who writes rules."""
    return town.speaks("rie", "rule_editor", municipality=HERE)


def proved(speaker: Caller, before: str, after: str) -> dict[str, Any]:
    """Return what is proved of two versions."""
    return speaker.get(PROOF, before=before, after=after)


def test_a_version_decides_as_itself(rie: Caller) -> None:
    proof = proved(rie, NOW, NOW)

    assert (proof["is_equivalent"], proof["classes"], proof["undecided"]) == (True, [], [])


def test_whom_another_version_decides_on_otherwise_is_told_with_a_citizen(rie: Caller) -> None:
    proof = proved(rie, DRAFT, NOW)

    assert not proof["is_equivalent"]
    assert {one["step_label"] for one in proof["classes"]} >= {"Company trial"}
    assert all(one["citizen"]["step"] and "For example" in one["text"] for one in proof["classes"])


def test_it_is_for_those_who_decide_on_rules_and_of_versions_that_are_there(town: Town, rie: Caller) -> None:
    anna = town.speaks("anna", "caseworker", municipality=HERE)

    expect(anna.http.get(PROOF, params={"before": NOW, "after": NOW}), 403, "not-permitted")
    expect(rie.http.get(PROOF, params={"before": NOW, "after": "0" * 64}), 404, "rule-set-not-found")
    expect(rie.http.get(PROOF, params={"before": NOW}), 422, "field-missing", "after")


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_of_differences_leads_to_whom_they_are_of(town: Town, language: str) -> None:
    texts = catalog("da" if language == "da" else "en").rule_book
    browser = logged_in(town, "rie", Role.RULE_EDITOR, municipality=fresh_municipality())
    browser.http.cookies.set("fodslag-language", language, domain="127.0.0.1")
    with browser.http:
        page = browser.opens(f"/rules/jobfirst/changes?before={DRAFT}&after={NOW}")
        shown = browser.presses(page.form(texts["otherwise"]))
        tried = browser.opens(shown.links[texts["try_this_citizen"]])

    assert texts["otherwise"] in shown.text
    assert tried.answer.is_success
    assert f"sha256={DRAFT}" in str(tried.answer.url), "the newer rules do not know the group of the draft"
