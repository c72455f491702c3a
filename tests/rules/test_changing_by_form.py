"""A number or words are changed as a form does it: what comes out is the same set but for that, and is read again."""

import tomllib
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.language.rule_set import RuleSet
from rules.language.steps import WAIT_BEGAN, Parameter, ParameterRow
from rules.language.text import Text
from rules.loading.changed import Document
from rules.loading.folder import joined_text
from rules.loading.library import shipped_library
from rules.loading.toml_text import toml_text
from tests.rules.own_sets import OWN, TOML, later, library

DAY: Final = date(2027, 1, 1)
DEFAULT: Final = "jobfirst"
NUMBERS: Final = [
    number
    for number in shipped_library().by_name[DEFAULT].parameters
    if number.dated_by != WAIT_BEGAN  # How reminders follow each other is checked besides.
]
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES: Final = st.recursive(
    st.booleans()
    | st.integers(-(2**40), 2**40)
    | TEXTS
    | st.dates()
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def begun(name: str) -> Document:
    """Return an amendment of a shipped set that begins on the day."""
    document = Document.amending(name, shipped_library().by_name[name])
    document.begins("k1", DAY, "Rie Regel", shipped_library())
    return document


def body(rules: RuleSet) -> dict[str, Any]:
    """Return a set without its identity."""
    return rules.model_dump(exclude={"version", "valid_from", "authors", "supersedes", "draft"})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # Nested values take time to make up.
@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_whatever_toml_holds_is_written_and_read_again(tables: dict[str, Any]) -> None:
    written = {key: _floats(value) for key, value in tables.items()}

    assert tomllib.loads(toml_text(tables), parse_float=Decimal) == written


def _floats(value: Any) -> Any:
    """Return a value as TOML reads it: a whole decimal is an integer."""
    match value:
        case Decimal() if str(value).lstrip("-").isdecimal():
            return int(value)
        case list():
            return [_floats(one) for one in value]
        case dict():
            return {key: _floats(one) for key, one in value.items()}
        case _:
            return value


@pytest.mark.parametrize("name", shipped_library().by_name)
def test_a_shipped_set_that_a_form_writes_anew_is_the_same(name: str) -> None:
    toml = joined_text(name, shipped_library().files)

    assert shipped_library().read_own(Document.written(toml).toml).rule_set == shipped_library().by_name[name]


@pytest.mark.parametrize("name", sorted(name for name, rules in shipped_library().by_name.items() if not rules.draft))
def test_an_amendment_begins_as_the_set_that_it_amends(name: str) -> None:
    assert body(shipped_library().read_own(begun(name).toml).rule_set) == body(shipped_library().by_name[name])


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.id)
def test_a_number_has_another_row_from_a_day_on_and_nothing_else_is_different(number: Parameter) -> None:
    name, value = DEFAULT, int(number.rows[-1].value) + 1
    before = shipped_library().by_name[name]
    groups = {row.target_groups for row in number.rows}
    document = begun(name)
    document.change_number(number, DAY, dict.fromkeys(groups, value), "Byrådet, november 2026")

    after = shipped_library().read_own(document.toml).rule_set

    changed = next(one for one in after.parameters if one.id == number.id)
    added = {ParameterRow(valid_from=DAY, target_groups=row.target_groups, value=value) for row in changed.rows[-2:]}
    assert set(number.rows) <= set(changed.rows)
    assert {row.valid_from for row in set(changed.rows) - set(number.rows)} == {DAY}
    assert {row.value for row in added} == {value}
    assert changed.source == "Byrådet, november 2026"
    others = [one for one in after.parameters if one.id != number.id]
    assert others == [one for one in before.parameters if one.id != number.id]
    assert (after.steps, after.facts, after.examples) == (before.steps, before.facts, before.examples)


def test_words_are_changed_in_both_languages_and_a_second_change_keeps_the_first() -> None:
    before = shipped_library().by_name["jobfirst"]
    step = before.steps[0]
    first, second = step.requirements[:2]
    document = begun("jobfirst")
    document.change_words(step.id, first.id, {"missing": Text(da="Skriv det.", en="Write it.")})
    again = Document.written(document.toml)
    again.change_words(step.id, second.id, {"text": Text(da="Det er på plads.")})
    number = before.parameters[0]
    again.change_number(number, DAY, {(): 3})

    after = shipped_library().read_own(again.toml).rule_set

    changed, other = after.steps[0].requirements[:2]
    assert changed == first.model_copy(update={"missing": Text(da="Skriv det.", en="Write it.")})
    assert other == second.model_copy(update={"text": Text(da="Det er på plads.")})
    assert next(one for one in after.parameters if one.id == number.id).source == number.source


def test_a_set_of_its_own_is_changed_where_it_stands() -> None:
    whole = Document.written(TOML.replace("valid_from", "# Vores egne regler.\nvalid_from"))
    read = library().read_own(TOML).rule_set
    step, requirement = next((step, asked) for step in read.steps for asked in step.requirements)
    whole.change_words(step.id, requirement.id, {"text": Text(da="Helt på plads.", en="All set.")})

    after = library().read_own(whole.toml).rule_set

    changed = next(asked for one in after.steps for asked in one.requirements if asked.id == requirement.id)
    assert changed.text == Text(da="Helt på plads.", en="All set.")
    assert len(after.steps) == len(read.steps)


def test_it_amends_the_default_version_in_force_on_its_day_and_says_what_it_supersedes() -> None:
    release = library(then=later())
    document = Document.written(OWN)

    document.begins("k2", date(2026, 12, 1), "Rie", release)
    assert 'amends = "tiny"' in document.toml
    document.begins("k2", date(2027, 2, 1), "Ruth", release)

    assert 'amends = "tiny-2027"' in document.toml
    read = release.read_own(document.toml).rule_set
    assert (read.version, read.supersedes, read.valid_from) == ("k2", "k1", date(2027, 2, 1))
    assert read.authors == ("Rie", "Ruth")
