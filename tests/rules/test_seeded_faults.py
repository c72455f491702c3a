"""Faults of many kinds, seeded in the shipped sets one at a time: none slips, and each names what catches it."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest

from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.loading.examined import examined
from rules.loading.folder import names_of_sets
from rules.loading.library import shipped_library
from rules.loading.read_toml import UnreadableError, reading_of

FAULTS: Final[list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "seeded_faults.toml").read_text(encoding="utf-8")
)["faults"]
FILES: Final = shipped_library().files
OFFICE: Final = WorkingTime(customary())
READING: Final = "reading"


def with_fault(fault: dict[str, Any]) -> dict[str, str]:
    """Return the shipped files with a fault in one of their sets."""
    files = dict(FILES)
    for edit in fault["edits"]:
        name = f"{fault['set']}/{edit['file']}"
        assert edit["was"] in files[name]
        files[name] = files[name].replace(edit["was"], edit["now"], 1)
    return files


def catchers(fault: dict[str, Any]) -> set[str]:
    """Return the checks that catch a fault: reading, the examples, or else questions of the proof."""
    try:
        reading = reading_of(fault["set"], with_fault(fault))
    except UnreadableError:
        return {READING}
    asked = examined(reading, OFFICE)
    if asked.differing:
        return {"examples"}
    return {f"proof: {found.question}" for _, found in asked.refused}


def marked(fault: dict[str, Any]) -> Any:
    """Return a fault as a case; one that takes an examination is for the long tests."""
    marks = () if fault["caught"] == READING else (pytest.mark.verify,)
    return pytest.param(fault, id=fault["kind"], marks=marks)


@pytest.mark.parametrize("fault", [marked(fault) for fault in FAULTS])
def test_every_seeded_fault_is_caught_by_the_check_that_it_names(fault: dict[str, Any]) -> None:
    assert fault["caught"] in catchers(fault)


def test_the_faults_are_of_many_kinds_in_every_set_and_the_proof_catches_what_no_example_does() -> None:
    by = Counter(fault["caught"].partition(":")[0] for fault in FAULTS)

    assert len({fault["kind"] for fault in FAULTS}) == len(FAULTS) >= 80
    assert {fault["set"] for fault in FAULTS} == names_of_sets(FILES)
    assert by == {"reading": 42, "examples": 32, "proof": 19}
