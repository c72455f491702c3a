"""Every flaw has its words in both languages, with the values that it brings."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Final

import pytest

from rules.checks.shape import WRITTEN_OUT
from rules.language.facts import FactType
from rules.language.formats import Language
from wording.catalog import catalog

RULES: Final = Path(__file__).parents[2] / "rules"
LANGUAGES: Final[tuple[Language, ...]] = ("da", "en")


def calls() -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the code of each phrase that is written in the rules as such, and the names of its values."""
    for file in RULES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            code = node.args[0]
            is_named = isinstance(code, ast.Constant) and all(keyword.arg for keyword in node.keywords)
            if node.func.id in ("phrase", "UnfitError") and is_named:
                yield str(code.value), frozenset(str(keyword.arg) for keyword in node.keywords)  # type: ignore[attr-defined]


def placeholders(text: str) -> set[str]:
    """Return the names in braces of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flaw_has_words_and_brings_the_values_in_them(language: Language) -> None:
    texts, found = catalog(language).flaws, list(calls())

    assert len(found) > 100
    assert {code for code, _ in found} <= texts.keys()
    assert [code for code, values in found if not placeholders(texts[code]) <= values] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_type_of_fact_has_a_name_and_says_how_it_is_written(language: Language) -> None:
    texts = catalog(language).flaws

    assert {f"type-{kind}" for kind in FactType} <= texts.keys()
    assert {f"write-{kind}" for kind in FactType if kind is not FactType.ENUM} <= texts.keys()
    assert {written.code for written in WRITTEN_OUT.values()} <= texts.keys()


def test_both_languages_word_the_same_flaws_with_the_same_values() -> None:
    danish, english = catalog("da").flaws, catalog("en").flaws

    assert danish.keys() == english.keys()
    for code in danish:
        assert placeholders(danish[code]) <= placeholders(english[code]), code


def test_the_models_of_a_rule_set_say_what_does_not_fit_by_a_code() -> None:
    """Words of their own would be shown in one language only."""
    raised = [
        f"{file.name}:{node.lineno}"
        for file in (RULES / "language").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise) and "ValueError" in ast.unparse(node)
    ]

    assert raised == []
