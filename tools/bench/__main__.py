"""`make bench`: a bare workflow, the worker and the API side by side on the same servers, in one run.

Machines are noisy, so rounds of the three alternate and what counts are ratios: of the worker to the bare workflow,
and of the whole to it. The figures are printed and written to `var/bench.json`.
"""

import argparse
import asyncio
import base64
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
import structlog
from rich.console import Console
from rich.table import Table

from domain.identity import course_workflow_id
from infra.store.engine import Store, create_engine
from infra.store.logins import Login
from infra.store.registers import data_keys
from infra.temporal.client import connect
from infra.temporal.keyring import StoreKeyring
from standalone.supervisor import Program
from tools.bench import applying, bare, rules
from tools.bench.life import COMMANDS, Lived, OverHttp, Straight, Way, course_of, many
from tools.bench.watching import Watch, kib_of, temporal_calls
from tools.town.town import Town

Figures = dict[str, float]

WAYS: Final = ("bare", "worker", "http")
_AT_ONCE: Final = 8
_QUIET_SECONDS: Final = 20.0
_SETTLED_SECONDS: Final = 5.0
_PEOPLE: Final = {"system": "case-system", "caseworker": "anna", "company_consultant": "bo"}
"""Who holds each role."""


@dataclass
class Bench:
    """The servers, the three ways, and what was measured."""

    town: Town
    bare_worker: Program
    ways: dict[str, Way]
    store: Store
    console: Console
    figures: Figures = field(default_factory=dict)
    rates: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1_000_000)))

    def references(self, many: int) -> list[str]:
        """Return references that were not used yet."""
        return [f"bench-{next(self._numbers)}" for _ in range(many)]

    def pids(self) -> dict[str, int]:
        """Return the processes that are watched."""
        town = self.town
        processes = {"temporal": town.temporal, "postgres": town.postgres, "worker": town.worker, "api": town.api}
        return {name: part.pid for name, part in {**processes, "bare": self.bare_worker}.items()}

    async def warm_up(self) -> None:
        """Do whatever is done once, and let PostgreSQL count its rows, as it does by itself in its first minutes."""
        for way in WAYS:
            await many(self.ways[way], self.references(_AT_ONCE), _AT_ONCE)
        with psycopg.connect(self.town.postgres.owner_url, autocommit=True) as connection:
            connection.execute("ANALYZE")

    async def alternate(self, rounds: int, courses: int) -> None:
        """Live courses in each way in turn: how many a second, how long a command takes, what the processors spend."""
        lived = {way: Lived() for way in WAYS}
        spent: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for number in range(rounds):
            for way in WAYS:
                with Watch(self.pids()) as watch:
                    timed, seconds = await many(self.ways[way], self.references(courses), _AT_ONCE)
                self.rates[way].append(courses / seconds)
                lived[way].took += timed.took
                spent[way].append({part: 1000 * used / courses for part, used in watch.seconds.items()})
                self.console.print(f"round {number + 1} of {rounds}, {way}: {courses / seconds:.1f} courses/s")
        for way in WAYS:
            self.figures[f"courses_per_s_{way}"] = median(self.rates[way])
            self.figures |= _times(f"loaded_{way}", lived[way].took)
            for part in spent[way][0]:
                self.figures[f"cpu_ms_{way}_{part}"] = median(used[part] for used in spent[way])
        for way in ("worker", "http"):
            ratios = [ours / theirs for ours, theirs in zip(self.rates[way], self.rates["bare"], strict=True)]
            self.figures[f"ratio_{way}"] = median(ratios)
            both = zip(spent[way], spent["bare"], strict=True)
            self.figures[f"cpu_ratio_{way}"] = median(sum(ours.values()) / sum(bares.values()) for ours, bares in both)

    async def alone(self, courses: int) -> None:
        """Live courses one at a time: how long a command takes while nothing else happens."""
        for way in WAYS:
            lived, _ = await many(self.ways[way], self.references(courses), 1)
            self.figures |= _times(f"alone_{way}", lived.took)
            if way == "http":
                self.figures |= _times("ack", lived.acknowledged)

    async def calls(self, courses: int) -> None:
        """Count what a course asks of Temporal and Temporal of its database, less what both do without any course."""
        idle = await self._called(lambda: asyncio.sleep(_QUIET_SECONDS))
        per_course: dict[str, dict[str, float]] = {}
        for way in ("bare", "worker"):
            called = await self._called(lambda way=way: self._settled(way, courses))  # type: ignore[misc]
            per_course[way] = {
                kind: (called[kind] - idle[kind] * called["seconds"] / idle["seconds"]) / courses
                for kind in idle.keys() - {"seconds"}
            }
        for kind in sorted(per_course["bare"]):
            self.figures[f"{kind}_calls_per_minute_idle"] = 60 * idle[kind] / idle["seconds"]
            self.figures |= {f"{kind}_calls_{way}": calls[kind] for way, calls in per_course.items()}
            self.figures[f"{kind}_calls_ratio"] = per_course["worker"][kind] / per_course["bare"][kind]
        ours, bares = (sum(per_course[way][kind] for kind in ("frontend", "write")) for way in ("worker", "bare"))
        self.figures["temporal_calls_ratio"] = ours / bares

    async def _settled(self, way: str, courses: int) -> None:
        """Live courses, and wait for what follows from them."""
        await many(self.ways[way], self.references(courses), _AT_ONCE)
        await asyncio.sleep(_SETTLED_SECONDS)

    async def _called(self, does: Callable[[], Awaitable[None]]) -> dict[str, float]:
        """Return how often Temporal and its database were called meanwhile, and how many seconds it took."""
        port = self.town.temporal.metrics_port
        assert port is not None  # noqa: S101 - Tells the type checker what a town has given it.
        before, begun = temporal_calls(port), time.perf_counter()
        await does()
        after = temporal_calls(port)
        return {kind: after[kind] - before[kind] for kind in after} | {"seconds": time.perf_counter() - begun}

    async def history(self) -> None:
        """Measure what a whole course leaves in Temporal, and what applying a command takes without it."""
        straight, url = self.ways["worker"], self.town.postgres.url(Login.WORKER)
        assert isinstance(straight, Straight)  # noqa: S101 - Tells the type checker what `benched` has put there.
        applied = await applying.measured(straight, url, self.town.settings.var, self.references(5))
        self.figures["statements_per_command"] = len(applied.statements) / applied.commands
        self.figures["round_trips_per_command"] = sum(applied.round_trips) / len(applied.round_trips)
        self.figures["apply_cpu_ms_per_command"] = 1000 * applied.cpu_seconds / applied.commands
        (reference,) = self.references(1)
        await straight.live(reference, Lived())
        handle = (await bare.connect()).get_workflow_handle(course_workflow_id(course_of(reference)))
        about = (await handle.describe()).raw_description.workflow_execution_info
        self.figures["commands_per_course"] = COMMANDS
        self.figures["events_per_course"] = about.history_length
        self.figures["bytes_per_course"] = about.history_size_bytes
        self.figures["events_per_12_commands"] = 12 * about.history_length / COMMANDS
        self.figures["bytes_per_12_commands"] = 12 * about.history_size_bytes / COMMANDS

    async def memory(self, courses: int) -> None:
        """Measure what a course that waits costs its worker, beside a bare workflow that waits."""
        for way, pid in (("bare", self.bare_worker.pid), ("worker", self.town.worker.pid)):
            await many(self.ways[way], self.references(courses // 4), _AT_ONCE, only_start=True)
            before = kib_of(pid)
            await many(self.ways[way], self.references(courses), _AT_ONCE, only_start=True)
            self.figures[f"kib_per_cached_{'course' if way == 'worker' else way}"] = (kib_of(pid) - before) / courses


def _times(name: str, seconds: list[float]) -> Figures:
    """Return the middle and the slowest hundredth in milliseconds."""
    return {f"{name}_p50_ms": 1000 * median(seconds), f"{name}_p99_ms": 1000 * quantiles(seconds, n=100)[98]}


@asynccontextmanager
async def benched(console: Console) -> AsyncIterator[Bench]:
    """Start everything, and stop it at the end."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        town = Town.start(folder)
        stack.callback(town.close)
        os.environ |= {
            "TEMPORAL_ADDRESS": town.temporal.address,
            "TEMPORAL_NAMESPACE": town.temporal.namespace,
            "FODSLAG_DATABASE_URL": town.postgres.url(Login.WORKER),
            "PGAPPNAME": "bench",
        }
        with psycopg.connect(town.postgres.owner_url, autocommit=True) as connection:
            connection.execute(bare.TABLE)
        worker = Program(
            "Bare worker",
            ["-m", "tools.bench.bare"],
            os.environ,
            log=folder / "log" / "bare.log",
            ready_message="ready",
        )
        worker.start()
        stack.callback(worker.stop)
        store = Store(create_engine(town.postgres.url(Login.API), Login.API))
        stack.push_async_callback(store.close)
        master = base64.b64decode(town.keys["FODSLAG_MASTER_KEY"])
        client = await connect(StoreKeyring(partial(data_keys.fetch, store), master, "m1"))
        callers = {role: town.speaks(person, role) for role, person in _PEOPLE.items()}
        ways: dict[str, Way] = {
            "bare": bare.Bare(await bare.connect()),
            "worker": Straight(client, store, master),
            "http": OverHttp(callers),
        }
        yield Bench(town, worker, ways, store, console)


async def measured(console: Console, *, rounds: int, courses: int, alone: int, cached: int) -> Figures:
    """Measure everything, and return the figures."""
    async with benched(console) as bench:
        await bench.warm_up()
        await bench.alternate(rounds, courses)
        await bench.alone(alone)
        await bench.calls(courses)
        await bench.history()
        await bench.memory(cached)
        return bench.figures | rules.figures()


def _table(figures: Figures) -> Table:
    table = Table("figure", "value")
    for name, figure in figures.items():
        table.add_row(name, f"{figure:,.2f}")
    return table


def main() -> None:
    """Measure, print the figures as a table and write them to a file."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each way has its turn")
    parser.add_argument("--courses", type=int, default=40, help="how many courses it lives in a turn")
    parser.add_argument("--alone", type=int, default=10, help="how many courses are lived one at a time")
    parser.add_argument("--cached", type=int, default=400, help="how many courses wait while memory is measured")
    parser.add_argument("--to", type=Path, default=Path("var/bench.json"), help="where the figures are written")
    asked = vars(parser.parse_args())
    to = asked.pop("to")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    console = Console()
    figures = asyncio.run(measured(console, **asked))
    console.print(_table(figures))
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps({name: round(figure, 3) for name, figure in figures.items()}, indent=2) + "\n")


if __name__ == "__main__":
    main()
