"""One run: courses are driven while everything is broken, all comes to rest, and everything is compared."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Final
from uuid import uuid4

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools.chaos.breaking import Breaker
from tools.chaos.checking import SILENT_AUDITOR, Finding, counted, findings
from tools.chaos.driving import Driver
from tools.chaos.events import owed, repeated
from tools.chaos.evidence import Evidence
from tools.chaos.gathering import are_events_owed, gathered, overdue
from tools.chaos.ledger import Ledger
from tools.chaos.lives import LIVES
from tools.chaos.outside import URL
from tools.chaos.system import PEOPLE, UNIT, Broken, breakable

_RESTING: Final = 420.0
"""How long all may take to come to rest, in seconds: who met the store away looks again within five minutes."""
_AUDITED_WITHIN: Final = 120.0
"""How long an audit may take to be told of, in seconds: one of a killed worker counts as running for a minute."""
_BETWEEN_AUDITS: Final = 3.0
_LOOK: Final = 0.5
_LOOKS: Final = 2
_BETWEEN_LOOKS: Final = 10.0
_PATIENCE: Final = 900.0
"""How much longer than the store is away a client insists, in seconds."""
_COLUMNS: Final = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
_ALWAYS_OPEN: Final = {
    "office_hours": {str(day): {"opens": "00:00", "closes": "23:59"} for day in range(1, 8)},
    "longest_postponement": 0,
}
"""Notices go out at whatever hour the run is."""


@dataclass(frozen=True)
class Wanted:
    """How much is done; times are in seconds.

    There are so many `pairs` of API and worker. `only` names what is broken, everything when it names nothing;
    courses are driven until all of it was, once, and when `is_once` nothing is broken then.
    """

    courses: int
    seed: int
    at_once: int
    away: float
    longest: float
    pause: float
    pairs: int = 2
    only: tuple[str, ...] = ()
    is_once: bool = False
    events_within: float = 420.0
    """How long the last events may take to arrive; what a killed worker had claimed is due two minutes later."""


async def run(wanted: Wanted, ledger: Ledger, console: Console) -> tuple[dict[str, Any], list[Finding]]:
    """Drive, break, rest and check; return the figures and everything that was found."""
    begun = time.monotonic()
    with breakable(wanted.pairs) as broken:
        breaker = Breaker(broken, _chance(wanted, "breaker"), wanted.longest, wanted.only)
        await _driven_and_broken(wanted, broken, breaker, ledger, console)
        driven = time.monotonic()
        console.print("Everything was answered; coming to rest.")
        await asyncio.to_thread(_rest, broken.url, wanted.events_within)
        is_audited = await _is_audited(broken)
        console.print("Comparing what is there.")
        evidence, all_findings = await _compared(broken, ledger)
        audits = broken.outside.heartbeats
        if not is_audited:
            all_findings.append(Finding(SILENT_AUDITOR, "", "no complete audit was told of"))
        can_be_filled = broken.disk.can_be_filled
    figures: dict[str, Any] = {
        **_totals(evidence, ledger),
        "audits": audits,
        "kills": breaker.kills,
        **counted(all_findings),
        "faults": dict(sorted(breaker.done.items())),
        "fell_by_themselves": dict(breaker.fallen),
        "disk_could_be_filled": can_be_filled,
        "store_away_seconds": wanted.away,
        "seed": wanted.seed,
        "seconds_driven": round(driven - begun),
        "seconds": round(time.monotonic() - begun),
    }
    return figures, all_findings


def _chance(wanted: Wanted, whose: str) -> random.Random:
    """Return what decides; each has his own, so that a seed gives each the same whoever is quicker."""
    return random.Random(f"{wanted.seed}/{whose}")  # noqa: S311 - It must be the same again.


async def _driven_and_broken(
    wanted: Wanted, broken: Broken, breaker: Breaker, ledger: Ledger, console: Console
) -> None:
    async with AsyncExitStack() as stack:
        clients = {person: await stack.enter_async_context(broken.speaker(person)) for person in PEOPLE}
        progress = stack.enter_context(Progress(*_COLUMNS, console=console, transient=not console.is_terminal))
        answered = progress.add_task("commands answered", total=None)
        lived = progress.add_task("courses driven", total=wanted.courses)
        await _opened(clients, broken.addresses[0])
        driver = Driver(clients, broken.addresses, ledger, lambda: progress.advance(answered), wanted.away + _PATIENCE)
        numbers = count()

        async def go_on() -> None:
            while (number := next(numbers)) < wanted.courses or not breaker.has_done_everything:
                reference = f"chaos-{number}"
                await driver.drive(reference, LIVES[number % len(LIVES)], _chance(wanted, reference))
                progress.advance(lived)

        driving = asyncio.gather(*(go_on() for _ in range(wanted.at_once)))
        for does in _plan(breaker, wanted):
            await asyncio.to_thread(does)
            await asyncio.wait([driving], timeout=breaker.chance.uniform(0, wanted.pause))
            if driving.done():
                break
        await driving


def _plan(breaker: Breaker, wanted: Wanted) -> Iterator[Callable[[], None]]:
    """Yield what is broken: everything once in an order of the seed, the long absence in its midst, then by chance."""
    once = breaker.chance.sample(sorted(breaker.faults), len(breaker.faults))
    for name in once[: len(once) // 2]:
        yield partial(breaker.break_one, name)
    yield partial(breaker.take_store_away, wanted.away)
    for name in once[len(once) // 2 :]:
        yield partial(breaker.break_one, name)
    while not wanted.is_once:
        yield breaker.break_any


async def _opened(clients: Mapping[str, httpx.AsyncClient], address: str) -> None:
    """Let the offices be open at any hour, everybody be known, and a system be told, before anything is broken."""
    supervisor, system = clients["sara"], clients["case-system"]
    for person, role in PEOPLE.items():
        if role != "system":
            entry = {"name": person.title(), "roles": [role], "unit": UNIT}
            (await supervisor.put(f"{address}/v1/people/{person}", json=entry)).raise_for_status()
    (await supervisor.put(f"{address}/v1/calendar", json=_ALWAYS_OPEN)).raise_for_status()
    (await system.put(f"{address}/v1/webhooks/{uuid4()}", json={"url": URL, "after": None})).raise_for_status()


def _rest(url: str, events_within: float) -> None:
    """Return when every course has woken whose time has come, and the system outside knows all of it.

    The checker names those courses that never wake, and events that never come.
    """
    deadline = time.monotonic() + _RESTING
    while time.monotonic() < deadline and overdue(url):
        time.sleep(_LOOK)
    deadline = time.monotonic() + events_within
    while time.monotonic() < deadline and are_events_owed(url):
        time.sleep(_LOOK)


async def _is_audited(broken: Broken) -> bool:
    """Have all audited anew, and return whether the audit was told of outside."""
    store = broken.store()
    schedule = (await broken.temporal(store)).get_schedule_handle("audit")
    before, deadline = broken.outside.heartbeats, time.monotonic() + _AUDITED_WITHIN
    while broken.outside.heartbeats == before and time.monotonic() < deadline:
        await schedule.trigger()  # Nothing comes of it while one that a killed worker had still counts as running.
        await asyncio.sleep(_BETWEEN_AUDITS)
    await store.close()
    return broken.outside.heartbeats > before


async def _compared(broken: Broken, ledger: Ledger) -> tuple[list[Evidence], list[Finding]]:
    """Return all evidence, and what is wrong whenever it is looked at: a course may move while one looks."""
    store = broken.store()
    look = partial(gathered, broken.url, await broken.temporal(store), broken.cluster.var / "log", broken.outside)
    evidence = await look(ledger.requests.values())
    all_findings = findings(evidence)
    for _ in range(_LOOKS):
        if not all_findings:
            break
        await asyncio.sleep(_BETWEEN_LOOKS)
        all_findings = findings(await look(ledger.requests.values(), {finding.course for finding in all_findings}))
    await store.close()
    return evidence, all_findings


def _totals(evidence: list[Evidence], ledger: Ledger) -> dict[str, int]:
    """Return how much there was to compare."""
    requests = list(ledger.requests.values())
    return {
        "courses": len(evidence),
        "open_courses": sum(records.row["status"] != "completed" for records in evidence),
        "commands_acknowledged": sum(bool(request.revisions) for request in requests),
        "commands_refused": sum(request.is_refused for request in requests),
        "attempts": sum(request.attempts for request in requests),
        "notices": sum(len(records.notices) for records in evidence),
        "notices_sent": sum(len(sent) for records in evidence for sent in records.sent.values()),
        "events_arrived": sum(len(records.arrived) for records in evidence),
        "events_repeated": sum(map(repeated, evidence)),
        "events_owed": sum(len(owed(records)) for records in evidence),
    }
