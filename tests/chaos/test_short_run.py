"""A short run of the chaos: everything is broken once, and everything agrees afterwards."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chaos.checking import KINDS
from tests.architecture.files import ROOT


@pytest.mark.parametrize(
    ("courses", "away", "pause"),
    [("3", "1", "1000"), pytest.param("30", "15", "6", marks=[pytest.mark.verify, pytest.mark.timeout(900)])],
)
def test_what_clients_were_told_is_so_after_everything_was_broken(
    courses: str, away: str, pause: str, tmp_path: Path
) -> None:
    told = tmp_path / "chaos.json"
    options = ("--courses", courses, "--away", away, "--pause", pause, "--hold", "1", "--to", str(told))

    done = subprocess.run(
        [sys.executable, "-m", "chaos", *options], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    figures = json.loads(told.read_text())
    assert {kind: figures[kind] for kind in KINDS} == dict.fromkeys(KINDS, 0)
    assert figures["courses"] == int(courses)
    assert figures["kills"] >= 4
    assert figures["faults"]["store away"] == 1
    assert figures["commands_acknowledged"] >= int(courses) * 15
