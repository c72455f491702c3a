"""A short run of the chaos: everything is broken once, and everything agrees afterwards."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.files import ROOT
from tools.chaos.checking import KINDS

KILLS = ("kill API 1", "kill PostgreSQL", "kill Temporal", "kill worker 1")
FEW = (
    "--courses",
    "5",
    "--at-once",
    "3",
    "--pairs",
    "1",
    "--away",
    "1",
    "--longest",
    "0.3",
    "--pause",
    "0.3",
    "--once",
    "--events",
    "0",
)
MANY = ("--courses", "30", "--away", "15", "--longest", "2", "--pause", "1")


def chaos(folder: Path, *options: str) -> dict[str, Any]:
    """Run it as `make chaos` does, expect that nothing was found, and return the figures."""
    report = folder / "chaos.json"
    command = [sys.executable, "-m", "tools.chaos", *options, "--to", str(report)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    figures: dict[str, Any] = json.loads(report.read_text())
    assert {kind: figures[kind] for kind in KINDS} == dict.fromkeys(KINDS, 0)
    return figures


def test_what_clients_were_told_is_so_after_every_part_was_killed(tmp_path: Path) -> None:
    figures = chaos(tmp_path, *FEW, "--only", *KILLS)

    assert figures["courses"] >= 3
    assert figures["kills"] > len(KILLS), "The store once more, to be away."
    assert set(KILLS) <= figures["faults"].keys()
    assert figures["commands_acknowledged"] >= 30
    assert figures["notices_sent"]
    assert figures["events_arrived"]
    assert figures["audits"]


@pytest.mark.verify
def test_what_clients_were_told_is_so_after_everything_was_broken(tmp_path: Path) -> None:
    figures = chaos(tmp_path, *MANY)

    assert figures["courses"] >= 30
    assert {"kill everything", "slow store", "shut Temporal", "cut API 2", "store away"} <= figures["faults"].keys()
    assert ("disk full" in figures["faults"]) == figures["disk_could_be_filled"]
    assert figures["open_courses"]
    assert figures["events_owed"] == 0
