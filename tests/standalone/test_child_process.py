import os
import socket
from pathlib import Path

import pytest

from standalone.errors import ProcessFailedError
from standalone.ports import LOOPBACK, require_free
from standalone.supervisor import Program
from tools.town.ports import free_port

PRINTS_HELLO = r"import os, signal; os.write(1, b'hello\n'); signal.pause()"
IGNORES = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {PRINTS_HELLO}"


def program(folder: Path, code: str, *, port: int | None = None, ready_message: str = "hello") -> Program:
    return Program(
        "Program", ["-c", code], os.environ, log=folder / "program.log", port=port, ready_message=ready_message
    )


def test_a_part_that_does_not_end_in_time_is_killed(tmp_path: Path) -> None:
    deaf = program(tmp_path, IGNORES)
    deaf.stop_timeout_s = 0.2
    deaf.start()

    assert not deaf.stop()

    assert not deaf.is_alive
    assert str(deaf.exit_error()).startswith("Program was ended by SIGKILL.")


def test_a_part_that_ends_before_it_listens_says_why(tmp_path: Path) -> None:
    silent = program(tmp_path, "print('no configuration'); raise SystemExit(3)", port=free_port())

    with pytest.raises(ProcessFailedError, match=r"(?s)Program ended with exit code 3\..*no configuration"):
        silent.start()


def test_a_part_started_again_begins_its_log_anew_and_keeps_the_last_one(tmp_path: Path) -> None:
    part = program(tmp_path, PRINTS_HELLO)
    for _ in range(2):
        part.start()
        part.stop()

    assert part.log.read_text() == "hello\n"
    assert part.log.with_suffix(".previous.log").read_text() == "hello\n"


def test_ctrl_c_in_the_terminal_does_not_reach_a_part_directly(tmp_path: Path) -> None:
    part = program(tmp_path, PRINTS_HELLO)
    part.start()

    assert os.getpgid(part.pid) != os.getpgrp()

    part.stop()


def test_stopping_what_never_ran_does_nothing(tmp_path: Path) -> None:
    assert program(tmp_path, "").stop()


def test_a_port_just_left_is_free() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection((LOOPBACK, port)):
            server.accept()[0].close()

    require_free("API", port, "FODSLAG_API_PORT")
