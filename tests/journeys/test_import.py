"""A municipality goes live: a file of running courses is tried dry, taken over, and taken over once for ever."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.architecture.files import ROOT
from tests.municipalities import fresh_municipality
from tools.town.town import Town

EXAMPLE = ROOT / "docs" / "examples" / "running-courses.csv"
MANY = 600
MUNICIPALITY = fresh_municipality()
"""Has no other tests, so that no directory knows the persons of the file."""


def importing(town: Town, file: Path, *options: str) -> subprocess.Popen[str]:
    url = f"http://127.0.0.1:{town.settings.api_port}"
    command = ["-m", "cli", "import", str(file), "--municipality", MUNICIPALITY, "--unit", "job", "--url", url]
    environment = {**os.environ, "FODSLAG_JWT_KEY": town.keys["FODSLAG_JWT_KEY"], "COLUMNS": "400"}
    return subprocess.Popen(
        [sys.executable, *command, *options], env=environment, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )


def imported(town: Town, file: Path, *options: str) -> tuple[int, str]:
    running = importing(town, file, *options)
    _, output = running.communicate()
    return running.returncode, output


def report_of(file: Path) -> list[dict[str, str]]:
    with file.with_name(f"{file.stem}.report.csv").open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened, delimiter=";"))


def a_copy(tmp_path: Path, prefix: str) -> Path:
    """Return the example with references that no other test uses."""
    file = tmp_path / "courses.csv"
    file.write_text(EXAMPLE.read_text().replace("SAG-", prefix))
    return file


def references(town: Town, prefix: str) -> list[str]:
    reader, listed, cursor = town.speaks("sara", "supervisor", municipality=MUNICIPALITY), [], None
    while True:
        page = reader.get("/v1/courses", limit=100, **({"cursor": cursor} if cursor else {}))
        listed += [item["reference"] for item in page["items"] if item["reference"].startswith(prefix)]
        cursor = page.get("next")
        if cursor is None:
            return sorted(listed)


def test_the_example_is_tried_taken_over_and_found_there_the_second_time(town: Town, tmp_path: Path) -> None:
    file = a_copy(tmp_path, "IMP-")

    code, output = imported(town, file, "--dry-run")
    assert code == 0, output
    assert references(town, "IMP-") == []
    assert [row["outcome"] for row in report_of(file)] == ["ready"] * 4

    assert imported(town, file)[0] == 0
    assert references(town, "IMP-") == ["IMP-1001", "IMP-1002", "IMP-1003", "IMP-1004"]
    assert [row["outcome"] for row in report_of(file)] == ["taken_over"] * 4

    code, output = imported(town, file)
    assert code == 0
    assert "4 fandtes i forvejen / there already" in output


def test_each_course_stands_where_the_file_says_and_nobody_has_acknowledged_anything(
    town: Town, tmp_path: Path
) -> None:
    file = a_copy(tmp_path, "STA-")
    assert imported(town, file, "--quiet-until", quiet_day())[0] == 0

    reader = town.speaks("sara", "supervisor", municipality=MUNICIPALITY)
    courses = [reader.get(f"/v1/courses/{row['course']}") for row in report_of(file)]

    open_steps = [[v["step"]["id"] for v in course["visits"] if v["is_open"]] for course in courses]
    assert open_steps == [["intake"], ["company_visit"], ["trial"], ["trial", "paid_hours"]]
    assert {course["quiet_until"][:10] for course in courses} == {quiet_day(-1)}
    journals = [reader.get(f"/v1/courses/{course['id']}/journal", limit=200)["items"] for course in courses]
    assert not [e for journal in journals for e in journal if e["kind"] in {"briefing_acknowledged", "visit_left"}]


def quiet_day(days: int = 0) -> str:
    """Return a day three weeks ahead; in UTC its beginning in Denmark is on the day before."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + (21 + days) * 86_400))


def test_a_line_that_is_refused_is_named_with_its_remedy_and_nothing_is_taken_over(town: Town, tmp_path: Path) -> None:
    file = a_copy(tmp_path, "BAD-")
    file.write_text(file.read_text().replace("sickness_benefit", "sickness"))

    code, output = imported(town, file)

    assert code == 1
    assert "linje / line 4 (BAD-1003), target_group:" in output
    assert "Intet er overtaget" in output
    assert references(town, "BAD-") == []


def test_the_rest_is_taken_over_when_one_says_so(town: Town, tmp_path: Path) -> None:
    file = a_copy(tmp_path, "RES-")
    file.write_text(file.read_text().replace("sickness_benefit", "sickness"))

    code, _ = imported(town, file, "--leave-out-refused")

    assert code == 1
    assert references(town, "RES-") == ["RES-1001", "RES-1002", "RES-1004"]
    assert [row["outcome"] for row in report_of(file)] == ["taken_over", "taken_over", "refused", "taken_over"]


def test_a_line_that_has_changed_since_is_told_of_and_not_taken_over_again(town: Town, tmp_path: Path) -> None:
    file = a_copy(tmp_path, "CHA-")
    imported(town, file)
    file.write_text(file.read_text().replace("sickness_benefit", "cash_benefit_job_ready"))

    code, output = imported(town, file)

    assert code == 0
    assert "linje / line 4 (CHA-1003): afviger i / differs in target_group" in output


def test_a_file_in_another_encoding_is_refused_with_its_remedy(tmp_path: Path, town: Town) -> None:
    file = a_copy(tmp_path, "NOB-")
    file.write_bytes(file.read_bytes().replace("Prøve".encode(), b"Pr\xf8ve"))

    code, output = imported(town, file)

    assert code == 2
    assert "CSV UTF-8" in output


@pytest.mark.verify
def test_six_hundred_courses_survive_an_importer_that_is_killed(town: Town, tmp_path: Path) -> None:
    head, first, *_ = EXAMPLE.read_text().splitlines()
    file = tmp_path / "many.csv"
    rows = [first.replace("SAG-1001;B-1;", f"MANY-{n:03};M-{n};") for n in range(MANY)]
    file.write_text("\n".join([head, *rows]))

    running = importing(town, file)
    while len(references(town, "MANY-")) < MANY // 4:
        assert running.poll() is None
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert len(references(town, "MANY-")) < MANY

    assert imported(town, file)[0] == 0
    assert references(town, "MANY-") == [f"MANY-{n:03}" for n in range(MANY)]
