"""What processes use: their processors' time and memory, children among them, and how often Temporal is called."""

import re
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final, Self

import httpx
import psutil

_KIB: Final = 1024
_CALLS: Final = MappingProxyType(
    {
        "frontend": re.compile(r'service_requests\{(?!.*operation="Poll).*service_name="frontend"'),
        "persistence": re.compile(r"persistence_requests\{"),
        "write": re.compile(r'persistence_requests\{.*operation="(?:Create|Update)WorkflowExecution"'),
    }
)
"""The server's own figures: what it was asked but for work, and how often it asked its database, and wrote to it."""


class Watch:
    """How many seconds of processor time each of some processes used within a `with`."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        """Take the processes by name."""
        self._pids = pids
        self._before: dict[str, float] = {}
        self.seconds: dict[str, float] = {}

    def __enter__(self) -> Self:
        self._before = self._now()
        return self

    def __exit__(self, *_how: object) -> None:
        self.seconds = {name: used - self._before[name] for name, used in self._now().items()}

    def _now(self) -> dict[str, float]:
        return {name: sum(_used(process) for process in _family(pid)) for name, pid in self._pids.items()}


def kib_of(pid: int) -> float:
    """Return the resident memory of a process and its children in KiB."""
    return sum(process.memory_info().rss for process in _family(pid)) / _KIB


def temporal_calls(port: int) -> dict[str, float]:
    """Return how often Temporal's server was called until now, and its database by it."""
    lines = httpx.get(f"http://127.0.0.1:{port}/metrics").text.splitlines()
    return {
        kind: sum(float(line.rpartition(" ")[2]) for line in lines if pattern.match(line))
        for kind, pattern in _CALLS.items()
    }


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _used(process: psutil.Process) -> float:
    """Return the seconds of processor time of a process and of its ended children."""
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0
