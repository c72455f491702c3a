"""The command that says what differs between two versions and proves whom it is of."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from cli import app
from tests.rules.differing import FILES
from tests.rules.own_sets import TOML

NOTHING: dict[str, list[str]] = {"steps": [], "target_groups": [], "target_groups_by_former_name": []}
WINDOW = 'af uger i træk", value = 16'
AGREED = 'must = { yes = "agreed" }'


def told(tmp_path: Path, *options: str, **named: str) -> Any:
    """Return what the command says of two sets in files, which are named by their content."""
    files = [tmp_path / f"{name}.toml" for name in ("before", "after")]
    for file in files:
        file.write_text(named.get(file.stem, TOML), encoding="utf-8")
    return CliRunner().invoke(app, ["rules", "diff", *map(str, files), *options])


def test_sets_that_decide_the_same_end_well_also_when_their_words_differ(tmp_path: Path) -> None:
    ended = told(tmp_path, after=TOML.replace("Det er aftalt.", "Aftalen er klar.", 1))

    assert ended.exit_code == 0, ended.output
    assert "»ordlyden« er ændret" in ended.stdout
    assert "Ingen: hver borger afgøres ens. Det er bevist for alle, der kan være." in ended.stdout
    assert "what-if" not in ended.stdout


def test_a_difference_ends_with_one_and_points_to_the_courses_that_are_open(tmp_path: Path) -> None:
    ended = told(tmp_path, "--language", "en", after=TOML.replace(AGREED, f'level = "warn"\n{AGREED}', 1))

    assert ended.exit_code == 1, ended.output
    assert "only warns where it held back before. For example: A citizen in the target group" in ended.stdout
    assert "All others are decided on the same." in ended.stdout
    assert f"fodslag rules what-if {tmp_path / 'after.toml'} --municipality" in ended.stdout


def test_what_is_undecided_ends_with_two_and_names_the_question(tmp_path: Path) -> None:
    other = tmp_path / "jobfirst"
    other.mkdir()
    for name, text in FILES.items():
        if name.startswith("jobfirst/"):
            (tmp_path / name).write_text(text.replace(WINDOW, WINDOW.replace("16", "15")), encoding="utf-8")

    ended = CliRunner().invoke(app, ["rules", "diff", "jobfirst", str(other), "--language", "en"])

    assert ended.exit_code == 2, ended.output
    assert "Whether this is so of anybody is undecided: Intake: “" in ended.stdout
    assert "It is proved of all" not in ended.stdout


def test_a_set_that_nobody_has_ends_with_two(tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["rules", "diff", "jobfirst", str(tmp_path / "none.toml")])

    assert ended.exit_code == 2


def test_other_programs_are_told_the_same_as_json(tmp_path: Path) -> None:
    ended = told(tmp_path, "--json", after=TOML.replace(AGREED, f'level = "warn"\n{AGREED}', 1))

    answer = json.loads(ended.stdout)
    (one,) = answer["classes"]
    assert ended.exit_code == 1
    assert (answer["equivalent"], answer["undecided"]) == (False, [])
    assert (one["step"], one["differs"], one["requirement"]) == ("talk", "effect", "is_agreed")
    assert (one["before"], one["after"]) == ("holds", "warns")
    assert one["citizen"]["step"] == "talk"
    assert one["text"]["da"] != one["text"]["en"]
    assert answer["before"]["id"] == answer["after"]["id"] == "tiny"
    assert answer["only_before"] == answer["only_after"] == NOTHING
    assert any("virkningen" in line for line in answer["changes"]["da"])
