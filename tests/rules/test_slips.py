"""Slips of the pen in a file that is no TOML any more: the line and the remedy, as people are told."""

import re

import pytest

from tests.rules.written import FILES, line_of, said

OUT = 'must = { happened = "starts_on" }'


@pytest.mark.parametrize(
    ("file", "before", "after", "line", "danish"),
    [
        ("2-out", 'label = "Ude"', 'label = "Ude', 0, 'der mangler et anførselstegn (") sidst på linjen'),
        (
            "2-out",
            'label = "Ude"',
            'label = Ude"',
            0,
            'der mangler et anførselstegn (") på linjen; hver tekst begynder',
        ),
        ("2-out", 'label = "Ude"', "label = Ude", 0, 'tekst skrives i anførselstegn: "Ude"'),
        ("2-out", 'label = "Ude"', 'label "Ude"', 0, "der mangler et lighedstegn (=) efter label"),
        ("2-out", OUT, 'must = { happened = "starts_on"', 0, "der mangler } sidst på linjen"),
        ("2-out", OUT, 'must = { happened = "starts_on }', 0, 'der mangler et anførselstegn (") sidst på linjen'),
        ("2-out", OUT, "must = { happened = starts_on }", 0, 'tekst skrives i anførselstegn: "starts_on"'),
        ("2-out", OUT, 'must = {\n  happened = "starts_on" }', 0, "alt mellem { og } skrives på én linje"),
        (
            "2-out",
            ', from = "course_start" }',
            ' from = "course_start" }',
            0,
            'der mangler et komma efter "3 working_days"',
        ),
        (
            "2-out",
            'roles = ["caseworker"]',
            'roles = ["caseworker"',
            0,
            "[ i linjen bliver ikke lukket; skriv ] før linje",
        ),
        ("2-out", 'roles = ["caseworker"]', 'roles = ["caseworker"}', 0, "der mangler ] før }"),
        (
            "1-home",
            'to = ["out"] } },\n  { say = "Så',
            'to = ["out"] } }\n  { say = "Så',
            0,
            "der mangler et komma efter }",
        ),
        ("1-home", '= "both" } },\n]', '= "both" } },\n', -2, "[ i linjen bliver ikke lukket; skriv ] før linje"),
        (
            "1-home",
            "today = 2026-09-07",
            "today = 07-09-2026",
            0,
            "datoer skrives med året først og uden anførselstegn: 2026-09-07",
        ),
        (
            "1-home",
            "until = 2026-09-18",
            "until = 18.09.2026",
            0,
            "datoer skrives med året først og uden anførselstegn: 2026-09-18",
        ),
        ("numbers", "value = 2,", "value = 2", 0, "der mangler et komma efter 2"),
        ("numbers", "value = 9", "value = 9 dage", 0, 'tekst skrives i anførselstegn: "9 dage"'),
        ("numbers", "value = 9", "value = 9\nvalue = 9", 1, "det samme står to gange her; slet det ene"),
        ("english", 'keen = "Is keen"', 'keen = "Is keen', 0, 'der mangler et anførselstegn (") sidst på linjen'),
    ],
)
def test_a_slip_is_told_in_danish_with_its_line_and_remedy(
    file: str, before: str, after: str, line: int, danish: str
) -> None:
    [told] = said((file, before, after))

    assert told.startswith(f"walk/{file}.toml, linje {line_of(file, before.splitlines()[0]) + line}: {danish}")


def test_no_sign_that_is_lost_is_told_in_the_parsers_words() -> None:
    """Whatever one mark is taken from a file, a slip is named or the file is still read."""
    for name, toml in FILES.items():
        for mark in re.finditer(r"[\"\[\]{},=]", toml):
            files = {**FILES, name: toml[: mark.start()] + toml[mark.end() :]}
            for told in said(files=files):
                assert "linjen kan ikke læses" not in told, (toml[mark.start() - 30 : mark.end() + 20], told)


@pytest.mark.parametrize(
    ("file", "before", "after", "danish"),
    [
        ("numbers", "value = 9", 'value = "9"', "er ikke et helt tal; skriv 9 uden anførselstegn"),
        ("numbers", "value = 2,", "value = 2, rows = [],", "skriv enten value eller rows"),
        ("numbers", "value = 9", "since = 2027-01-01\nvalue = 9", "»most_days« mangler før 2027-01-01"),
        ("numbers", 'unit = "calendar_days"', 'unit = "dage"', "enheden »dage« kendes ikke; brug en af"),
        ("1-home", 'amount = "most_days"', 'amount = "mst_days"', "mente du »most_days«?"),
        (
            "1-home",
            'roles = ["caseworker"]',
            'roles = ["sagsbehandler"]',
            "brug en af disse: caseworker, company_consultant",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_told_where_it_is_written(file: str, before: str, after: str, danish: str) -> None:
    told = said((file, before, after))

    assert all(flaw.startswith(f"walk/{file}.toml, linje ") for flaw in told)
    assert danish in told[0]


def test_a_misspelt_number_is_one_flaw() -> None:
    """The number that nothing reads any more would be named only because its name was misspelt."""
    assert len(said(("set", 'after = "soon"', 'after = "sooon"'))) == 1
