"""The rule book of a set, for somebody who knows no code."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from rules.engine.book import Book
from rules.engine.functions import FUNCTIONS
from rules.language.conditions import Comparison, Not
from rules.language.facts import Sensitivity
from rules.language.formats import Language
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from rules.loading.read_toml import read_rule_set
from rules.reading.book_in_words import book_in_words
from rules.reading.book_models import Clause
from rules.reading.conditions import ConditionWords
from rules.reading.rule_book import rule_book
from rules.reading.words import Words
from tests.domain.vocabulary import default_rules
from tests.rules.vocabulary import rule_set

LANGUAGES: tuple[Language, Language] = ("da", "en")
STATED = {"not": {"fact": "colour", "is_missing": True}}
DERIVED = {"derived": "days_between", "of": ["day", "other_day"]}


@cache
def book_of(place: int, language: Language) -> str:
    return "\n".join(rule_book(Book(shipped()[place]), language))


def said(condition: dict[str, object], language: Language = "da") -> str:
    words = ConditionWords(Words(rule_set(), language))
    return words.sentence(Not.model_validate({"not": {"not": condition}}))


# Conditions


@pytest.mark.parametrize(
    ("condition", "danish"),
    [
        ({"fact": "yes", "is": True}, "»yes« er ja"),
        ({"not": {"fact": "yes", "is": True}}, "»yes« er nej"),
        ({"fact": "count", "is": 3}, "»count« er 3"),
        ({"fact": "colour", "in": ["red", "green"]}, "»colour« er enten »red« eller »green«"),
        ({"fact": "hours", "between": ["1", "37.5"]}, "»hours« er mindst 1 og højst 37,5"),
        ({"not": {"fact": "hours", "at_most": "3"}}, "»hours« er over 3"),
        ({"not": {"fact": "day", "after": {"derived": "today"}}}, "dagen for »day« er nået"),
        ({"fact": "day", "is_missing": True}, "»day« er ikke oplyst"),
        ({"not": {"fact": "day", "is_missing": True}}, "»day« er oplyst"),
        ({**DERIVED, "at_least": 0}, "»other_day« ligger ikke før »day«"),
        ({**DERIVED, "at_most": 7}, "antal dage fra »day« til »other_day« er højst 7 dage"),
        ({"note": "resource", "by": "caseworker"}, "der er skrevet et notat »Ressource« (sagsbehandler)"),
        ({"present": "caseworker", "at": "here"}, "»caseworker_at_here« er ja"),
        (
            {"all": [{"not": {"fact": "yes", "is_missing": True}}, {"fact": "yes", "is": False}]},
            "»yes« er besvaret med nej",
        ),
        (
            {"all": [STATED, {"fact": "colour", "in": ["red", "green"]}]},
            "»colour« er besvaret med enten »red« eller »green«",
        ),
        (
            {"all": [STATED, {"not": {"fact": "colour", "is": "red"}}]},
            "»colour« er oplyst og »colour« er andet end »red«",
        ),
        ({"not": {"fact": "colour", "in": ["red", "green"]}}, "»colour« er hverken »red« eller »green«"),
        ({"fact": "colour", "in": ["red"]}, "»colour« er »red«"),
        ({"not": {"fact": "hours", "between": ["1", "37.5"]}}, "»hours« er under 1 eller over 37,5"),
        ({"fact": "day", "after": {"derived": "today"}}, "dagen for »day« er ikke nået"),
        ({"fact": "day", "before": {"derived": "today"}}, "dagen for »day« er forbi"),
        ({"derived": "days_between", "of": ["day", "today"], "at_least": 0}, "dagen for »day« er nået"),
        ({"derived": "days_between", "of": ["day", "today"], "at_least": 1}, "dagen for »day« er forbi"),
        ({"derived": "days_between", "of": ["today", "day"], "at_least": 0}, "dagen for »day« er ikke forbi"),
        ({"derived": "days_between", "of": ["today", "day"], "at_least": 1}, "dagen for »day« er ikke nået"),
        ({"not": {"open": "there"}}, "»Prøve« er ikke i gang samtidig"),
        (
            {"all": [{"fact": "yes", "is": True}, {"any": [{"fact": "count", "is": 1}, {"fact": "count", "is": 2}]}]},
            "»yes« er ja og (»count« er 1 eller »count« er 2)",
        ),
        (
            {"not": {"any": [{"fact": "count", "is": 1}, {"fact": "day", "is_missing": True}]}},
            "»count« er andet end 1 og »day« er oplyst",
        ),
    ],
)
def test_a_condition_is_a_sentence(condition: dict[str, object], danish: str) -> None:
    assert said(condition) == danish
    assert said(condition, "en") != danish


def test_every_function_has_words_in_both_languages() -> None:
    rules = default_rules()
    used: set[str] = set()
    for name, function in FUNCTIONS.items():
        of = tuple("today" for _ in function.takes)
        condition = Comparison.model_validate({"derived": name, "of": of, "at_least": 2})
        used |= {ConditionWords(Words(rules, language)).sentence(condition) for language in LANGUAGES}

    assert len(used) == 2 * len(FUNCTIONS)
    assert not [sentence for sentence in used if "_" in sentence]


def test_a_long_condition_is_a_list_that_says_the_same_as_its_sentence() -> None:
    rules = default_rules()
    words = ConditionWords(Words(rules, "da"))
    asked = {requirement.id: requirement.must for step in rules.steps for requirement in step.requirements}
    longest = max(asked.values(), key=lambda must: len(words.sentence(must)))

    clauses = list(every_clause(words.clause(longest)))

    assert len(clauses) > 3
    assert all(clause.text and len(clause.text) < 270 for clause in clauses)
    assert all(clause.text in words.sentence(longest) for clause in clauses if not clause.parts)


def every_clause(clause: Clause) -> Iterator[Clause]:
    """Yield a condition in words and all under it."""
    yield clause
    for part in clause.parts:
        yield from every_clause(part)


# The book


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", range(len(shipped())))
def test_the_book_tells_everything_in_words_and_nothing_by_its_id(place: int, language: Language) -> None:
    rules, book = shipped()[place], book_of(place, language)

    assert not re.findall(r".*[a-z0-9]_[a-z0-9].*", book)
    assert all(word in book for word in words_of(rules, language))
    assert rules.sha256 in book.splitlines()[-3]
    assert book.splitlines()[-1].startswith(("Dato: ___", "Date: ___"))


@pytest.mark.parametrize("rules", shipped(), ids=lambda rules: rules.id)
def test_a_fact_that_is_kept_by_article_9_is_of_a_special_kind(rules: RuleSet) -> None:
    by_article = {fact.id for fact in rules.facts if "artikel 9" in (fact.legal_basis or "")}

    assert by_article == {fact.id for fact in rules.facts if fact.sensitivity is Sensitivity.SPECIAL}


def words_of(rules: RuleSet, language: Language) -> list[str]:
    """Return the texts that must not be missing: of requirements, routes, numbers and facts."""
    words = Words(rules, language)
    asked = [requirement for step in rules.steps for requirement in step.requirements]
    texts = [text for r in asked for text in (r.text, r.missing, r.refused and r.refused.missing) if text]
    texts += [step.label for step in rules.steps]
    texts += [parameter.label for parameter in rules.parameters]
    texts += [text for fact in rules.facts for text in (fact.label, fact.purpose) if text]
    sources = [*(entry.source for entry in asked), *(number.source for number in rules.parameters)]
    return [*map(words.text, texts), *sources]


def lines_of_tried() -> list[str]:
    tried = Path(__file__).with_name("tried.toml")
    return list(rule_book(Book(read_rule_set(tried.read_text(encoding="utf-8"), tried.name)), "da"))


def test_a_requirement_is_told_with_who_until_when_and_who_hears_when_it_is_late() -> None:
    (line,) = (line for line in lines_of_tried() if line.startswith("| 1.1 |"))

    assert line == (
        "| 1.1 | Samtalen er holdt. | sagsbehandler"
        " | 14 dage (7 dage for »B«; 10 dage for alle andre, når forløbet begynder 8. september 2026 eller senere)"
        " efter at trinnet begyndte"
        " | efter 4 arbejdsdage: begge roller | efter 5 arbejdsdage | Lokalt: Eksempel |"
    )


def test_a_number_is_told_for_each_group_and_day_with_its_source() -> None:
    lines = lines_of_tried()
    (place,) = (place for place, line in enumerate(lines) if line.startswith("| Frist for samtalen |"))

    assert lines[place : place + 3] == [
        "| Frist for samtalen | 14 dage | 1. januar 2020 | alle andre | forløbets begyndelse | Eksempel |",
        "|  | 7 dage | 1. januar 2020 | B |  |  |",
        "|  | 10 dage | 8. september 2026 | alle andre |  |  |",
    ]


@pytest.mark.parametrize("rules", shipped(), ids=lambda rules: rules.id)
def test_every_example_stands_once_beside_what_it_shows(rules: RuleSet) -> None:
    book = book_in_words(Book(rules), "da")

    beside = {asked.id: asked.examples for step in book.steps for asked in step.requirements}
    places = [example.number for step in book.steps for example in step.examples]
    places += [example.number for examples in beside.values() for example in examples]

    assert sorted(places) == list(range(1, len(rules.examples) + 1))
    for name, examples in beside.items():
        assert {rules.examples[example.number - 1].shows for example in examples} <= {name}
    assert sum(map(bool, beside.values())) > len(beside) / 2


def test_a_former_id_of_a_value_is_told_by_its_label() -> None:
    rules = default_rules()
    group = next(fact for fact in rules.facts if fact.id == "target_group")
    value = next(value for value in group.values if value.aliases)
    condition = Comparison.model_validate({"fact": "target_group", "is": value.aliases[0]})

    sentence = ConditionWords(Words(rules, "da")).sentence(condition)

    assert sentence.endswith(f"er »{value.label.da}«")


def test_the_command_prints_the_book() -> None:
    ended = CliRunner().invoke(app, ["rules", "read", "ips", "--language", "en"])

    assert ended.exit_code == 0
    assert ended.output.startswith("# Rule book: IPS")
