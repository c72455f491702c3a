import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from pydantic import ValidationError
from rich.console import Console

from standalone.settings import StandaloneSettings
from standalone.supervisor import run
from tools.town.ports import free_port

WAITS = "import signal; signal.pause()"
PRINTS_ITS_ENVIRONMENT = f"import json, os; print(json.dumps(dict(os.environ)), flush=True); {WAITS}"
FAILS = "import sys; sys.exit('the stand-in has had enough')"
PATIENCE = 60


def free_ports() -> dict[str, int]:
    return {f"{part}_port": free_port() for part in ("api", "metrics", "temporal", "temporal_ui", "postgres", "mail")}


class Run:
    """One run of the system in a folder of its own, seen as the person who started it sees it."""

    def __init__(self, var: Path, program: str, **environment: str) -> None:
        self.var = var
        self.ports = {f"FODSLAG_{name.upper()}": str(port) for name, port in free_ports().items()}
        self.words = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.standalone.standalone_run", program],
            env={**os.environ, **self.ports, **environment, "FODSLAG_VAR": str(var)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def await_ready(self) -> None:
        assert self.process.stdout is not None
        while "Ctrl-C" not in self.words:
            line = self.process.stdout.readline()
            assert line, self.words
            self.words += line

    def await_end(self) -> int:
        assert self.process.stdout is not None
        if not self.process.stdout.closed:
            self.words += self.process.communicate(timeout=PATIENCE)[0]
        return self.process.returncode

    def child_processes(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def environment_of_stand_in(self) -> dict[str, str]:
        deadline = time.monotonic() + PATIENCE
        while not (line := (self.var / "log" / "stand-in.log").read_text()).endswith("\n"):
            assert time.monotonic() < deadline, self.words
            time.sleep(0.02)
        variables: dict[str, str] = json.loads(line)
        return variables


@contextmanager
def started(var: Path, program: str, **environment: str) -> Iterator[Run]:
    system = Run(var, program, **environment)
    try:
        yield system
    finally:
        system.process.terminate()
        system.await_end()


@pytest.fixture
def var() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder) / "var"


@pytest.fixture(scope="module")
def running() -> Iterator[Run]:
    with (
        TemporaryDirectory() as folder,
        started(Path(folder) / "var", PRINTS_ITS_ENVIRONMENT, TEMPORAL_API_KEY="of another server") as system,
    ):
        system.await_ready()
        yield system


def all_gone(child_processes: list[psutil.Process]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while any(part.is_running() and part.status() != psutil.STATUS_ZOMBIE for part in child_processes):
        assert time.monotonic() < deadline, child_processes
        time.sleep(0.02)
    return True


def test_a_person_is_told_where_everything_is(running: Run) -> None:
    for setting in ("FODSLAG_API_PORT", "FODSLAG_TEMPORAL_UI_PORT"):
        assert f"http://127.0.0.1:{running.ports[setting]}" in running.words


def test_programs_are_told_where_our_own_servers_are_and_nothing_of_others(running: Run) -> None:
    variables = running.environment_of_stand_in()

    place = f"@127.0.0.1:{running.ports['FODSLAG_POSTGRES_PORT']}/fodslag"
    for login in ("api", "worker"):
        url = variables[f"FODSLAG_{login.upper()}_DATABASE_URL"]
        assert url.startswith(f"postgresql://fodslag_{login}:")
        assert url.endswith(place)
    assert variables["TEMPORAL_ADDRESS"] == f"127.0.0.1:{running.ports['FODSLAG_TEMPORAL_PORT']}"
    assert variables["TEMPORAL_NAMESPACE"] == "default"
    assert "TEMPORAL_API_KEY" not in variables


def verified(system: Run) -> subprocess.CompletedProcess[str]:
    """Compare workflows and store as a person does in another terminal, who has set nothing but what the run has."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("FODSLAG_", "TEMPORAL_"))}
    environment = {**mine, **system.ports, "FODSLAG_VAR": str(system.var), "TEMPORAL_API_KEY": "of another server"}
    command = [sys.executable, "-m", "cli", "verify", "--municipality", "0990"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_workflows_and_store_are_compared_beside_a_run_without_any_setting(running: Run) -> None:
    done = verified(running)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "0 forløb, 0 uenige / 0 courses, 0 that disagree\n"


def test_a_comparison_while_nothing_runs_says_so_in_a_sentence(var: Path) -> None:
    with started(var, WAITS) as system:
        system.await_ready()

    done = verified(system)

    assert (done.returncode, done.stdout) == (2, "")
    assert "svarer ikke" in done.stderr
    assert "Traceback" not in done.stderr


def test_nobody_else_on_the_machine_can_list_or_read_what_is_kept(running: Run) -> None:
    assert running.var.stat().st_mode & 0o066 == 0
    for file in (*running.var.glob("*"), *running.var.glob("keys/*"), *running.var.glob("log/*")):
        assert file.stat().st_mode & 0o077 == 0, file


def test_a_second_run_on_the_same_folder_is_refused(running: Run) -> None:
    with started(running.var, WAITS) as second:
        assert second.await_end() == 2

    assert f"(process {running.process.pid})" in second.words
    assert running.process.poll() is None


def test_a_signal_stops_everything_in_reverse_order(var: Path) -> None:
    with started(var, WAITS) as system:
        system.await_ready()
        child_processes = system.child_processes()

        system.process.send_signal(signal.SIGTERM)

        assert system.await_end() == 0
    stopped = [line.split()[1] for line in system.words.splitlines() if line.startswith("Stopping ")]
    assert stopped == ["Stand-in", "Temporal", "PostgreSQL"]
    assert len(child_processes) == 3
    assert all_gone(child_processes)


def test_a_part_that_ends_by_itself_is_named_with_its_last_words(var: Path) -> None:
    with started(var, FAILS) as system:
        assert system.await_end() == 1

    assert "Stand-in ended with exit code 1." in system.words
    assert "  | the stand-in has had enough" in system.words
    assert "Nothing is lost" in system.words
    assert "Stopping PostgreSQL … done." in system.words


def test_a_killed_run_leaves_no_process_and_the_next_one_has_the_same_keys(var: Path) -> None:
    with started(var, PRINTS_ITS_ENVIRONMENT) as first:
        first.await_ready()
        child_processes = first.child_processes()
        keys = {name: value for name, value in first.environment_of_stand_in().items() if name.endswith("_KEY")}

        first.process.kill()

        assert all_gone(child_processes)
    with started(var, PRINTS_ITS_ENVIRONMENT) as second:
        second.await_ready()
        assert len(keys) == 3
        assert second.environment_of_stand_in().items() >= keys.items()


@pytest.mark.parametrize("part", ["api", "temporal", "temporal_ui", "postgres"])
def test_a_busy_port_is_named_with_its_setting_before_anything_starts(part: str, var: Path) -> None:
    words = StringIO()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        code = run(
            StandaloneSettings.model_validate({**free_ports(), "var": var, f"{part}_port": port}), Console(file=words)
        )

    assert code == 2
    assert f"Port {port} on 127.0.0.1 is busy" in words.getvalue()
    assert f"FODSLAG_{part.upper()}_PORT" in words.getvalue()
    assert not (var / "postgres").exists()


def test_a_lost_key_is_never_replaced_while_there_are_courses(var: Path) -> None:
    words = StringIO()
    (var / "postgres").mkdir(parents=True)

    code = run(StandaloneSettings.model_validate({**free_ports(), "var": var}), Console(file=words))

    assert code == 2
    assert "master-key is missing" in words.getvalue()
    assert not (var / "keys").exists()


def test_two_parts_cannot_be_given_one_port() -> None:
    with pytest.raises(ValidationError, match="Two parts cannot share a port"):
        StandaloneSettings(api_port=9000, postgres_port=9000)
