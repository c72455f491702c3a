"""The rule sets that are shipped hold of every citizen there can be."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.language.phrases import phrase
from rules.loading.examined import examined
from rules.loading.folder import names_of_sets
from rules.loading.library import shipped_library
from rules.loading.read_toml import reading_of
from tests.rules.own_sets import TOML
from wording.flaws import phrase_text

FILES = shipped_library().files
OFFICE = WorkingTime(customary())


def checked(tmp_path: Path, toml: str, *options: str) -> Any:
    """Return what the command says of a set in a file."""
    file = tmp_path / "own.toml"
    file.write_text(toml, encoding="utf-8")
    return CliRunner().invoke(app, ["rules", "check", str(file), *options])


@pytest.mark.parametrize("name", sorted(names_of_sets(FILES)))
def test_every_shipped_set_is_proved(name: str) -> None:
    asked = examined(reading_of(name, FILES), OFFICE)

    assert [phrase_text(flaw.phrase, "en") for flaw, _ in asked.refused] == []
    assert asked.is_sound
    assert asked.proof is not None
    assert asked.proof.questions > 20


def test_a_step_of_the_proof_is_told_when_its_turn_comes() -> None:
    steps: list[str] = []

    examined(reading_of("ips", FILES), OFFICE, steps.append)

    assert steps == ["engagement", "job_search", "job"]


def test_nothing_is_proved_while_an_example_differs() -> None:
    other = TOML.replace("facts = { tried = false }", "facts = { tried = true }")

    asked = examined(reading_of("own.toml", {"own.toml": other}), OFFICE)

    assert asked.proof is None
    assert not asked.is_sound
    assert asked.report[-1] == phrase("report-not-proved")


def test_the_command_ends_well_for_a_sound_set_and_says_how_much_was_asked(tmp_path: Path) -> None:
    result = checked(tmp_path, TOML)

    assert result.exit_code == 0, result.output
    assert "spørgsmål er stillet om alle borgere; 0 fejl er fundet" in result.stdout
    assert "talk" in result.stderr


def test_the_command_ends_with_one_and_tells_of_a_citizen_where_a_set_is_refuted(tmp_path: Path) -> None:
    result = checked(
        tmp_path,
        TOML.replace('trial = "Kun praktik"', 'trial = "Kun praktik", rest = "Hvile"').replace(
            '[[steps.routes]]\nto = ["talk"]\n', ""
        ),
    )

    assert result.exit_code == 1
    assert "own.toml, linje" in result.stdout
    assert "»Vej: Hvile«" in result.stdout


def test_other_programs_are_told_the_same_as_json(tmp_path: Path) -> None:
    toml = TOML.replace('trial = "Kun praktik"', 'trial = "Kun praktik", rest = "Hvile"').replace(
        '[[steps.routes]]\nto = ["talk"]\n', ""
    )

    answer = json.loads(checked(tmp_path, toml, "--json").stdout)

    assert (answer["id"], answer["sound"]) == ("tiny", False)
    resting = [fault for fault in answer["proof"]["faults"] if fault["citizen"]["facts"].get("way") == "rest"]
    assert {fault["question"] for fault in resting} == {"gap"}
    assert resting[0]["citizen"]["step"] == "talk"
    assert resting[0]["text"]["en"] != resting[0]["text"]["da"]
