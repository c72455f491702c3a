"""A note says as a fact does how carefully it is shown, what it is kept for and by which law."""

import pytest

from domain.state.facts import NOTE_KINDS
from rules.engine.book import Book
from rules.language.facts import Sensitivity
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from tests.rules.vocabulary import Cell, document

WORDS = {"da": "Ord", "en": "Words"}
DEFAULTS = {"purpose": WORDS, "legal_basis": "§ 1"}


def kind(**more: object) -> Cell:
    """Return a kind of note of a set."""
    return {"id": "lesson", "label": WORDS, **more}


def test_a_barrier_is_special_and_other_words_about_a_citizen_are_confidential() -> None:
    rules = document()

    assert rules.kept("barrier").sensitivity is Sensitivity.SPECIAL
    assert rules.kept("opportunity").sensitivity is Sensitivity.ORDINARY
    others = {rules.kept(name).sensitivity for name in {*NOTE_KINDS} - {"barrier", "opportunity"}}
    assert others == {Sensitivity.CONFIDENTIAL}


def test_a_kind_says_itself_why_it_is_kept_or_leaves_it_to_the_set() -> None:
    own = {"sensitivity": "special", "purpose": {"da": "Eget"}, "legal_basis": "§ 2"}
    said = document(note_kinds=[kind(**own)], note_defaults=DEFAULTS).kept("lesson")
    silent = document(note_kinds=[kind()], note_defaults=DEFAULTS)

    assert (said.sensitivity, said.purpose and said.purpose.da, said.legal_basis) == (
        Sensitivity.SPECIAL,
        "Eget",
        "§ 2",
    )
    for name in ("lesson", "resource"):
        kept = silent.kept(name)
        assert (kept.purpose and kept.purpose.da, kept.legal_basis) == ("Ord", "§ 1")


@pytest.mark.parametrize("shipped_set", shipped(), ids=lambda shipped_set: f"{shipped_set.id}-{shipped_set.version}")
def test_every_kind_of_note_of_a_shipped_set_says_why_it_may_be_kept(shipped_set: RuleSet) -> None:
    kept = {name: shipped_set.kept(name) for name in Book(shipped_set).note_kinds}

    assert [name for name, each in kept.items() if each.purpose is None or each.legal_basis is None] == []
