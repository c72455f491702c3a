"""A rule set says what each kind of observer reads: known names alone, and nothing where nothing is said."""

import pytest

from domain.state.observers import ObserverKind
from rules.engine.book import Book
from rules.engine.reads import reads_of
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from rules.loading.read_toml import read_set
from rules.reading.changes import changes
from rules.reading.rule_book import rule_book
from tests.rules.written import changed, flaws, flaws_of, line_of, walk

SHIPPED = pytest.mark.parametrize("rules", shipped(), ids=lambda rules: f"{rules.id}-{rules.version}")
STANDING = frozenset({"resource", "barrier", "opportunity"})
DEFAULTS = "[defaults]\n"


def mentor_reads(names: str) -> tuple[str, str, str]:
    """Return the change of the set by which a mentor reads something."""
    return ("set", DEFAULTS, f"[observers.mentor]\nreads = [{names}]\n\n{DEFAULTS}")


@SHIPPED
def test_every_shipped_set_says_it_of_every_kind(rules: RuleSet) -> None:
    assert {kind.value for kind in ObserverKind} == rules.observers.model_fields_set


@SHIPPED
def test_no_shipped_set_gives_an_observer_what_is_known_of_the_citizen(rules: RuleSet) -> None:
    for kind in ObserverKind:
        assert reads_of(rules, kind, "olga").note_kinds.isdisjoint(STANDING)


@SHIPPED
def test_who_reports_a_fact_as_observer_reads_it(rules: RuleSet) -> None:
    reported = [(fact.id, kind) for fact in rules.facts for kind in fact.observers]

    assert [fact for fact, kind in reported if fact not in rules.observers.reads(kind)] == []


def test_nothing_is_read_where_nothing_is_said() -> None:
    reads = reads_of(walk(), ObserverKind.MENTOR, "olga")

    assert (reads.facts, reads.note_kinds, reads.steps) == (frozenset(), frozenset(), frozenset())


def test_names_are_of_facts_kinds_of_notes_and_steps() -> None:
    reads = reads_of(walk(mentor_reads('"target_group", "wish", "agreement", "out"')), ObserverKind.MENTOR, "olga")

    assert [*map(set, (reads.facts, reads.note_kinds, reads.steps))] == [
        {"target_group"},
        {"wish", "agreement"},
        {"out"},
    ]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ('"targetgroup"', "'targetgroup' is no fact, kind of note or step; did you mean 'target_group'?"),
        ('"wish", "wish"', "'wish' stands here for the second time; remove it"),
    ],
)
def test_an_unknown_name_and_one_that_is_written_twice_are_flaws(names: str, words: str) -> None:
    (flaw,) = flaws(mentor_reads(names))

    assert words in flaw
    assert f"set.toml, line {line_of('set', DEFAULTS.strip()) + 1}, observers.mentor.reads" in flaw


def test_a_name_of_two_things_is_a_flaw() -> None:
    said = flaws(mentor_reads('"out"'), ("set", 'id = "wish"', 'id = "out"'))

    assert any("'out' is the name of a kind of note and of a step" in flaw for flaw in said)


def test_a_kind_that_is_unknown_is_a_flaw() -> None:
    (flaw,) = flaws(("set", DEFAULTS, f"[observers.mentr]\nreads = []\n\n{DEFAULTS}"))

    assert "'mentr' is not known here; did you mean 'mentor'?" in flaw


AMENDING = """amends = "walk"
id = "stroll"
version = "1"
valid_from = 2020-01-01
title = "En spadseretur"
description = "Kort."
authors = ["Fodslag"]

"""


def test_a_set_that_amends_another_says_anew_what_a_kind_reads_and_keeps_the_others() -> None:
    files = changed(
        mentor_reads('"wish"'), ("set", DEFAULTS, f'[observers.grant_clerk]\nreads = ["out"]\n\n{DEFAULTS}')
    )
    more = {"stroll/set.toml": AMENDING + '[observers.mentor]\nreads = ["target_group"]\n'}

    rules = read_set("stroll", {**files, **more})

    assert rules.observers.mentor.reads == ("target_group",)
    assert rules.observers.grant_clerk.reads == ("out",)


def test_what_an_amending_set_removes_is_read_by_nobody() -> None:
    files = changed(mentor_reads('"wish"'))
    more = {"stroll/set.toml": AMENDING + '[remove]\nnote_kinds = ["wish"]\n'}

    assert any("'wish' is no fact, kind of note or step" in flaw for flaw in flaws_of({**files, **more}, "stroll"))


def test_the_rule_book_prints_it_and_a_change_of_it_is_told() -> None:
    before, after = Book(walk()), Book(walk(mentor_reads('"wish", "out"')))

    assert "| Mentor | Ønske; Ude |" in list(rule_book(after, "da"))
    assert "| Anden iagttager | – |" in list(rule_book(after, "da"))
    assert any("det, mentor læser" in line and "Ønske; Ude" in line for line in changes(before, after, "da"))
