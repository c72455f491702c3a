"""What is proved of a rule set on its page, the citizen who refutes it, and a page that says that it is proving."""

import re
from typing import Final

import pytest
from playwright.async_api import Route, ViewportSize, expect

from domain.identity import Role
from infra.store.engine import Store, create_engine
from infra.store.logins import Login
from infra.store.registers import documents
from rules.language.formats import Language
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped_library
from tests.api.pages.browser import Browser, logged_in
from tests.api.pages.chromium import NEEDED, PHONE, WIDE, barriers, chromium, watched
from tests.architecture.files import ROOT
from tests.municipalities import fresh_municipality
from tests.rules.own_sets import TOML
from tools.town.town import Town
from wording.catalog import catalog

GUIDE: Final = ROOT / "docs" / "guides" / "trust-the-rules.md"
NOWHERE: Final = TOML.replace('talk = "Slut: tal igen"', 'talk = "Slut: tal igen", rest = "Hvile"')
"""A set in which whoever rests is led nowhere, which nobody could propose."""


def reader(town: Town, municipality: str, role: Role, language: Language) -> Browser:
    """Open the browser of somebody."""
    browser = logged_in(town, "reader", role, municipality=municipality)
    browser.http.cookies.set("fodslag-language", language, domain="127.0.0.1")
    return browser


async def stored(town: Town, municipality: str, toml: str) -> RuleSet:
    """Keep a version that was never examined, as one is that was published by an older release."""
    rules = shipped_library().read_own(toml).rule_set
    store = Store(create_engine(town.postgres.url(Login.API), Login.API))
    try:
        async with store.municipality(municipality) as connection:
            await documents.put_rule_set(connection, rules)
    finally:
        await store.close()
    return rules


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_is_proved_of_a_set_stands_on_a_page_that_its_book_leads_to(town: Town, language: Language) -> None:
    rules, texts = shipped_library().by_name["ips"], catalog(language).rule_book

    browser = reader(town, fresh_municipality(), Role.RULE_EDITOR, language)
    with browser.http:
        book = browser.opens("/rules/ips")
        page = browser.presses(book.form(texts["proof"]))

    assert texts["proved_before"] in book.text
    assert re.search(texts["proof_sound"].format(questions=r"[1-9]\d*", examples=len(rules.examples)), page.text)
    assert [point for point in texts["proof_points"].splitlines() if point not in page.text] == []


async def test_who_refutes_a_set_is_a_link_and_the_same_rules_decide_on_her_there(town: Town) -> None:
    here = fresh_municipality()
    rules, texts = await stored(town, here, NOWHERE), catalog("da").rule_book

    browser = reader(town, here, Role.SUPERVISOR, "da")
    with browser.http:
        page = browser.opens(f"/rules/{rules.id}/proof?sha256={rules.sha256}")
        tried = browser.opens(page.links[texts["try_this_citizen"]])

    assert texts["proof_refuted"] in page.text
    assert "Hvile" in page.text
    assert tried.answer.is_success
    assert f"sha256={rules.sha256}" in str(tried.answer.url)
    assert "Hvile" in tried.text


async def test_who_neither_edits_rules_nor_leads_is_not_offered_a_proof(town: Town) -> None:
    browser = reader(town, fresh_municipality(), Role.CASEWORKER, "da")
    with browser.http:
        book = browser.opens("/rules/ips")
        refused = browser.http.get("/rules/ips/proof")

    assert [form for form in book.forms if form.action.endswith("/proof")] == []
    assert refused.status_code == 403


def test_the_page_says_what_the_guide_says() -> None:
    _, _, proved = GUIDE.read_text(encoding="utf-8").partition("\n## Hvad der er bevist for alle borgere\n")
    table, _, _ = proved.partition("\n## ")
    rows = re.findall(r"^\| ([^|]+?) \| [^|]+ \|$", table, re.MULTILINE)
    danish, english = (catalog(language).rule_book["proof_points"].splitlines() for language in ("da", "en"))

    assert danish == rows[2:]
    assert len(english) == len(danish)


@NEEDED
@pytest.mark.parametrize(("size", "language"), [(PHONE, "da"), (WIDE, "en")])
async def test_a_page_that_proves_says_so_meanwhile_and_is_asked_once(
    town: Town, size: ViewportSize, language: Language
) -> None:
    here, asked = fresh_municipality(), list[str]()

    async def never_answered(route: Route) -> None:
        asked.append(route.request.url)
        await route.fulfill(status=204)  # By which a browser stays where it is.

    async with chromium() as browser:
        seen = await watched(browser, reader(town, here, Role.RULE_EDITOR, language), size, language)
        page, words = await seen.page(), catalog(language).rule_book
        await page.goto("/rules/ips")
        await page.route("**/rules/ips/proof?*", never_answered)
        form = page.locator("form[data-working]")

        await form.get_by_role("button").click()
        await expect(form.get_by_role("status")).to_have_text(words["proving"])
        await expect(form).to_have_attribute("aria-busy", "true")
        await form.get_by_role("button").click()
        assert await barriers(page) == []

        await page.evaluate("window.dispatchEvent(new Event('pageshow'))")
        await expect(form).not_to_have_attribute("aria-busy", "true")
        await page.unroute("**/rules/ips/proof?*")
        await form.get_by_role("button").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text(words["proof"])
        assert await barriers(page) == []

    assert len(asked) == 1
    assert seen.wrong == []
