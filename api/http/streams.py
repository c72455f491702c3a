"""The open streams of this process: few for each caller, and all ended when the server stops."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

MOST_OF_A_CALLER: Final = 4


class TooManyError(Exception):
    """The caller has the highest number of streams open already."""


class Streams:
    """Knows how many streams each caller has open, and whether they are to go on."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._ending = asyncio.Event()

    @contextmanager
    def one_of(self, caller: str) -> Iterator[None]:
        """Count a stream of `caller` for as long as it is open; raises TooManyError."""
        if self._open[caller] >= MOST_OF_A_CALLER:
            raise TooManyError
        self._open[caller] += 1
        try:
            yield
        finally:
            self._open[caller] -= 1
            self._open += Counter()  # Forgets who has none.

    async def go_on(self, seconds: float) -> bool:
        """Wait so long, or until streams are to end; return whether they go on."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)
        return not self._ending.is_set()

    def end(self) -> None:
        """Let every stream end as soon as it has sent what it holds."""
        self._ending.set()
