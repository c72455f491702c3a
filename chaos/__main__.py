"""`make chaos`: many courses are driven over HTTP while parts are killed, away, slow and cut; then all is compared.

The figures are printed and written to `var/chaos.json`. The exit code is 1 when anything was found; a seed repeats
what is broken in which order, and never the instant at which it meets a course.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from rich.console import Console
from rich.progress import Progress

from chaos.breaking import Breaker
from chaos.checking import counted, findings
from chaos.driving import Driver
from chaos.gathering import gathered
from chaos.ledger import Ledger
from chaos.system import PEOPLE, breakable, reader, speaker, store_of
from tests.journeys.town import Town

_AT_ONCE: Final = 16
_OPEN: Final = 5
"""One course in so many stays open."""


@dataclass(frozen=True)
class Wanted:
    """How much is done."""

    courses: int
    seed: int
    away: float
    pause: float
    hold: float


async def run(wanted: Wanted, console: Console) -> tuple[dict[str, Any], list[Any]]:
    """Drive, break and check; return the figures and everything that was found."""
    begun = time.monotonic()
    with TemporaryDirectory() as kept, breakable() as (town, ways, has_disk):
        os.environ |= {"TEMPORAL_ADDRESS": town.temporal.address, "TEMPORAL_NAMESPACE": town.temporal.namespace}
        chance = random.Random(wanted.seed)  # noqa: S311 - It must be the same again.
        breaker = Breaker(town, ways["store"], ways["temporal"], chance, has_disk, wanted.hold)
        ledger = Ledger(Path(kept) / "ledger.jsonl")  # Not on the disk that is filled.
        with Progress(console=console) as progress:
            await _driven_and_broken(wanted, town, breaker, ledger, progress)
        console.print("Everything was answered; comparing what is there.")
        store = store_of(town)
        evidence = await gathered(town.postgres.url, await reader(town, store), ledger.entries)
        await store.close()
        found = findings(evidence, datetime.now(UTC))
    figures: dict[str, Any] = {
        "courses": len(evidence),
        "open_courses": sum(known.row["status"] != "completed" for known in evidence),
        "kills": breaker.kills,
        "faults": dict(sorted(breaker.done.items())),
        "commands_acknowledged": len({(entry.course, entry.key) for entry in ledger.done}),
        "answers": len(ledger.entries),
        **counted(found),
        "seed": wanted.seed,
        "seconds": round(time.monotonic() - begun),
        "disk_could_be_filled": has_disk,
    }
    return figures, found


async def _driven_and_broken(wanted: Wanted, town: Town, breaker: Breaker, ledger: Ledger, progress: Progress) -> None:
    async with AsyncExitStack() as stack:
        clients = {name: await stack.enter_async_context(speaker(town, name)) for name in PEOPLE}
        answered = progress.add_task("commands answered", total=None)
        lived = progress.add_task("courses driven", total=wanted.courses)
        chance = random.Random(wanted.seed + 1)  # noqa: S311 - It must be the same again.
        driver = Driver(clients, ledger, chance, lambda: progress.advance(answered))
        turn = asyncio.Semaphore(_AT_ONCE)

        async def one(number: int) -> None:
            async with turn:
                await driver.drive(f"chaos-{number}", to_the_end=number % _OPEN != 0)
            progress.advance(lived)

        driving = asyncio.gather(*(one(number) for number in range(wanted.courses)))
        await _break(driving, breaker, wanted)
        await driving


async def _break(driving: "asyncio.Future[Any]", breaker: Breaker, wanted: Wanted) -> None:
    """Break everything once, take the store away, and go on breaking until all courses are driven."""
    for does in _plan(breaker, wanted):
        if driving.done() and breaker.done["store away"]:
            return
        await asyncio.to_thread(does)
        await asyncio.wait([driving], timeout=breaker.chance.uniform(0, wanted.pause))


def _plan(breaker: Breaker, wanted: Wanted) -> Iterator[Any]:
    yield breaker.each_once
    yield lambda: breaker.store_away(wanted.away)
    while True:
        yield breaker.one


def main() -> None:
    """Run, print the figures, write them to a file, and name what was found."""
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("--courses", type=int, default=500, help="how many courses are driven")
    parser.add_argument("--seed", type=int, default=1, help="repeats what is broken in which order")
    parser.add_argument("--away", type=float, default=600.0, help="how many seconds the store is away once")
    parser.add_argument("--pause", type=float, default=6.0, help="how many seconds are at most between two faults")
    parser.add_argument("--hold", type=float, default=5.0, help="how many seconds a full disk and a slow way last")
    parser.add_argument("--to", type=Path, default=Path("var/chaos.json"), help="where the figures are written")
    asked = parser.parse_args()
    console = Console()
    wanted = Wanted(asked.courses, asked.seed, asked.away, asked.pause, asked.hold)
    figures, found = asyncio.run(run(wanted, console))
    for finding in found:
        console.print(f"{finding.kind}: course {finding.course}: {finding.what}", style="red")
    console.print_json(data=figures)
    asked.to.parent.mkdir(parents=True, exist_ok=True)
    asked.to.write_text(json.dumps(figures, indent=2) + "\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
