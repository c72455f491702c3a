"""Runs the standalone system in the foreground: starts its processes in order, watches and stops them in reverse."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console

from infra.store.logins import Login
from standalone.banner import BANNER
from standalone.child_process import ChildProcess
from standalone.environment import addresses, as_login, defaults, servers
from standalone.errors import ProcessFailedError, StandaloneError
from standalone.keys import environment_of_keys
from standalone.lock import lock_folder
from standalone.ports import is_listening, require_free
from standalone.postgres import PostgresServer
from standalone.settings import StandaloneSettings
from standalone.temporal import TemporalServer

_START_SECONDS: Final = 180.0  # A busy machine is slow to start; what ends before it answers is told of at once.
_WATCH_SECONDS: Final = 0.2
_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_AFTER_A_FAILURE: Final = (
    "Intet er tabt: det, der er modtaget, ligger på disken. Ret det, der nævnes ovenfor, og start igen.\n"
    "Nothing is lost: what was accepted is on disk. Put right what the lines above name, and start again:\n"
    "  fodslag run"
)

Programs = Callable[[StandaloneSettings, Mapping[str, str]], Sequence[ChildProcess]]
"""Makes the processes of our own code from the settings and the environment they run in."""


class Program(ChildProcess):
    """One of our own programs; ready when it listens on `port` and has logged `ready_message`, where given."""

    stop_timeout_s = 30.0  # A worker may finish what it has begun, such as sending an e-mail.

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        log: Path,
        port: int | None = None,
        ready_message: str = "",
    ) -> None:
        super().__init__(log)
        self.name = name
        self._command = command
        self._environment = environment
        self._port = port
        self._ready_message = ready_message

    def start(self) -> None:
        """Start the program; raises ProcessFailedError when it ends or is not ready within a minute."""
        self._spawn([sys.executable, *self._command], environment=self._environment)
        self._await_ready(self._is_ready, _START_SECONDS)

    def _is_ready(self) -> bool:
        if self._port is not None and not is_listening(self._port):
            return False
        return self._ready_message in self.log.read_text(errors="replace")


def worker_and_api(settings: StandaloneSettings, environment: Mapping[str, str]) -> list[ChildProcess]:
    """Return the two programs that the product consists of."""
    log = settings.var / "log"
    return [
        Program(
            "Worker",
            ["-m", "worker"],
            as_login(Login.WORKER, environment),
            log=log / "worker.log",
            port=settings.metrics_port,
            ready_message="worker ready",
        ),
        Program(
            "API",
            ["-m", "cli", "api"],
            as_login(Login.API, environment),
            log=log / "api.log",
            port=settings.api_port,
        ),
    ]


def every_program(settings: StandaloneSettings, environment: Mapping[str, str]) -> list[ChildProcess]:
    """Return the mailbox, worker and API."""
    mailbox = Program(
        "Mailbox",
        ["-m", "standalone.mailbox", str(settings.mail_port), str(settings.var.resolve() / "mail")],
        environment,
        log=settings.var / "log" / "mailbox.log",
        port=settings.mail_port,
    )
    return [mailbox, *worker_and_api(settings, environment)]


def run(settings: StandaloneSettings, console: Console, programs: Programs = every_program) -> int:
    """Run until a signal stops it or a process ends by itself; return the exit code.

    0: stopped by a person or a signal. 1: a process failed. 2: nothing was started; a port or folder is in use.
    """
    try:
        with lock_folder(settings.var):
            _require_free_ports(settings)
            _Run(settings, console, programs).until_stopped()
    except StandaloneError as error:
        console.print(f"\n{error}", style="red", markup=False, highlight=False, soft_wrap=True)
        return error.exit_code
    return 0


def _require_free_ports(settings: StandaloneSettings) -> None:
    require_free("PostgreSQL", settings.postgres_port, "FODSLAG_POSTGRES_PORT")
    require_free("Temporal", settings.temporal_port, "FODSLAG_TEMPORAL_PORT")
    require_free("Temporal UI", settings.temporal_ui_port, "FODSLAG_TEMPORAL_UI_PORT")
    require_free("API", settings.api_port, "FODSLAG_API_PORT")
    require_free("Worker", settings.metrics_port, "FODSLAG_METRICS_PORT")
    require_free("Mailbox", settings.mail_port, "FODSLAG_MAIL_PORT")


class _Run:
    """One run: the processes that were started, in order."""

    def __init__(self, settings: StandaloneSettings, console: Console, programs: Programs) -> None:
        self._settings = settings
        self._console = console
        self._programs = programs
        self._started: list[ChildProcess] = []

    def until_stopped(self) -> None:
        """Return when asked to stop, with nothing left running; raises StandaloneError when a process failed."""
        with _signals_interrupt():
            try:
                self._start_all()
                self._console.print(_banner(self._settings), markup=False, highlight=False, soft_wrap=True)
                self._watch()
            except KeyboardInterrupt:
                self._console.print("\nStopping.")
            except ProcessFailedError as error:
                self._console.print("\nA part failed; stopping the others.", style="red")
                raise StandaloneError(f"{error}\n{_AFTER_A_FAILURE}") from error
            finally:
                self._stop_all()

    def _start_all(self) -> None:
        var = self._settings.var.resolve()
        postgres, temporal = servers(self._settings)
        keys = environment_of_keys(var, courses_exist=postgres.data.exists())
        self._start(postgres)
        postgres.migrate()
        self._start(temporal)
        for program in self._programs(self._settings, {**_environment(self._settings, postgres, temporal), **keys}):
            self._start(program)

    def _start(self, process: ChildProcess) -> None:
        self._console.print(f"Starting {process.name} …", end=" ")
        self._started.append(process)
        process.start()
        self._console.print("ready.")

    def _watch(self) -> None:
        while True:
            for process in self._started:
                if not process.is_alive:
                    raise process.exit_error()
            time.sleep(_WATCH_SECONDS)

    def _stop_all(self) -> None:
        for number in _STOPPING:
            signal.signal(number, signal.SIG_IGN)  # Each process has its limit; a second Ctrl-C would break the order.
        for process in reversed(self._started):
            if process.is_alive:
                self._console.print(f"Stopping {process.name} …", end=" ")
                self._console.print(
                    "done." if process.stop() else f"killed after {process.stop_timeout_s:.0f} seconds."
                )


def _environment(settings: StandaloneSettings, postgres: PostgresServer, temporal: TemporalServer) -> dict[str, str]:
    """Return our own environment, with our servers' addresses and no other Temporal's."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    return {**defaults(settings), **inherited, **addresses(settings, postgres, temporal)}


def _banner(settings: StandaloneSettings) -> str:
    chosen = "" if settings.var == StandaloneSettings.model_fields["var"].default else f"FODSLAG_VAR={settings.var} "
    return BANNER.substitute(settings.model_dump(), fodslag=f"{chosen}{sys.argv[0]}")


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Let a signal to stop raise KeyboardInterrupt, except one we were started to ignore, as under nohup."""
    before = {number: signal.getsignal(number) for number in _STOPPING}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
