"""A file as it comes out of a Danish spreadsheet becomes requests, or says line by line what is wrong with it."""

import json
from pathlib import Path

import pytest

from clients.importing.lines import Line, UnreadableFileError, read
from clients.importing.values import CellError, day, truth, value
from tests.architecture.files import ROOT

EXAMPLE = ROOT / "docs" / "examples" / "running-courses.csv"
HEADER = "reference;citizen;target_group;step;entered_on"
GOOD = "case-1;citizen-1;job_ready;trial;2026-03-02"


def lines(tmp_path: Path, *written: str, name: str = "courses.csv", encoding: str = "utf-8") -> list[Line]:
    file = tmp_path / name
    file.write_text("\n".join(written), encoding=encoding)
    return read(file, {"municipality": "0990", "unit": "job"})


def refusal(tmp_path: Path, *written: str, encoding: str = "utf-8") -> str:
    with pytest.raises(UnreadableFileError) as raised:
        lines(tmp_path, *written, encoding=encoding)
    return str(raised.value)


def flaws(tmp_path: Path, *written: str) -> list[tuple[int, str]]:
    return [(line.number, flaw.field) for line in lines(tmp_path, *written) for flaw in line.flaws]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ja", True),
        ("Nej", False),
        ("12", 12),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("09-03-2026", "2026-03-09"),
        ("9.3.2026", "2026-03-09"),
        ("2026-03-09", "2026-03-09"),
        ("1000000001", "1000000001"),
        ("10000009", "10000009"),
        ("0042", 42),
        ("given", "given"),
        ("2026-06-22=8 2026-08-03=12", "2026-06-22=8 2026-08-03=12"),
    ],
)
def test_a_cell_means_what_a_dane_means_by_it(written: str, meant: object) -> None:
    assert value(written) == meant
    assert type(value(written)) is type(meant)


@pytest.mark.parametrize("written", ["09-03-26", "31-02-2026", "i går", "2026-3-9"])
def test_what_is_no_whole_date_is_refused_and_not_guessed(written: str) -> None:
    with pytest.raises(CellError, match="2026-03-09"):
        day(written)


def test_yes_and_no_are_said_in_either_language_and_nothing_else_is() -> None:
    assert (truth("ja"), truth("NO")) == (True, False)
    with pytest.raises(CellError, match="ja eller nej"):
        truth("måske")


def test_the_example_of_the_guide_is_read_whole() -> None:
    read_lines = read(EXAMPLE, {"municipality": "0990", "unit": "job"})

    assert [line.flaws for line in read_lines] == [[]] * 4
    assert read_lines[3].body["taken_over"] == {
        "visits": [
            {"step": "intake", "entered_on": "2026-01-12", "left_on": "2026-02-02"},
            {"step": "company_visit", "entered_on": "2026-02-02", "left_on": "2026-03-02"},
            {"step": "trial", "entered_on": "2026-03-02"},
            {"step": "paid_hours", "entered_on": "2026-04-07"},
        ]
    }
    assert read_lines[2].body["facts"] == {
        "goal_paid_hours": 8,
        "search_together": True,
        "trial_weekly_hours": "12.5",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separators_and_marks_of_spreadsheets_are_recognised(tmp_path: Path, separator: str, encoding: str) -> None:
    written = (HEADER.replace(";", separator), GOOD.replace(";", separator), "")

    (line,) = lines(tmp_path, *written, encoding=encoding)

    assert (line.number, line.flaws, line.body["citizen"]) == (2, [], {"reference": "citizen-1"})
    assert (line.body["municipality"], line.body["unit"]) == ("0990", "job")


def test_another_encoding_is_named_with_its_remedy(tmp_path: Path) -> None:
    assert "CSV UTF-8" in refusal(tmp_path, HEADER, GOOD.replace("citizen-1", "å"), encoding="cp1252")


def test_every_column_that_cannot_be_used_is_named_at_once(tmp_path: Path) -> None:
    message = refusal(tmp_path, "reference;reference;citizen;target_grup;step", "1;1;2;3;4")

    assert "entered_on: mangler" in message
    assert "reference: står to gange" in message
    assert "target_grup: kendes ikke" in message
    assert "(target_group?)" in message


def test_a_file_without_courses_is_refused(tmp_path: Path) -> None:
    assert "no courses" in refusal(tmp_path, HEADER, "", " ; ; ; ; ")


def test_each_flaw_names_its_line_and_column(tmp_path: Path) -> None:
    assert flaws(
        tmp_path,
        f"{HEADER};started_on;passed:intake",
        f"{GOOD};2026-03-02;2026-01-05/2026-03-02",
        "case-2;citizen-2;job_ready;trial;soon;2026-03-02;",
        "",
        "case-3;citizen-3;job_ready;trial+paid_hours;2026-03-02;long ago;5. januar",
        "case-4;;job_ready;trial;2026-03-02;;",
        "case-5;one;cell;too;many;2026-03-02;;;",
        "case-1;citizen-6;job_ready;trial;2026-03-02;;",
    ) == [
        (3, "entered_on"),
        (5, "started_on"),
        (5, "passed:intake"),
        (5, "entered_on"),
        (6, "citizen"),
        (7, ""),
        (8, "reference"),
    ]


def test_json_lines_hold_requests_as_the_api_takes_them(tmp_path: Path) -> None:
    body = {"reference": "case-1", "unit": "nord", "taken_over": {"visits": []}}

    good, empty = lines(tmp_path, json.dumps(body), "", "[1]", name="courses.jsonl")

    assert good.body == {"municipality": "0990", **body}
    assert (empty.number, [flaw.problem for flaw in empty.flaws][:1]) == (
        3,
        ["er ikke et JSON-objekt / is no JSON object"],
    )
