"""The last place of each municipality's feed, asked once for all streams that wait for what comes next."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from infra.store.queries.feed import Place

_READ_AT_ONCE: Final = 2


class FeedHeads:
    """Reads a head at most once in `every` seconds, however many streams ask; `turn` lets few of them read at once."""

    def __init__(
        self,
        read: Callable[[str], Awaitable[Place | None]],
        every: float,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.turn: Final = asyncio.Semaphore(_READ_AT_ONCE)
        self._read = read
        self._every = every
        self._seconds = seconds
        self._asked: dict[str, tuple[float, asyncio.Task[Place | None]]] = {}

    async def of(self, municipality: str) -> Place | None:
        """Return the last place of the municipality's feed, as it was a moment ago; raises StoreAwayError."""
        until, task = self._asked.get(municipality, (0.0, None))
        now = self._seconds()
        if task is None or (task.done() and now >= until):
            task = asyncio.ensure_future(self._read(municipality))
            self._asked[municipality] = now + self._every, task
        return await asyncio.shield(task)
