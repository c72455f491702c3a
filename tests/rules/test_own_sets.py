"""A municipality's own sets: read beside the default ones, carried on to their later versions, in force by date."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.loading.library import Base
from rules.loading.own import not_carried_on, own_in_force
from rules.loading.read_toml import UnreadableError, read_rule_set
from tests.rules.own_sets import OWN, TOML, later, library


@dataclass(frozen=True)
class Own:
    """An own version as the store has it."""

    version: str
    valid_from: date
    follows: str | None = None
    amends: str | None = None
    id: str = "tiny"
    draft: bool = False


def test_an_own_set_is_read_beside_the_default_ones() -> None:
    read = library().read_own(OWN).rule_set

    assert (read.id, read.version, read.title.da) == ("tiny", "k1", "Vores regelsæt")
    assert next(fact for fact in read.facts if fact.id == "agreed").label.da == "Helt aftalt"
    assert read.steps == read_rule_set(TOML, "tiny.toml").steps
    assert library().amended_by(OWN) == "tiny"
    assert library().amended_by(TOML) is None


def test_an_amendment_is_carried_on_to_a_later_version_of_what_it_amends_from_the_day_of_that() -> None:
    renamed = later(TOML.replace('text = "Det er aftalt."', 'text = "Aftalen er klar."'))
    release = library(then=renamed)
    own = release.read_own(OWN).rule_set
    (base,) = release.later_than("tiny", own.valid_from)

    carried = release.carried_on(OWN, own, own.version, base)

    assert (carried.id, carried.version, carried.supersedes) == ("tiny", "k1_2", "k1")
    assert carried.valid_from == date(2027, 1, 1)
    assert next(fact for fact in carried.facts if fact.id == "agreed").label.da == "Helt aftalt"
    assert {requirement.text.da for step in carried.steps for requirement in step.requirements} >= {"Aftalen er klar."}


def test_what_does_not_fit_a_later_version_is_refused_with_its_flaws() -> None:
    release = library(then=later(TOML.replace("agreed", "arranged")))
    own = release.read_own(OWN).rule_set
    (base,) = release.later_than("tiny", own.valid_from)

    with pytest.raises(UnreadableError) as refused:
        release.carried_on(OWN, own, own.version, base)

    assert {flaw.file for flaw in refused.value.flaws} == {"rules.toml"}


def test_neither_drafts_nor_what_counts_already_are_followed() -> None:
    draft = later().replace("authors =", "draft = true\nauthors =", 1)

    assert list(library(then=draft).later_than("tiny", date(2026, 10, 1))) == []
    assert list(library(then=later()).later_than("tiny", date(2027, 1, 1))) == []
    assert list(library(then=later()).later_than("gone", date(2026, 10, 1))) == []


def test_an_amendment_is_carried_on_once_to_each_later_version() -> None:
    release, own = library(then=later()), Own("k1", date(2026, 10, 1), amends="tiny")

    assert [(version.version, base.name) for version, base in not_carried_on([own], release)] == [("k1", "tiny-2027")]
    carried = Own("k1_2", date(2027, 1, 1), follows="k1", amends="tiny-2027")
    assert list(not_carried_on([own, carried], release)) == []
    assert isinstance(next(iter(release.later_than("tiny", own.valid_from))), Base)


DAYS: Final = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(first=DAYS, second=DAYS, base=DAYS, on=DAYS)
def test_the_newest_that_somebody_wrote_counts_as_it_is_carried_on_by_then(
    first: date, second: date, base: date, on: date
) -> None:
    written = [Own("a", first), Own("b", second)]
    carried = [Own(f"{one.version}_2", base, follows=one.version) for one in written if base > one.valid_from]

    current = own_in_force([*written, *carried], "tiny", on)

    begun = [one for one in written if one.valid_from <= on]
    if not begun:
        assert current is None
    else:
        newest = max(begun, key=lambda one: one.valid_from)
        assert current is not None
        is_carried = any(one.follows == newest.version and base <= on for one in carried)
        assert current.version == (f"{newest.version}_2" if is_carried else newest.version)
    assert own_in_force(written, "other", on) is None
