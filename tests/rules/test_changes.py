"""What differs between two rule sets, in sentences."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from rules.loading.library import shipped
from rules.loading.read_toml import read_rule_set
from rules.reading.changes import changes
from tests.domain.vocabulary import TINY

TOML = TINY.read_text(encoding="utf-8")
TRIED = (Path(__file__).parent / "tried.toml").read_text(encoding="utf-8")
AGREED = 'must = { yes = "agreed" }'
IT = "»Det er aftalt« (Samtale)"
RUNGS = "En kvittering: »hvornår og hvem« er ændret."
HOLDS = "holder forløbet tilbage"
TITLE = "Lille regelsæt til afprøvning"
NUMBER = """
[local.days]
label = "Dage til samtalen"
unit = "calendar_days"
source = "Eksempel"
dated_by = "course_start"
rows = [{ since = 2020-01-01, value = 7 }]
"""


def rules_of(toml: str) -> RuleSet:
    return read_rule_set(toml, TINY.name)


def told(before: str, after: str) -> list[str]:
    """Return the sentences about two sets, without the heads around them."""
    lines = changes(Book(rules_of(before)), Book(rules_of(after)), "da")
    return [line.removeprefix("- ") for line in lines if line.startswith("- ")]


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        (
            'text = "Det er aftalt."',
            'text = "Aftalen er klar."',
            "»Aftalen er klar« (Samtale): »ordlyden« er ændret. Før: Det er aftalt. Nu: Aftalen er klar.",
        ),
        (
            'roles = ["caseworker"]',
            'roles = ["caseworker", "company_consultant"]',
            f"{IT}: »hvem« er ændret. Nyt: virksomhedskonsulent.",
        ),
        (
            AGREED,
            f'level = "warn"\n{AGREED}',
            f"{IT}: »virkningen« er ændret. Før: {HOLDS}. Nu: er en advarsel, som intet holder tilbage.",
        ),
        (
            AGREED,
            'must = { fact = "agreed", is = false }',
            f"{IT}: »opfyldt, når« er ændret. Før: »Aftalt« er ja. Nu: »Aftalt« er nej.",
        ),
        (
            AGREED,
            f'{AGREED}\nwhen = {{ note = "barrier" }}',
            f"{IT}: »gælder, når« er nyt: der er skrevet et notat »Barriere«.",
        ),
        (
            AGREED,
            f'{AGREED}\ndeadline = {{ amount = "5 working_days", from = "entered" }}',
            f"{IT}: »senest« er ændret. Før: før næste skridt. Nu: 5 arbejdsdage efter at trinnet begyndte.",
        ),
    ],
)
def test_what_is_changed_in_a_requirement_is_one_sentence(was: str, now: str, sentence: str) -> None:
    assert was in TOML
    assert told(TOML, TOML.replace(was, now, 1)) == [sentence]


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        (
            'observes = ["contract", "apart", "work_begun"]',
            'observes = ["apart", "over", "work_begun"]',
            "»Samtale«: »det, der kan oplyses på forhånd« er ændret. Nyt: »Jobbet er slut«.",
        ),
        (
            'observes = ["contract", "apart", "work_begun"]',
            "observes = []",
            "»Samtale«: »det, der kan oplyses på forhånd« er ændret. Falder bort: »Arbejdet er begyndt«.",
        ),
        (
            AGREED,
            'must = [{ yes = "agreed" }, { note = "barrier" }]',
            f"{IT}: »opfyldt, når« er ændret. Nyt: der er skrevet et notat »Barriere«.",
        ),
        (
            '{ after = "2 working_days", tell = "supervisor"',
            '{ after = "3 working_days", tell = "supervisor"',
            f"{RUNGS} Nyt: efter 3 arbejdsdage: leder. Falder bort: efter 2 arbejdsdage: leder.",
        ),
    ],
)
def test_of_a_list_only_what_differs_is_told(was: str, now: str, sentence: str) -> None:
    assert was in TOML
    assert told(TOML, TOML.replace(was, now, 1)) == [sentence]


def test_of_a_long_text_only_the_sentences_that_differ_are_told() -> None:
    before = TOML.replace('description = "', 'description = "Først dette. ')
    after = before.replace("Først dette. ", "Først dette. Så hint. ")

    assert told(before, after) == [f"{TITLE}: »beskrivelsen« er ændret. Nyt: Så hint."]


def test_two_versions_of_one_name_with_other_content_are_called_so() -> None:
    after = TOML.replace('label = "Aftalt"', 'label = "Aftale indgået"')
    lines = list(changes(Book(rules_of(TOML)), Book(rules_of(after)), "da"))
    other = list(changes(Book(rules_of(TOML)), Book(rules_of(after.replace('version = "1"', 'version = "2"'))), "da"))

    assert lines[2].startswith("De hedder begge version 1, men indholdet er ikke det samme (kontroltallene begynder")
    assert lines[2].endswith("Giv det sæt, der gælder senest, en ny version.")
    assert not any("hedder begge" in line for line in other)


def test_what_is_said_alike_and_yet_differs_is_called_changed() -> None:
    shown = TRIED.replace('expect = { holds = ["work_begun"], close', 'expect = { warns = ["work_begun"], close')
    said = TRIED.replace("Uden samtale sker der intet.", "Før en samtale sker der intet.")
    books = [Book(read_rule_set(toml, "tried.toml")) for toml in (TRIED, shown, said)]

    other, renamed = ([line for line in changes(books[0], book, "da") if line.startswith("- ")] for book in books[1:])

    assert [line.partition("«: ")[2] for line in other] == ["»det, det viser« er ændret."]
    assert renamed == ["- Nyt: »Før en samtale sker der intet.«", "- Falder bort: »Uden samtale sker der intet.«"]


def test_a_requirement_that_is_new_is_told_whole_and_one_that_is_gone_by_its_name() -> None:
    without = re.sub(r'\[\[steps\.requirements\]\]\nid = "is_over".*?\n\n', "", TOML, flags=re.DOTALL)
    assert without != TOML

    (new,) = told(without, TOML)
    (gone,) = told(TOML, without)

    assert new.startswith("Nyt: »Jobbet er slut« (Job) – ordlyden: Jobbet er slut.; trinnet: Job;")
    assert "opfyldt, når: »Jobbet er slut« er oplyst" in new
    assert gone == "Falder bort: »Jobbet er slut« (Job)"


def test_a_number_is_told_from_what_to_what_and_from_when() -> None:
    deadline = 'deadline = { amount = "days", from = "entered" }'
    before = TOML.replace("\n[[facts]]", f"{NUMBER}\n[[facts]]", 1).replace(AGREED, f"{AGREED}\n{deadline}")
    later = before.replace("value = 7 }]", "value = 7 }, { since = 2027-01-01, value = 14 }]")
    other = before.replace("value = 7 }]", "value = 9 }]")

    number, everybody = "»Dage til samtalen«", "alle målgrupper"
    assert told(before, later) == [f"{number}: 7 dage → 14 dage fra 1. januar 2027 for {everybody}."]
    assert told(before, other) == [f"{number}: 7 dage → 9 dage fra 1. januar 2020 for {everybody}."]
    assert told(later, before) == [f"{number}: 14 dage fra 1. januar 2027 for {everybody} falder bort."]
    of_some = before.replace("value = 7 }]", "value = 7, groups = { a = 3 } }]")
    assert told(of_some, of_some.replace("value = 7", "value = 9"))[0].endswith("for alle andre målgrupper.")


def test_a_way_that_leads_elsewhere_is_a_new_one_and_the_former_is_gone() -> None:
    assert told(TOML, TOML.replace('to = ["work"]', 'to = ["talk"]', 1))[-1].startswith("Falder bort: fra »Samtale«")


def test_a_label_that_changes_is_told_once_and_not_in_every_condition() -> None:
    assert told(TOML, TOML.replace('label = "Aftalt"', 'label = "Aftale indgået"')) == [
        "»Aftale indgået«: »navnet« er ændret. Før: Aftalt. Nu: Aftale indgået."
    ]


def test_nothing_differs_is_one_sentence() -> None:
    book = Book(rules_of(TOML))

    (sentence,) = changes(book, book, "da")

    assert sentence == f"Der er ingen forskel på {TITLE}, version 1, og {TITLE}, version 1."


def test_what_is_not_read_aloud_is_not_kept_silent() -> None:
    after = rules_of(TOML.replace('version = "1"', 'version = "2"'))

    lines = list(changes(Book(rules_of(TOML)), Book(after), "da"))

    assert lines[1:] == [
        "Der er kun forskel på version, forfattere, eksemplernes situationer, rækkefølge eller ord på engelsk."
    ]


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_shipped_sets_are_compared_in_words_alone(language: str) -> None:
    ended = CliRunner().invoke(app, ["rules", "diff", "ips", "jobfirst", "--language", language])
    whole = CliRunner().invoke(app, ["rules", "diff", "jobfirst", "jobfirst@2027-01-draft", "--language", language])

    assert (ended.exit_code, whole.exit_code) == (1, 1)
    assert not re.findall(r".*[a-z]_[a-z].*", ended.output + whole.output)
    assert len(ended.output.splitlines()) > len(shipped()[0].facts)
