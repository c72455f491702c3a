"""What is declared and read by nothing is a flaw: a slip in a name, or what a change has left behind."""

import pytest

from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.language.phrases import Place
from rules.proving.coverage import report
from rules.proving.run_examples import run_examples
from rules.proving.untranslated import untranslated
from tests.rules.written import flaws, line_of, walk
from wording.flaws import phrase_text

FACT = '[[facts]]\nid = "mood"\ntype = "bool"\nlabel = "Humør"\n\n[[facts]]\nid = "keen"'
FEW = "{ label = 'F', value = 1, unit = 'days', dated_by = 'today', source = 'X' }"
BEFORE = '[[facts]]\nid = "keen"'


def test_a_fact_that_nothing_reads_is_a_flaw() -> None:
    words = "nothing reads the fact 'mood'; ask for it, remove it, or write informational = true"
    informing = FACT.replace('"Humør"', '"Humør"\ninformational = true')

    assert flaws(("1-home", BEFORE, FACT)) == [
        f"walk/1-home.toml, line {line_of('1-home', 'keen')}, facts[0].id: {words}"
    ]
    assert "mood" in {fact.id for fact in walk(("1-home", BEFORE, informing)).facts}


def test_that_a_step_hears_of_a_fact_early_reads_it_not() -> None:
    observed = ('label = "Hjemme"', 'label = "Hjemme"\nobserves = ["mood"]')
    late = ("2-out", '[[facts]]\nid = "ends_on"', FACT.replace('"keen"', '"ends_on"'))

    assert "nothing reads the fact 'mood'" in flaws(("1-home", *observed), late)[0]


@pytest.mark.parametrize(
    "must",
    [
        '{ answered = "mood" }',
        '{ any = [{ not = { yes = "mood" } }, { happened = "starts_on" }] }',
        '[{ yes = "mood" }]',
    ],
)
def test_whatever_asks_for_a_fact_reads_it(must: str) -> None:
    asked = ("2-out", 'must = { happened = "starts_on" }', f"must = {must}")

    assert "mood" in {fact.id for fact in walk(("1-home", BEFORE, FACT), asked).facts}


def test_a_kind_of_note_that_nothing_asks_for_is_a_flaw() -> None:
    kind = '[[note_kinds]]\nid = "idea"\nlabel = "Idé"\n\n[[note_kinds]]'
    informing = kind.replace('"Idé"', '"Idé"\ninformational = true')
    words = "nothing asks for a note of the kind 'idea'; ask for it, remove it, or write informational = true"

    line = line_of("set", "[[note_kinds]]") + 1
    assert flaws(("set", "[[note_kinds]]", kind)) == [f"walk/set.toml, line {line}, note_kinds[0].id: {words}"]
    assert walk(("set", "[[note_kinds]]", informing)).note_kinds[0].informational


@pytest.mark.parametrize(
    ("before", "after", "flaw"),
    [
        (
            "[local]",
            "[local]\nfew = { label = 'F', value = 1, unit = 'days', dated_by = 'today', source = 'X' }",
            "number",
        ),
        ("[conditions]", '[conditions]\nfew = { yes = "keen" }', "condition"),
        ("[patterns]", '[patterns]\nfew = [{ after = "soon", tell = "both" }]', "pattern"),
    ],
)
def test_a_number_a_condition_and_a_pattern_that_nothing_uses_are_flaws(before: str, after: str, flaw: str) -> None:
    file = "numbers" if flaw == "number" else "set"
    found = flaws((file, before, after))

    assert found[0].startswith(f"walk/{file}.toml, line {line_of(file, before) + 1}, {before.strip('[]')}.few")
    assert "use it or remove it" in found[0]
    assert flaw in found[0]


def test_what_is_unused_is_told_when_nothing_else_is_wrong() -> None:
    slip = ("1-home", 'yes = "keen"', 'yes = "kean"')

    assert [flaw.split(": ")[1] for flaw in flaws(slip)] == ["the fact 'kean' is not declared; did you mean 'keen'?"]


def test_a_text_without_english_is_named_by_the_report_and_no_flaw() -> None:
    rules = walk()

    names = untranslated(rules)
    assert {"facts.closing_outcome.label", "requirements.is_out.text", "numbers.most_days.label"} <= set(names)
    assert "requirements.wants_to.text" not in names
    results = run_examples(rules, WorkingTime(customary()))
    places = [Place("walk/1-home.toml", 1) for _ in results]
    lines = [phrase_text(line, "en") for line in report(rules, results, places)]
    assert f"and {len(names) - 8} more" in next(line for line in lines if line.startswith("note"))
