"""Files as spreadsheets and people really write them: read as they are meant, and otherwise refused line by line."""

import csv
import json
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from clients.caller import Caller
from clients.importing.lines import Line, UnreadableFileError, read
from clients.importing.report import open_report, write_report
from clients.importing.running import Import
from clients.importing.sending import Outcome, Result

HEADER = "reference;citizen;target_group;step;entered_on"
GOOD = "{};citizen-1;job_ready;trial;2026-03-02"


def lines(tmp_path: Path, *written: str, name: str = "courses.csv") -> list[Line]:
    file = tmp_path / name
    file.write_text("\n".join(written), encoding="utf-8", newline="")
    return read(file, {"municipality": "0990", "unit": "job"})


def named(*numbers: int) -> list[str]:
    return [f"{GOOD.format(f'case-{number}')};Navn {number}" for number in numbers]


@pytest.mark.parametrize(("last", "wrong"), [("Navn 4", []), ('Navn 4"', []), ('"Navn 4', ["citizen_name"])])
def test_a_stray_quote_costs_its_own_line_and_never_the_next_citizen(
    tmp_path: Path, last: str, wrong: list[str]
) -> None:
    first, second, third = named(2, 3, 4)
    stray = first.replace("Navn", '"Navn')

    read_lines = lines(tmp_path, f"{HEADER};citizen_name", stray, second, third.replace("Navn 4", last))

    assert [line.number for line in read_lines] == [2, 3, 4]
    assert [flaw.field for flaw in read_lines[0].flaws] == ["citizen_name"]
    assert "anførselstegn" in read_lines[0].flaws[0].problem
    assert read_lines[0].reference == "case-2"
    assert (read_lines[1].flaws, read_lines[1].body["citizen"]["name"]) == ([], "Navn 3")
    assert [flaw.field for flaw in read_lines[2].flaws] == wrong


def test_a_stray_quote_is_a_flaw_of_one_line_in_a_file_of_thousands(tmp_path: Path) -> None:
    written = named(*range(2000))
    written[3] = written[3].replace("Navn", '"Navn')

    read_lines = lines(tmp_path, f"{HEADER};citizen_name", *written)

    assert [line.number for line in read_lines if line.flaws] == [5]
    assert len(read_lines) == 2000


def test_a_quoted_cell_may_hold_separators_and_doubled_quotes(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, f"{HEADER};citizen_name", f'{GOOD.format("case-1")};"Hansen; ""Bo"""')

    assert line.body["citizen"]["name"] == 'Hansen; "Bo"'


def test_what_follows_a_closing_quote_is_a_flaw_of_its_column(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, HEADER, '"case-1"x;citizen-1;job_ready;trial;2026-03-02')

    assert [flaw.field for flaw in line.flaws] == ["reference"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(tmp_path: Path, ending: str) -> None:
    (line,) = lines(tmp_path, ending.join((HEADER, GOOD.format("case-1"), "")))

    assert (line.number, line.flaws, line.reference) == (2, [], "case-1")


def test_empty_columns_at_the_right_and_shorter_rows_are_read_as_they_are_meant(tmp_path: Path) -> None:
    read_lines = lines(
        tmp_path,
        f"{HEADER};citizen_name;;;",
        f"{GOOD.format('case-1')};;;;",
        GOOD.format("case-2"),
        f"{GOOD.format('case-3')};Navn 3",
        f"{GOOD.format('case-4')};Navn 4;;;to whom does this belong",
    )

    assert [[flaw.field for flaw in line.flaws] for line in read_lines] == [[], [], [], [""]]
    assert read_lines[2].body["citizen"]["name"] == "Navn 3"


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_first_line_may_say_the_separator(tmp_path: Path, separator: str) -> None:
    written = [row.replace(";", separator) for row in (f"{HEADER};fact:goal_paid_hours", GOOD.format("case-1") + ";8")]

    (line,) = lines(tmp_path, f"sep={separator}", *written)

    assert (line.number, line.flaws, line.body["facts"]) == (3, [], {"goal_paid_hours": 8})


@pytest.mark.parametrize("written", ["09-03-2026 00:00", "09.03.2026 00:00:00", "2026-03-09 00:00"])
def test_a_day_that_a_spreadsheet_gives_a_midnight_is_that_day(tmp_path: Path, written: str) -> None:
    (line,) = lines(tmp_path, f"{HEADER};started_on", f"{GOOD.format('case-1')};{written}")

    assert (line.flaws, line.body["started_on"]) == ([], "2026-03-09")


@pytest.mark.parametrize(
    "written",
    [
        '{"reference": "a", "shared_role": NaN}',
        '{"reference": "a", "facts": {"goal_paid_hours": 1e999}}',
        '{"reference": "\\ud800"}',
        "[" * 100_000,
        '{"a": 1, "a": 2}',
    ],
    ids=["not a number", "beyond numbers", "half a sign", "deeply nested", "a name twice"],
)
def test_json_that_cannot_be_sent_is_a_flaw_of_its_line(tmp_path: Path, written: str) -> None:
    bad, good = lines(tmp_path, written, '{"reference": "case-2"}', name="courses.jsonl")

    assert (bad.number, [flaw.field for flaw in bad.flaws][:1]) == (1, [""])
    assert (good.number, good.flaws) == (2, [])


def test_a_line_of_json_ends_at_a_line_feed_only(tmp_path: Path) -> None:
    body = {"reference": "case-1", "citizen": {"name": "Navn\u2028Navnesen\x85"}}

    (line,) = lines(tmp_path, json.dumps(body, ensure_ascii=False), name="courses.jsonl")

    assert (line.flaws, line.body["citizen"]) == ([], body["citizen"])


def test_an_encoding_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "courses.csv"
    file.write_bytes(f"{HEADER}\n{GOOD.format('Sø')}".encode("cp1252"))

    with pytest.raises(UnreadableFileError, match="linje 2"):
        read(file, {})


def run(file: Path, console: Console) -> tuple[int, list[httpx.Request]]:
    """Return the exit code of an import, and what it sent to an API that takes everything."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        body: dict[str, object] = {"course": "c", "not_in_directory": ["caseworker.person"]}
        if "dry_run" in str(request.url):
            body |= {"dry_run": True, "steps": []}
        return httpx.Response(200 if "dry_run" in body else 201, json=body)

    caller = Caller("http://127.0.0.1:1", "token")
    caller.http = httpx.Client(base_url="http://127.0.0.1:1", transport=httpx.MockTransport(answer))
    importing = Import(file, caller, None, console)
    return importing.run({"municipality": "0990", "unit": "job"}, dry_run=False, leave_out_refused=False), sent


def test_a_report_that_cannot_be_written_is_found_out_before_anything_is_sent(tmp_path: Path) -> None:
    file, console = tmp_path / "courses.csv", Console(record=True, width=400, quiet=False)
    file.write_text("\n".join((HEADER, GOOD.format("case-1"))))
    (tmp_path / "courses.report.csv").mkdir()

    code, sent = run(file, console)

    assert (code, sent) == (2, [])
    assert "courses.report.csv" in console.export_text()


def test_a_file_that_may_not_be_read_is_a_sentence(tmp_path: Path) -> None:
    console = Console(record=True, width=400)
    folder = tmp_path / "courses.csv"
    folder.mkdir()

    code, sent = run(folder, console)

    assert (code, sent) == (2, [])
    assert "kan ikke læses" in console.export_text()


@pytest.mark.parametrize("sign", ["@", "=", "+", "-", "\t", "\r", "\uff1d"])
def test_no_cell_of_the_report_is_a_formula(tmp_path: Path, sign: str) -> None:
    reference = f"{sign}SUM(A1)"
    file = tmp_path / "courses.report.csv"

    with open_report(file) as opened:
        write_report([Result(Line(2, reference, {}), Outcome.TAKEN_OVER, course="c", notes=[reference])], opened)

    with file.open(encoding="utf-8-sig", newline="") as written:
        (row,) = csv.DictReader(written, delimiter=";")
    assert (row["reference"], row["problem"]) == (f"'{reference}", f"'{reference}")


def test_a_mistyped_person_is_named_by_line_and_field(tmp_path: Path) -> None:
    file, console = tmp_path / "courses.csv", Console(record=True, width=400)
    file.write_text("\n".join((f"{HEADER};caseworker", f"{GOOD.format('case-1')};ana")))

    code, _ = run(file, console)

    assert code == 0
    assert "linje / line 2 (case-1), caseworker.person: personen kendes ikke" in console.export_text()
    report = (tmp_path / "courses.report.csv").read_text(encoding="utf-8-sig")
    assert ";taken_over;c;caseworker.person;personen kendes ikke" in report
