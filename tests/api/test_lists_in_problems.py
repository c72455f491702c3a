"""A problem that lists something reads well whether there is nothing, one thing or several to list."""

import re
from typing import Final

import pytest

from rules.language.formats import Language
from wording.catalog import catalog

LISTS: Final = ("near", "known", "allowed", "open", "roles", "missing")
LANGUAGES: Final[tuple[Language, ...]] = ("da", "en")
ALWAYS_THERE: Final = {
    "another-is-open": "open",
    "company-sheet-incomplete": "missing",
    "note-kind-unknown": "known",
    "outcome-unknown": "allowed",
    "step-unknown": "known",
    "target-group-unknown": "allowed",
    "value-not-allowed": "allowed",
}


def words(language: Language, code: str, **lists: str) -> str:
    """Return all words of a problem, with an x for whatever is no list."""
    texts = catalog(language)
    template = " ".join(texts.problems[code].model_dump().values())
    params = dict.fromkeys(re.findall(r"{(\w+)}", template), "x") | lists
    return " ".join(texts.problem(code, params).model_dump().values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_there_is_nothing_to_list_nothing_is_said_of_it(language: Language) -> None:
    for code, problem in catalog(language).problems.items():
        there = {ALWAYS_THERE.get(code), "roles"}
        said = words(language, code, **{name: "" for name in LISTS if name not in there})
        assert "–" not in said, said
        assert "[" not in said, said
        assert ": ." not in said, problem


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_role_is_not_one_of_several(language: Language) -> None:
    for code, problem in catalog(language).problems.items():
        if "{roles}" in problem.detail + problem.remedy:
            said = words(language, code, roles="company_consultant")
            assert "en af rollerne" not in said
            assert "one of the" not in said


def test_several_are_a_choice() -> None:
    assert "rollen sagsbehandler eller leder" in words("da", "not-permitted", roles="caseworker, supervisor")
    assert "fx trial_starts_on eller outcome" in words("da", "fact-unknown", near="trial_starts_on, outcome")
    assert "tilladt: ≥ 0, ≤ 60" in words("da", "fact-value", allowed="≥ 0, ≤ 60")
