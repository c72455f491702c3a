"""Temporal's own server on a SQLite file, as our child on a loopback port: real, with nothing to install."""

import json
import subprocess
import sysconfig
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from standalone.child_process import ChildProcess
from standalone.ports import LOOPBACK, require_free

_START_SECONDS: Final = 180.0  # A busy machine is slow to start; what ends before it answers is told of at once.
_IGNORE_USER_CONFIG: Final = (
    "--disable-config-env",
    "--disable-config-file",
)  # They may name somebody else's server.
_RETENTION: Final = timedelta(days=30)

SEARCH_ATTRIBUTES: Final = MappingProxyType(
    {
        "FodslagStep": "KeywordList",
        "FodslagStatus": "Keyword",
        "FodslagStalled": "Bool",
        "FodslagMunicipality": "Keyword",
        "FodslagUnit": "Keyword",
    }
)
"""The search attributes a course sets, with the types the server knows; names are kept for good."""

# The development server has one shard, whose queues are polled slowly by default: each task would
# wait 40 ms and each timer a second.
_DYNAMIC: Final[Mapping[str, object]] = MappingProxyType(
    {
        "history.transferProcessorMaxPollRPS": 10_000,
        "history.timerProcessorMaxPollRPS": 10_000,
        "history.visibilityProcessorMaxPollRPS": 10_000,
        "history.timerProcessorMaxTimeShift": "10ms",
        "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": 2,  # A failing course is found soon.
        "frontend.enableServerVersionCheck": False,  # Nothing about this machine is sent out.
    }
)


class TemporalServer(ChildProcess):
    """A Temporal server whose state is the file `database`, or memory when there is none."""

    name = "Temporal"

    def __init__(
        self,
        database: Path | None,
        port: int,
        ui_port: int | None = None,
        *,
        time_skipping: bool = False,
        namespace: str = "default",
        log: Path,
        metrics_port: int | None = None,
    ) -> None:
        """Name the file and the loopback ports, without a port no web UI, and figures at any port; starts nothing.

        `time_skipping` lets a test move a single course's clock.
        """
        super().__init__(log)
        self._database = database.resolve() if database else None
        self.port = port
        self._ui_port = ui_port
        self._time_skipping = time_skipping
        self.namespace = namespace
        self.metrics_port = metrics_port
        self._binary = Path(sysconfig.get_path("scripts")) / "temporal"

    @property
    def address(self) -> str:
        """Host and port for a client."""
        return f"{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Start on the file, made when missing, and return when the server is healthy.

        Raises PortBusyError, ProcessFailedError.
        """
        require_free(self.name, self.port, "FODSLAG_TEMPORAL_PORT")
        if self._ui_port is not None:
            require_free("Temporal UI", self._ui_port, "FODSLAG_TEMPORAL_UI_PORT")
        if self._database is not None:
            self._database.parent.mkdir(parents=True, exist_ok=True)
        self._spawn([str(self._binary), "server", "start-dev", *self._flags()])
        self._await_ready(lambda: self._operator("cluster", "health"), _START_SECONDS)
        hours = int(_RETENTION.total_seconds()) // 3600
        if not self._operator("namespace", "update", "-n", self.namespace, "--retention", f"{hours}h"):
            raise self.error("did not accept how long closed courses are kept.")

    def _flags(self) -> Iterator[str]:
        yield from ("--ip", LOOPBACK, "--port", str(self.port), "--namespace", self.namespace)
        yield from ("--headless",) if self._ui_port is None else ("--ui-port", str(self._ui_port))
        yield from ("--metrics-port", str(self.metrics_port)) if self.metrics_port is not None else ()
        yield from (*_IGNORE_USER_CONFIG, "--ui-disable-news-fetch")
        if self._database is not None:
            yield from ("--db-filename", str(self._database))
            yield from ("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL")
        for attribute, kind in SEARCH_ATTRIBUTES.items():
            yield from ("--search-attribute", f"{attribute}={kind}")
        skipping = {"frontend.WorkflowTimeSkippingEnabled": True} if self._time_skipping else {}
        for key, value in {**_DYNAMIC, **skipping}.items():
            yield from ("--dynamic-config-value", f"{key}={json.dumps(value)}")

    def _operator(self, *command: str) -> bool:
        """Run an operator's command against this server and return whether it succeeded."""
        line = [str(self._binary), "operator", *command, "--address", self.address, *_IGNORE_USER_CONFIG]
        return subprocess.run([*line, "--command-timeout", "10s"], check=False, capture_output=True).returncode == 0
