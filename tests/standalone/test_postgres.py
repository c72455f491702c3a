import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg
import pytest

from standalone.errors import PortBusyError, ProcessFailedError, StandaloneError
from standalone.postgres import PostgresServer
from tests.conftest import UNSYNCED
from tools.town.ports import free_port

LOGINS = ("postgres", "fodslag", "fodslag_api", "fodslag_worker")
STARTER = """
import sys, time
from pathlib import Path
from standalone.postgres import PostgresServer
server = PostgresServer(Path(sys.argv[1]), int(sys.argv[2]), {"fsync": "off"})
server.start()
print(server.pid, flush=True)
time.sleep(600)
"""


def connect(server: PostgresServer) -> "closing[psycopg.Connection]":
    return closing(psycopg.connect(server.owner_url, autocommit=True))


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as made:
        yield Path(made)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with TemporaryDirectory() as made:
        running = PostgresServer(Path(made) / "postgres", free_port(), UNSYNCED)
        running.start()
        yield running
        running.stop()


def test_what_was_committed_is_there_after_a_kill_and_a_restart(server: PostgresServer) -> None:
    with connect(server) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'committed' AS word")

    server.kill()
    server.start()

    with connect(server) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("committed",)]


def test_the_server_listens_on_loopback_alone(server: PostgresServer) -> None:
    process = psutil.Process(server.pid)
    listening = [c.laddr for c in process.net_connections() if c.status == psutil.CONN_LISTEN]

    assert listening == [("127.0.0.1", server.port)]
    assert [c for c in process.net_connections("unix") if str(c.laddr)] == []


def test_a_stranger_on_the_machine_is_refused(server: PostgresServer) -> None:
    url = server.owner_url
    password = url.split(":")[2].split("@")[0]

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(password, "guessed"))


def test_only_its_owner_can_read_the_passwords(server: PostgresServer) -> None:
    files = list(server.data.parent.glob("*-password"))

    assert {file.name.split(".")[1] for file in files} == {f"{login}-password" for login in LOGINS}
    assert [file for file in files if file.stat().st_mode & 0o077] == []
    assert len({file.read_text() for file in files}) == len(LOGINS)


def test_the_password_of_the_url_lets_nobody_in_as_superuser(server: PostgresServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.owner_url, user="postgres", dbname="postgres")


def test_row_level_security_binds_the_role_of_the_url(server: PostgresServer) -> None:
    with connect(server) as connection:
        role = connection.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user").fetchone()

    assert role == (False, False)


def test_text_is_utf8_and_sorts_alike_on_every_machine(server: PostgresServer) -> None:
    with connect(server) as connection:
        stored = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datlocale FROM pg_database WHERE datname = current_database()"
        ).fetchone()

    assert stored == ("UTF8", "C.UTF-8")


def test_a_refused_statement_leaves_none_of_its_words_in_the_log(server: PostgresServer) -> None:
    with connect(server) as connection, pytest.raises(psycopg.errors.InvalidTextRepresentation):
        connection.execute("SELECT CAST('Bodil Borger' AS integer)")

    assert "Bodil" not in server.log.read_text()


def test_the_server_never_runs_as_root(server: PostgresServer) -> None:
    assert psutil.Process(server.pid).uids().effective != 0


def test_a_stopped_server_leaves_no_process(folder: Path) -> None:
    server = PostgresServer(folder / "postgres", free_port(), UNSYNCED)
    server.start()

    ended_in_good_order = server.stop()

    assert ended_in_good_order
    assert not server.is_alive
    assert not psutil.pid_exists(server.pid)


def test_a_busy_port_is_named_with_the_setting_that_changes_it(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(PortBusyError, match=rf"Port {port} .*FODSLAG_POSTGRES_PORT"):
            PostgresServer(folder / "postgres", port).start()


def test_a_half_made_folder_is_never_taken_for_a_database(folder: Path) -> None:
    (folder / "postgres.unfinished").mkdir()
    (folder / "postgres.unfinished" / "PG_VERSION").write_text("18\n")
    server = PostgresServer(folder / "postgres", free_port(), UNSYNCED)

    server.start()

    assert server.is_alive
    server.stop()


def test_the_files_of_another_version_are_left_alone(folder: Path) -> None:
    data = folder / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("16\n")

    with pytest.raises(StandaloneError, match="PostgreSQL 16"):
        PostgresServer(data, free_port()).start()


def test_a_server_that_cannot_start_shows_the_end_of_its_log(folder: Path) -> None:
    server = PostgresServer(folder / "postgres", free_port(), {"shared_buffers": "nonsense"})

    with pytest.raises(ProcessFailedError, match=r"(?s)PostgreSQL ended with exit code 1.*shared_buffers"):
        server.start()


def test_the_server_ends_when_the_process_that_started_it_is_killed(folder: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(folder / "postgres"), str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        server = psutil.Process(int(starter.stdout.readline()))

        os.kill(starter.pid, signal.SIGKILL)

    deadline = time.monotonic() + 30
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "PostgreSQL outlived the process that started it."
        time.sleep(0.05)
