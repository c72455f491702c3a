"""What a requirement lacks, in a sentence that anybody can read (P8)."""

from collections.abc import Iterator
from typing import Final

import pytest

from domain.state.facts import NOTE_KINDS, FactValue
from rules.engine.book import Book
from rules.engine.compiler import Compiled
from rules.engine.functions import FUNCTIONS
from rules.explain.conditions import ConditionExplainer
from rules.explain.explain import explain
from rules.explain.models import ExplainedCondition, ExplainedValue
from rules.explain.sentences import Sentences
from rules.language.text import Text
from rules.loading.library import shipped
from tests.domain.vocabulary import ANNA, Story, default_rules, plain_calendar
from tests.rules.vocabulary import NOW, course, rule_set, visit

BOOK = Book(default_rules())
HOURS = ExplainedValue(kind="fact", name="hours", label=Text(da="Timer", en="Hours"), value=2)
LIMIT = ExplainedValue(kind="parameter", name="least", label=Text(da="Mindste timer", en="Least hours"), value=3)
NINE = ExplainedValue(kind="constant", value="9")


@pytest.mark.parametrize(
    ("kind", "others", "must", "must_not"),
    [
        ("is", (NINE,), "must be 9", "must not be 9"),
        ("in", (NINE, LIMIT), "must be one of 9, 3 (Least hours)", "must not be one of 9, 3 (Least hours)"),
        ("at_least", (LIMIT,), "must be at least 3 (Least hours)", "must be less than 3 (Least hours)"),
        ("at_most", (NINE,), "must be at most 9", "must be more than 9"),
        ("between", (LIMIT, NINE), "must be from 3 (Least hours) to 9", "must not be from 3 (Least hours) to 9"),
        ("before", (NINE,), "must be before 9", "must not be before 9"),
        ("after", (NINE,), "must be after 9", "must not be after 9"),
        ("is_missing", (), "must not be stated", "must be stated"),
    ],
)
def test_each_comparison_is_told_with_what_stands_against_it(
    kind: str, others: tuple[ExplainedValue, ...], must: str, must_not: str
) -> None:
    cell = ExplainedCondition(kind=kind, answer="no", values=(HOURS, *others))
    sentences = Sentences(rule_set())

    assert sentences.because(cell, wanted=True).en == f"Hours: 2; {must}"
    assert sentences.because(cell, wanted=False).en == f"Hours: 2; {must_not}"
    assert sentences.because(cell, wanted=True).da.startswith("Timer: 2; ")


def test_values_are_told_by_their_labels_and_what_is_unknown_as_unknown() -> None:
    sentences = Sentences(BOOK.rule_set)
    group = ExplainedValue(kind="fact", name="target_group", label=Text(da="Målgruppe", en="Target group"))
    wanted = ExplainedValue(kind="constant", value="flex_job")

    text = sentences.because(ExplainedCondition(kind="is", answer="unknown", values=(group, wanted)), wanted=True)

    assert text.da == "Målgruppe: ikke kendt; skal være »Visiteret til fleksjob«"
    assert text.en == "Target group: not known; must be “Approved for flex job”"


def test_a_limit_that_is_not_known_is_said_to_be_so() -> None:
    sentences = Sentences(BOOK.rule_set)
    ends = tuple(ExplainedValue(kind="fact", name=name) for name in ("trial_starts_on", "trial_ends_on"))
    length = ExplainedValue(kind="derived", name="length_in_days", of=ends)
    longest = ExplainedValue(kind="parameter", name="trial_days", reference="LAB § 61")

    days = sentences.because(
        ExplainedCondition(kind="at_most", answer="unknown", values=(length, longest)), wanted=True
    )
    hours = sentences.because(
        ExplainedCondition(kind="at_most", answer="unknown", values=(HOURS, longest)), wanted=True
    )

    assert (days.da or "").endswith("; må højst vare et ukendt antal dage (LAB § 61)")
    assert hours.da == "Timer: 2; må højst være en endnu ukendt grænse (LAB § 61)"


@pytest.mark.parametrize("kind", NOTE_KINDS)
def test_every_kind_of_note_has_a_name(kind: str) -> None:
    text = Sentences(BOOK.rule_set).because(
        ExplainedCondition(kind="note", answer="no", note=kind, at_least=2), wanted=True
    )

    assert kind not in (text.en or "").split(":")[0]
    assert (text.en or "").endswith("2 notes are missing")


def test_a_course_says_why_it_stands_with_numbers_against_limits() -> None:
    story = Story(rules=BOOK).starts(target_group="cash_benefit_activity_ready")
    story.reports(ANNA, goal_paid_hours=0)

    (visit,) = explain(BOOK, story.state, story.now, plain_calendar()).visits
    reasons = {need.requirement: [text.da for text in need.because] for need in visit.would_advance_with.needs}

    assert reasons["hours_aimed_at"] == [
        "Hvor mange løntimer om ugen er målet lige nu? 0 timer om ugen; skal være mindst 1 time om ugen"
    ]
    assert reasons["resources_shared"] == ["Ressource: der mangler 1 notat"]
    assert all(texts and not any("_" in text for text in texts) for texts in reasons.values())


def leaves(compiled: Compiled) -> Iterator[Compiled]:
    """Yield the cells of a condition that have no parts."""
    if not compiled.parts:
        yield compiled
    for part in compiled.parts:
        yield from leaves(part)


def test_every_condition_of_the_shipped_rules_has_a_sentence_wanted_or_not() -> None:
    worded = set()
    for book in map(Book, shipped()):
        sentences = Sentences(book.rule_set)
        for step, gate in book.gates.items():
            (view,) = book.views(course(visits=(visit(step=step),)), NOW, plain_calendar())
            asked = (*gate.leave, *gate.enter, *gate.close)
            conditions = [c for compiled in asked for c in (compiled.when, compiled.must) if c is not None]
            for cell in (leaf for condition in conditions for leaf in leaves(condition)):
                explained = ConditionExplainer(view).condition(cell)
                must, must_not = (sentences.because(explained, wanted=wanted) for wanted in (True, False))

                assert len({must.da, must.en, must_not.da, must_not.en}) == 4, explained
                worded.add(explained.kind)
    assert {"present", "note", "open", "is", "is_missing"} <= worded


def test_a_kind_of_condition_without_a_sentence_is_shown_by_its_id() -> None:
    cell = ExplainedCondition(kind="resembles", answer="no", values=(HOURS, NINE))

    assert Sentences(rule_set()).because(cell, wanted=True).da == "Timer: 2; resembles 9"


def days(*, wanted: bool, value: int | None, last: str, name: str = "days_between", **asked: FactValue) -> Text:
    """Return what is said of the days from the grant, or from the first day of a trial, against a limit."""
    first = "trial_granted_on" if name == "days_between" else "trial_starts_on"
    facts = {fact.id: fact for fact in BOOK.rule_set.facts}
    ends = [
        ExplainedValue(kind="fact", name=fact, label=facts[fact].label, value=on)
        for fact, on in ((first, "2026-09-14"), (last, "2027-04-28"))
        if fact in facts
    ]
    ends += [ExplainedValue(kind="today", value="2027-04-28")] if last == "today" else []
    (kind, limit), *_ = asked.items()
    reckoned = ExplainedValue(kind="derived", name=name, value=value, of=tuple(ends))
    law = ExplainedValue(kind="parameter", name="c", label=Text(da="Længst"), value=limit, reference="LAB § 61")
    against = ExplainedValue(kind="constant", value=limit) if limit in (0, 1) else law
    cell = ExplainedCondition(kind=kind, answer="no", values=(reckoned, against))
    return Sentences(BOOK.rule_set).because(cell, wanted=wanted)


LENGTH: Final = "length_in_days"
GRANTED_DA: Final = "»Hvornår blev praktikken bevilget?«"
GRANTED_EN: Final = "“When was the trial granted?”"


@pytest.mark.parametrize(
    ("text", "danish", "english"),
    [
        (
            days(wanted=True, value=227, last="trial_ends_on", name=LENGTH, at_most=91),
            "Virksomhedspraktik varer 227 dage; må højst vare 91 dage (LAB § 61)",
            "Company trial lasts 227 days; may last at most 91 days (LAB § 61)",
        ),
        (
            days(wanted=True, value=95, last="today", name=LENGTH, at_most=91),
            "Virksomhedspraktik har varet 95 dage; må højst vare 91 dage (LAB § 61)",
            "Company trial has lasted 95 days; may last at most 91 days (LAB § 61)",
        ),
        (
            days(wanted=True, value=40, last="today", at_most=28),
            f"Siden {GRANTED_DA} er der gået 40 dage; der må højst gå 28 dage (LAB § 61)",
            f"Since {GRANTED_EN} 40 days have passed; there may be at most 28 days (LAB § 61)",
        ),
        (
            days(wanted=False, value=None, last="today", at_most=28),
            f"Siden {GRANTED_DA} er der gået et ukendt antal dage; der skal gå over 28 dage (LAB § 61)",
            f"Since {GRANTED_EN} an unknown number of days have passed; there must be more than 28 days (LAB § 61)",
        ),
        (
            days(wanted=True, value=-4, last="trial_starts_on", at_least=0),
            f"Hvornår begynder praktikken? 28. april 2027; må ikke ligge før 14. september 2026 ({GRANTED_DA[1:-1]})",
            f"When does the trial begin? 28 April 2027; must not be before 14 September 2026 ({GRANTED_EN[1:-1]})",
        ),
    ],
)
def test_how_long_something_lasts_is_said_as_people_say_it(text: Text, danish: str, english: str) -> None:
    assert (text.da, text.en) == (danish, english)


@pytest.mark.parametrize(
    ("value", "unit", "danish"),
    [
        ("12.5", "hours_per_week", "12,5 timer om ugen"),
        (1, "fte", "1 årsværk"),
        ("2026-11-05", None, "5. november 2026"),
        ("1000000001", None, "1000000001"),
    ],
)
def test_values_are_written_as_people_write_them(value: FactValue, unit: str | None, danish: str) -> None:
    stated = ExplainedValue(kind="fact", name="x", label=Text(da="Svar"), value=value, unit=unit)
    cell = ExplainedCondition(kind="is", answer="no", values=(stated, NINE))

    assert Sentences(rule_set()).because(cell, wanted=True).da.startswith(f"Svar: {danish}; skal være 9")


def test_every_function_of_the_rules_is_named_in_words() -> None:
    for name in FUNCTIONS:
        reckoned = ExplainedValue(kind="derived", name=name, value=1, of=(HOURS, HOURS))
        text = Sentences(rule_set()).because(
            ExplainedCondition(kind="is", answer="no", values=(reckoned, NINE)), wanted=True
        )
        assert name not in text.da
