"""The course's clock: one durable timer, set again only when it must ring earlier, which keeps history short."""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow


class Alarm:
    """Rings no later than the earliest instant it was set to; the course may find nothing due and wait again."""

    def __init__(self) -> None:
        """Begin without a timer."""
        self._at: datetime | None = None
        self._timer: asyncio.Task[None] | None = None
        self.has_rung = False

    def set(self, at: datetime | None) -> None:
        """Ring at `at` at the latest; None sets no timer."""
        self.has_rung = False
        if at is None or (self._at is not None and self._at <= at):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._at = at
        self._timer = asyncio.create_task(self._ring(at))

    async def _ring(self, at: datetime) -> None:
        await workflow.sleep(max(timedelta(), at - workflow.now()))
        if self._at == at:
            self._at = None
            self._timer = None
            self.has_rung = True
