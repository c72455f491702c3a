"""The form of every number of every set: what stands in it is what can be typed."""

from datetime import date
from typing import Final

import pytest

from api.http.problems import ProblemError
from api.pages.report.entry import EMPTY
from api.pages.report.fields import Shape
from api.pages.rule_forms import NumberForm
from api.rulesets.changing import Newest
from infra.documents.rulebooks import RuleSetVersions
from rules.engine.book import Book
from rules.language.formats import Language
from rules.loading.changed import Document
from rules.loading.library import shipped, shipped_library

DAY: Final = date(2030, 1, 1)
BOOKS: Final = {rules.id: Book(rules) for rules in shipped() if not rules.draft}


def form(book: Book, number: str, language: Language = "da") -> NumberForm:
    """Return the form of a number of a shipped set."""
    versions = RuleSetVersions((), shipped())
    return NumberForm.of(Newest(book, None, None, versions, DAY), language, number)


def filled(asked: NumberForm) -> dict[str, str]:
    """Return what stands in a form when it is opened, with a day and a source."""
    return {field.name: field.value for field in asked.group.fields} | {"since": DAY.isoformat(), "source": "Byrådet"}


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", BOOKS)
def test_what_stands_in_a_form_can_be_sent_and_is_no_change(name: str, language: Language) -> None:
    for number in BOOKS[name].rule_set.parameters:
        asked = form(BOOKS[name], number.id, language)

        with pytest.raises(ProblemError) as refused:
            asked.read(filled(asked))

        assert [issue.code for issue in refused.value.issues] == [EMPTY], number.id


def test_a_number_that_is_yes_or_no_is_a_choice_and_nothing_else() -> None:
    asked = form(BOOKS["jobfirst-vitas"], "own_employer_exempt")
    first = asked.group.fields[0]

    assert [(field.shape, field.value) for field in asked.group.fields[:2]] == [
        (Shape.CHOICE, "false"),
        (Shape.CHOICE, "true"),
    ]
    assert list(first.choices) == [("true", "ja"), ("false", "nej")]
    for value in ("", "1", "ja", "True"):
        with pytest.raises(ProblemError) as refused:
            asked.read({**filled(asked), first.name: value})
        assert refused.value.issues[0].field == first.name


def test_yes_and_no_are_kept_in_the_set_from_their_day() -> None:
    name = "jobfirst-vitas"
    asked = form(BOOKS[name], "own_employer_exempt")
    document = Document.amending(name, shipped_library().by_name[name])
    document.begins("k1", DAY, "Rie Regel", shipped_library())

    asked.read({**filled(asked), "value-0": "true", "value-1": "false"}).change(document)

    rules = shipped_library().read_own(document.toml).rule_set
    kept = next(one for one in rules.parameters if one.id == "own_employer_exempt")
    new = {bool(row.target_groups): row.value for row in kept.rows if row.valid_from == DAY}
    assert new == {False: True, True: False}
