"""The rule book as pages: which sets there are, and each of them in words, for everybody who is logged in."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from clients.caller import Caller
from domain.identity import Role
from rules.engine.book import Book
from rules.language.formats import Language
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from rules.reading.book_in_words import book_in_words
from tests.api.pages.browser import Browser, logged_in
from tools.town.town import Town


@contextmanager
def reading(town: Town, *roles: Role, language: Language = "da") -> Iterator[Browser]:
    """Open the browser of somebody who reads rules."""
    browser = logged_in(town, "reader", *roles)
    browser.http.cookies.set("fodslag-language", language, domain="127.0.0.1")
    with browser.http:
        yield browser


@pytest.mark.parametrize("role", Role)
def test_everybody_finds_every_set_from_every_page(town: Town, role: Role) -> None:
    with reading(town, role) as reader:
        page = reader.opens(reader.opens("/list").links["Regelbog"])

    assert {f"/rules/{rules.id}?sha256={rules.sha256}" for rules in shipped()} <= set(page.addresses)


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("rules", shipped(), ids=lambda rules: rules.version + rules.id)
def test_a_set_is_read_whole_with_its_examples_beside_what_they_show(
    town: Town, rules: RuleSet, language: Language
) -> None:
    book = book_in_words(Book(rules), language)

    with reading(town, Role.RULE_EDITOR, language=language) as reader:
        page = reader.opens(f"/rules/{rules.id}?sha256={rules.sha256}")

    asked = [one for step in book.steps for one in step.requirements]
    examples = [one for step in book.steps for one in step.examples]
    examples += [one for requirement in asked for one in requirement.examples]
    texts = [text for one in asked for text in (one.text, one.missing, one.source, one.until[1:], one.reminded[1:])]
    texts += [clause.text[1:] for one in asked for clause in (one.must, one.when, one.refused_when) if clause]
    texts += [text for number in book.numbers for text in (number.label, number.source, number.rows[0].value)]
    texts += [text for group in book.kept for one in group.kept for text in (one.label, one.purpose or "")]
    texts += [example.text for example in examples]
    assert [text for text in texts if " ".join(text.split()) not in page.text] == []
    ids = {given.get("id") for _, given in page.tags}
    assert {f"rule-{one.id}" for one in asked} <= ids
    assert rules.sha256 in page.text


def test_the_api_tells_the_same_book(anna: Caller) -> None:
    (rules,) = (one for one in shipped() if one.id == "ips")

    read = anna.get("/v1/rulesets/ips/book")

    assert read == book_in_words(Book(rules), "en").model_dump(mode="json")
    danish = anna.http.get("/v1/rulesets/ips/book", headers={"Accept-Language": "da"}).json()
    assert danish["steps"][0]["requirements"][0]["text"] == rules.steps[0].requirements[0].text.da
