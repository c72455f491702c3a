"""The description of the API and the words of its problems are complete and current."""

import json
import re
from itertools import combinations
from pathlib import Path

import pytest

from api.docs.openapi import description
from api.http.codes import STATUS, ApiCode
from api.http.negotiation import LANGUAGES
from domain.errors import Code
from tests.api.vocabulary import placeholders
from tests.foreign.node import FOREIGN, installed, ran
from wording.catalog import catalog

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
LINTER_CALLS_NOBODY = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def test_the_committed_description_is_current() -> None:
    assert json.loads(DOCUMENT.read_text()) == json.loads(description()), "run: make openapi"


def test_whatever_takes_a_body_says_how_it_refuses_one() -> None:
    routes = {
        f"{method} {path}": route
        for path, methods in json.loads(DOCUMENT.read_text())["paths"].items()
        for method, route in methods.items()
        if "requestBody" in route
    }

    assert routes
    assert [name for name, route in routes.items() if not {"400", "413", "422"} <= route["responses"].keys()] == []


def test_no_address_can_be_read_as_another() -> None:
    split = [path.split("/") for path in json.loads(DOCUMENT.read_text())["paths"]]
    alike = [
        (one, other)
        for one, other in combinations(split, 2)
        if len(one) == len(other)
        and all(a == b or "{" in a or "{" in b for a, b in zip(one, other, strict=True))
        and not all(a == b for a, b in zip(one, other, strict=True))
    ]

    assert alike == []


def test_the_description_keeps_every_rule_of_its_linter() -> None:
    linter, rules = installed("@redocly/cli/bin/cli.js"), FOREIGN / "redocly.yaml"

    process = ran(
        *(linter, "lint", DOCUMENT, "--config", rules, "--lint-config=error", "--format=stylish"),
        where=FOREIGN,
        environment=LINTER_CALLS_NOBODY,
    )

    assert process.returncode == 0, process.stdout + process.stderr
    assert "warning" not in process.stdout + process.stderr


@pytest.mark.parametrize("code", [*Code, *ApiCode])
def test_every_problem_has_words_in_both_languages_and_a_status(code: Code | ApiCode) -> None:
    danish, english = (catalog(language).problems[code.value] for language in LANGUAGES)

    assert placeholders(danish.detail) == placeholders(english.detail)
    assert placeholders(danish.remedy) == placeholders(english.remedy)
    assert danish.title != english.title
    assert 400 <= STATUS[code] < 600


def test_both_languages_say_the_same_things() -> None:
    danish, english = (catalog(language) for language in LANGUAGES)

    assert danish.terms.keys() == english.terms.keys()
    assert danish.inbox.keys() == english.inbox.keys()
    for section in ("briefing", "document", "journal"):
        in_danish, in_english = (
            {name: placeholders(text) for name, text in getattr(language, section).items()}
            for language in (danish, english)
        )
        assert in_danish == in_english
    assert danish.problems.keys() == english.problems.keys()
    assert danish.problems.keys() == {code.value for code in (*Code, *ApiCode)}


def test_every_route_is_described_with_its_problems() -> None:
    document = json.loads(description())

    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["summary"], path
            if path.startswith("/v1/"):
                assert {"401", "403", "422", "503"} <= operation["responses"].keys(), f"{method} {path}"
                assert re.fullmatch(r"3\.1\.\d", document["openapi"])
