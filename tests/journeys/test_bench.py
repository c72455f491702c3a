"""The benchmark runs, measures what it says it does, and finds what does not depend on the machine in its budget."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.files import ROOT

SHORT = ("--rounds", "1", "--courses", "10", "--alone", "1", "--cached", "8")
PROMISED = {
    "ratio_worker",
    "ratio_http",
    "frontend_calls_ratio",
    "persistence_calls_ratio",
    "write_calls_ratio",
    "events_per_course",
    "bytes_per_course",
    "ack_p50_ms",
    "ack_p99_ms",
    "verdicts_jobfirst_per_second",
    "verdicts_jobfirst_vitas_per_second",
    "verdicts_jobfirst_vitas_in_loops",
    "explanations_jobfirst_per_second",
    "kib_per_cached_bare",
    "kib_per_cached_course",
    "statements_per_command",
    "round_trips_per_command",
    "temporal_calls_ratio",
    "cpu_ratio_worker",
    "cpu_ratio_http",
}


@pytest.mark.verify
def test_the_benchmark_tells_every_figure(tmp_path: Path) -> None:
    report = tmp_path / "bench.json"

    done = subprocess.run(
        [sys.executable, "-m", "tools.bench", *SHORT, "--to", str(report)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    figures = json.loads(report.read_text())
    assert figures.keys() >= PROMISED
    assert 0 < figures["commands_per_course"] < figures["events_per_course"] < 20 * figures["commands_per_course"]
    assert figures["events_per_12_commands"] <= 120
    assert figures["bytes_per_12_commands"] <= 40_000
    assert figures["temporal_calls_ratio"] <= 1.1
    assert figures["statements_per_command"] <= 1.5
    assert figures["round_trips_per_command"] == 1
    assert 0 < figures["ratio_http"] < figures["courses_per_s_bare"]


@pytest.mark.verify
@pytest.mark.timeout(600)
def test_courses_are_moved_to_other_rules_once_though_the_worker_is_killed(tmp_path: Path) -> None:
    report = tmp_path / "moving.json"
    short = ("--courses", "60", "--deaths", "1", "--to", str(report))

    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.moving", *short], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    figures = json.loads(report.read_text())
    assert {name: figures[name] for name in ("done", "once", "deaths")} == {"done": 60, "once": 60, "deaths": 1}
