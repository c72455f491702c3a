"""Many open courses, a Monday on which many of them are due at once, and a worker that begins cold.

`python -m tools.bench.monday` starts ten thousand courses by the API, pauses two thousand of them until one instant,
watches how late each wakes while others go on working, and then kills the worker and asks courses that the
next one has never seen. Waking is spread over a quarter of an hour, as it is at work, so this takes half an hour.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import psycopg
from rich.console import Console
from rich.progress import track
from rich.table import Table

from clients.caller import Caller
from infra.store.logins import Login
from tools.bench.life import SCRIPT
from tools.bench.watching import Watch, kib_of
from tools.town.town import MUNICIPALITY, Town, own_town

_AT_ONCE: Final = 8
_BETWEEN_LOOKS: Final = 1.0
_A_PAUSE_TAKES: Final = 0.08
"""How many seconds a pause may take, so that the instant at which all end lies ahead of the last one."""
_MARGIN: Final = 60.0
_OF_EACH_ROLE: Final = 250
_SPREAD: Final = timedelta(minutes=15)
_MB: Final = 1_000_000
_STILL_PAUSED: Final = "SELECT count(*) FROM course WHERE status = 'paused'"
_LATE: Final = """
    SELECT extract(epoch FROM woken.recorded_at - (slept.snapshot ->> 'wakeup')::timestamptz)
    FROM revision AS woken JOIN revision AS slept
        ON slept.course_id = woken.course_id AND slept.epoch = woken.epoch AND slept.revision = woken.revision - 1
    WHERE slept.snapshot ->> 'status' = 'paused' AND woken.snapshot ->> 'status' <> 'paused'
"""
_SIZE: Final = "SELECT pg_database_size(current_database())"


@dataclass
class Monday:
    """The town, those who speak, and the figures."""

    town: Town
    system: Caller
    sara: Caller
    console: Console
    figures: dict[str, float] = field(default_factory=dict)

    async def opens(self, courses: int) -> list[str]:
        """Start so many courses, and return their ids."""
        turn, took, ids = asyncio.Semaphore(_AT_ONCE), [], []

        async def one(number: int) -> None:
            async with turn:
                began = time.perf_counter()
                ids.append((await _post(self.system, "/v1/courses", _case(number)))["course"])
                took.append(time.perf_counter() - began)

        begun = time.perf_counter()
        with Watch(self._pids()) as watch:
            tasks = [asyncio.create_task(one(number)) for number in range(courses)]
            for task in track(tasks, "Starting courses", console=self.console):
                await task
        spent = time.perf_counter() - begun
        self.figures |= {"open_courses": courses, "starts_per_s": courses / spent, **_times("last_starts", took[-500:])}
        self._record_cpu("start", watch, courses)
        return ids

    async def monday(self, courses: Sequence[str], others: Sequence[str]) -> None:
        """Let courses wake that are all due at one instant, while others are told something each second."""
        until = datetime.now(UTC) + timedelta(seconds=len(courses) * _A_PAUSE_TAKES + _MARGIN)
        body = {"reason": "Ferie til mandag kl. 9.", "until": until.isoformat()}
        await self._all(courses, "pause", body, "Pausing")
        await asyncio.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()))
        took: list[float] = []
        rounds = cycle(others)
        ends = datetime.now(UTC) + 2 * _SPREAD
        with Watch(self._pids()) as watch, self.console.status("Waking"):
            while self.asks(_STILL_PAUSED)[0] and datetime.now(UTC) < ends:
                took.append(await _takes(self.system, f"/v1/courses/{next(rounds)}/facts", _fact(len(took))))
                await asyncio.sleep(_BETWEEN_LOOKS)
        late = [float(seconds) for seconds in self.asks(_LATE)]
        self.figures |= {"due_at_once": len(courses), "woke": len(late), **_times("monday_commands", took)}
        self.figures |= {"late_p50_s": median(late), "late_p99_s": quantiles(late, n=100)[98], "late_most_s": max(late)}
        self._record_cpu("wake", watch, len(late))

    async def cold(self, courses: Sequence[str]) -> None:
        """Kill the worker, and tell courses that its successor has not seen; then tell the same ones again."""
        self.town.worker.kill()
        began = time.perf_counter()
        self.town.worker.start()
        self.figures["worker_starts_s"] = time.perf_counter() - began
        for name in ("cold", "warm"):
            with Watch(self._pids()) as watch:
                began = time.perf_counter()
                took = await self._all(courses, "facts", _fact(0), f"Telling a worker that is {name}")
            self.figures |= {f"{name}_per_s": len(courses) / (time.perf_counter() - began), **_times(name, took)}
            self._record_cpu(name, watch, len(courses))

    def weighs(self) -> None:
        """Tell what all of it takes, in megabytes."""
        temporal = sum(file.stat().st_size for file in self.town.settings.var.glob("temporal.db*"))
        self.figures |= {"temporal_file_mb": temporal / _MB, "postgres_mb": self.asks(_SIZE)[0] / _MB}
        for name, pid in self._pids().items():
            self.figures[f"{name}_memory_mb"] = kib_of(pid) * 1024 / _MB

    def _pids(self) -> dict[str, int]:
        town = self.town
        processes = {"temporal": town.temporal, "postgres": town.postgres, "worker": town.worker, "api": town.api}
        return {name: part.pid for name, part in processes.items()}

    def _record_cpu(self, name: str, watch: Watch, times: int) -> None:
        for part, seconds in watch.seconds.items():
            self.figures[f"{name}_cpu_ms_{part}"] = 1000 * seconds / times

    async def _all(self, courses: Sequence[str], where: str, body: dict[str, Any], what: str) -> list[float]:
        turn, speaker = asyncio.Semaphore(_AT_ONCE), self.sara if where == "pause" else self.system

        async def one(course: str) -> float:
            async with turn:
                return await _takes(speaker, f"/v1/courses/{course}/{where}", body)

        tasks = [asyncio.create_task(one(course)) for course in courses]
        return [await task for task in track(tasks, what, console=self.console)]

    def asks(self, statement: str) -> list[Any]:
        """Return the one column that a statement reads in the store."""
        url, options = self.town.postgres.url(Login.WORKER), f"-c fodslag.municipality={MUNICIPALITY}"
        with psycopg.connect(url, options=options) as store:
            return [value for (value,) in store.execute(statement)]


def _case(number: int) -> dict[str, Any]:
    """Return a course that two of many people hold, as many each as people hold."""
    holders = number % _OF_EACH_ROLE
    return SCRIPT.start(
        MUNICIPALITY,
        f"open-{number}",
        caseworker={"person": f"caseworker-{holders}"},
        company_consultant={"person": f"consultant-{holders}"},
    )


def _fact(number: int) -> dict[str, Any]:
    """Return what a system may tell at any time: which company it is about."""
    return {"facts": {"company_p_number": str(1_000_000_001 + number)}}


async def _takes(speaker: Caller, path: str, body: dict[str, Any]) -> float:
    began = time.perf_counter()
    await _post(speaker, path, body)
    return time.perf_counter() - began


async def _post(caller: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
    return await asyncio.to_thread(caller.does, path, **body)


def _times(name: str, seconds: Sequence[float]) -> dict[str, float]:
    return {f"{name}_p50_ms": 1000 * median(seconds), f"{name}_p99_ms": 1000 * quantiles(seconds, n=100)[98]}


async def measured(console: Console, courses: int, due: int, cold: int) -> dict[str, float]:
    """Measure everything in a town of its own, and return the figures."""
    with own_town() as town:
        system, sara = town.speaks("case-system", "system"), town.speaks("sara", "supervisor")
        monday = Monday(town, system, sara, console)
        ids = await monday.opens(courses)
        monday.weighs()
        await monday.monday(ids[:due], ids[due : 2 * due])
        await monday.cold(ids[-cold:])
        return monday.figures


def tell(console: Console, figures: Mapping[str, float], to: Path) -> None:
    """Print figures as a table, and write them to a file."""
    table = Table("figure", "value")
    for name, figure in figures.items():
        table.add_row(name, f"{figure:,.2f}")
    console.print(table)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps({name: round(figure, 3) for name, figure in figures.items()}, indent=2) + "\n")


def main() -> None:
    """Measure, print the figures and write them to a file."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.monday", description=__doc__)
    parser.add_argument("--courses", type=int, default=10_000, help="how many courses are open")
    parser.add_argument("--due", type=int, default=2_000, help="how many of them are due at one instant")
    parser.add_argument("--cold", type=int, default=500, help="how many are asked of a worker that begins")
    parser.add_argument("--to", type=Path, default=Path("var/monday.json"), help="where the figures are written")
    asked = parser.parse_args()
    console = Console()
    figures = asyncio.run(measured(console, asked.courses, asked.due, asked.cold))
    tell(console, figures, asked.to)


if __name__ == "__main__":
    main()
