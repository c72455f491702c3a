"""The open streams of this process: few for each caller, and all ended when the server stops."""

import asyncio
from contextlib import suppress
from typing import Final

from api.http.budgets import InFlight

MOST_OF_A_CALLER: Final = 4


class Streams:
    """Knows how many streams each caller has open, and whether they are to go on."""

    def __init__(self) -> None:
        self.open: Final = InFlight(MOST_OF_A_CALLER)
        self._ending = asyncio.Event()

    async def go_on(self, seconds: float) -> bool:
        """Wait so long, or until streams are to end; return whether they go on."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)
        return not self._ending.is_set()

    def end(self) -> None:
        """Let every stream end as soon as it has sent what it holds."""
        self._ending.set()
