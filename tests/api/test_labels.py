"""Facts in words: what a rule set knows of a value is told with it."""

import pytest

from api.http.catalog import catalog
from api.http.negotiation import Language
from api.text.labels import Labels
from rules.engine.book import Book
from tests.domain.vocabulary import default_rules

BOOK = Book(default_rules())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "5 timer om ugen fra 2026-10-05; 8.5 timer om ugen fra 2026-11-02"),
        ("en", "5 hours a week from 2026-10-05; 8.5 hours a week from 2026-11-02"),
    ],
)
def test_a_schedule_is_told_row_by_row(language: Language, text: str) -> None:
    assert Labels(BOOK, language).value("hours_schedule", "2026-10-05=5 2026-11-02=8.5") == text


def test_facts_stand_in_the_order_of_the_rules_and_unknown_ones_last() -> None:
    labels = Labels(BOOK, "da")

    ordered = sorted(
        ["unheard_of", "hours_schedule", "first_interview_on", "goal_paid_hours"], key=labels.place_of_fact
    )

    declared = [fact.id for fact in BOOK.rule_set.facts]
    assert ordered == [*sorted(ordered[:-1], key=declared.index), "unheard_of"]
    assert ordered[0] != min(ordered)


def test_a_text_that_nobody_has_written_is_shown_by_its_code() -> None:
    assert catalog("da").journal["something_new"] == "something_new"
