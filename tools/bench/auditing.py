"""What looking ahead costs the auditor: `python -m tools.bench.auditing` fills a store by SQL and audits it.

It looks ahead of every copy of a course as an audit does, beside a clock that tells how long the loop was kept waiting.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from rich.console import Console

from activities.audit.foresight import Foresight
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.store.engine import Store, create_engine
from infra.store.logins import Login
from infra.store.queries import audit
from tools.bench.scale import filled
from tools.town.town import MUNICIPALITY, Town

_TICK: Final = 0.001
_FIVE_MINUTES: Final = timedelta(minutes=5)


@asynccontextmanager
async def kept_waiting() -> AsyncIterator[list[float]]:
    """Yield the seconds by which a task that wants to run every millisecond came too late, filled until the end."""
    late: list[float] = []

    async def tick() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(_TICK)
            late.append(time.perf_counter() - begun - _TICK)

    ticking = asyncio.create_task(tick())
    yield late
    ticking.cancel()


async def measured(town: Town, console: Console) -> None:
    """Look ahead of the courses of one audit, and then of a bounded number at once, and print what that took."""
    store, folder = Store(create_engine(town.postgres.url(Login.WORKER), Login.WORKER)), town.settings.var
    foresight = Foresight(store, Rulebooks(store, folder / "rules"), Calendars(store, folder / "calendars"))
    now = datetime.now(UTC)
    async with store.municipality(MUNICIPALITY) as connection:
        one_audit = await audit.to_foresee(connection, now - _FIVE_MINUTES, now)
        most = await audit.to_foresee(connection, now - timedelta(hours=23), now)
    for name, ids in (("those whose turn is in five minutes", one_audit), ("the most of one audit", most)):
        begun, used = time.perf_counter(), time.process_time()
        async with kept_waiting() as late:
            await foresight.rungs_to_nobody(MUNICIPALITY, ids, now)
        took, cpu = time.perf_counter() - begun, time.process_time() - used
        late.sort()
        console.print(f"{name}: {len(ids)} courses, {took:.2f} s, {cpu:.2f} s of a processor")
        console.print(
            f"  99 times of 100 the loop was kept waiting for at most {1000 * late[len(late) * 99 // 100]:.1f} ms"
        )
    await store.close()


def main() -> None:
    """Fill a store, look ahead, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.auditing", description=__doc__)
    parser.add_argument("--courses", type=int, default=20_000, help="how many courses the store has")
    wanted = parser.parse_args()
    console = Console()
    with filled(wanted.courses, console) as (town, _):
        town.worker.stop()
        asyncio.run(measured(town, console))


if __name__ == "__main__":
    main()
