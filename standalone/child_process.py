"""A child process of the standalone system: how it starts and stops, its log, and the error when it ends by itself."""

import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from standalone import die_with_parent
from standalone.errors import ProcessFailedError

_LAST_LINES: Final = 15
_POLL_SECONDS: Final = 0.02


class ChildProcess(ABC):
    """One child process; at most one at a time, and gone when the process that started it is gone."""

    name: str
    stop_signal: signal.Signals = signal.SIGTERM
    """The signal that asks the process to end in good order."""
    stop_timeout_s: float = 10.0
    """Seconds the process may take to end in good order before it is killed."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def start(self) -> None:
        """Start the process and return when it is ready; raises PortBusyError, ProcessFailedError."""

    @property
    def pid(self) -> int:
        """The process id; raises RuntimeError before the first start."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started.")
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> bool:
        """Ask the process to end, and kill it after `stop_timeout_s` seconds; return whether it ended in good order."""
        if self._process is None or not self.is_alive:
            return True
        self._process.send_signal(self.stop_signal)
        try:
            self._process.wait(self.stop_timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        return True

    def kill(self) -> None:
        """Kill the process as a crash would, and return when it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def error(self, what: str) -> ProcessFailedError:
        """Return the error that says `what` happened to the process and shows the end of its log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return ProcessFailedError(f"{self.name} {what}", self.log, lines[-_LAST_LINES:])

    def exit_error(self) -> ProcessFailedError:
        """Return the error that says how the process ended, by exit code or signal."""
        code = self._process.returncode if self._process is not None else None
        how = f"was ended by {signal.Signals(-code).name}" if code and code < 0 else f"ended with exit code {code}"
        return self.error(f"{how}.")

    def _spawn(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        owner: Path | None = None,
    ) -> None:
        """Run `command` as the user who owns `owner`, or as ourselves; its log begins anew."""
        self.log.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".previous.log"))
        uid, gid = (owner.stat().st_uid, owner.stat().st_gid) if owner else (os.geteuid(), os.getegid())
        tie = [str(number) for number in (os.getpid(), int(self.stop_signal), uid, gid)]
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", die_with_parent.__file__, *tie, *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                process_group=0,  # Ctrl-C reaches only the supervisor, which ends its processes in order.
            )

    def _await_ready(self, is_ready: Callable[[], bool], within: float) -> None:
        """Return when `is_ready()`; raises ProcessFailedError when the process ends or `within` seconds have gone."""
        deadline = time.monotonic() + within
        while not is_ready():
            if not self.is_alive:
                raise self.exit_error()
            if time.monotonic() > deadline:
                raise self.error(f"did not answer within {within:.0f} seconds.")
            time.sleep(_POLL_SECONDS)
