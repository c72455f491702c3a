"""Nothing is asked twice at the same time, and nothing of a day before it has come, in any example of a set (P5)."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest

from domain.calendar import danish_day, iso_day
from domain.state.waiting import Waiting, WaitingKind
from rules.engine.book import Book
from rules.explain.ways import ways_to_meet
from rules.language.examples import whole_circumstances
from rules.language.formats import Language
from rules.language.rule_set import RuleSet
from rules.language.steps import FACT_PREFIX, Level, Requirement
from rules.loading.library import shipped
from rules.proving.scenario import Scenario
from tests.domain.vocabulary import plain_calendar

BOOKS: Final = {f"{rules.id} {rules.version}": Book(rules) for rules in shipped() if not rules.draft}


def scenarios(book: Book) -> Iterator[Scenario]:
    """Yield the course of each example."""
    for example in book.rule_set.examples:
        circumstances = whole_circumstances(book.rule_set.situations, example)
        yield Scenario(book, plain_calendar(), circumstances, example)


def asked(scenario: Scenario) -> Iterator[tuple[Waiting, Requirement]]:
    """Yield what is waited for, with the requirement."""
    rule_set = scenario.book.rule_set
    requirements = {entry.id: entry for step in rule_set.steps for entry in step.requirements}
    for waiting in scenario.state.shown_waits:
        if waiting.kind is WaitingKind.REQUIREMENT:
            yield waiting, requirements[waiting.what]


def asked_twice(scenario: Scenario) -> list[object]:
    """Return what two requirements of one visit ask for in the same way."""
    rule_set = scenario.book.rule_set
    ways = Counter((waiting.visit, str(ways_to_meet(rule_set, entry.must))) for waiting, entry in asked(scenario))
    return [way for way, times in ways.items() if times > 1]


def asked_too_early(scenario: Scenario) -> list[str]:
    """Return the reminders of what happens on a day that is planned, before that day."""
    early = []
    for waiting, entry in asked(scenario):
        anchor = entry.deadline.anchor if entry.deadline and entry.deadline.before is None else ""
        if entry.level is Level.WARN and anchor.startswith(FACT_PREFIX):
            planned = scenario.state.on_record(anchor.removeprefix(FACT_PREFIX), waiting.visit)
            day = iso_day(planned.fact.value) if planned and planned.contradicted_by is None else None
            if day is not None and day > danish_day(scenario.now):
                early.append(waiting.what)
    return early


@pytest.mark.parametrize("name", BOOKS)
def test_nothing_is_asked_twice_or_before_its_day(name: str) -> None:
    found = [(asked_twice(scenario), asked_too_early(scenario)) for scenario in scenarios(BOOKS[name])]

    assert found
    assert [flaws for flaws in found if any(flaws)] == []


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("rules", shipped(), ids=lambda rules: f"{rules.id} {rules.version}")
def test_no_two_requirements_ask_in_the_same_words(rules: RuleSet, language: Language) -> None:
    """Two steps may be open at once, and who reads a line must know which of them it is about."""
    words = Counter(getattr(entry.missing, language) for step in rules.steps for entry in step.requirements)

    assert [text for text, times in words.items() if times > 1] == []
