"""Watches whether Temporal answers and a worker polls, so that reads can be marked with their age while it is away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from infra.clock import Clock

_TIMEOUT: Final = timedelta(seconds=2)
_POLLED_WITHIN: Final = timedelta(seconds=90)
"""A worker polls once a minute at least; Temporal lists a poller for longer than that after it has gone."""


class Probe:
    """Asks Temporal every `interval` who polls `queue`; its properties answer from the last time it asked."""

    def __init__(self, client: Client, queue: str, clock: Clock, interval: timedelta) -> None:
        self._client = client
        self._queue = queue
        self._clock = clock
        self._interval = interval
        self._last_answer: datetime = clock.now()
        self._is_away = False
        self._polled_at: datetime | None = None

    @property
    def away_since(self) -> datetime | None:
        """Return when Temporal last answered, or None while it does."""
        return self._last_answer if self._is_away else None

    @property
    def has_worker(self) -> bool:
        """Whether a worker had polled the queue shortly before the last time the probe asked."""
        polled = self._polled_at
        return not self._is_away and polled is not None and self._clock.now() - polled < _POLLED_WITHIN

    async def ask(self) -> None:
        """Ask Temporal now who polls the queue."""
        request = DescribeTaskQueueRequest(
            namespace=self._client.namespace,
            task_queue=TaskQueue(name=self._queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        try:
            described = await self._client.workflow_service.describe_task_queue(request, timeout=_TIMEOUT)
        except (RPCError, RuntimeError):  # A lazy client that cannot connect raises RuntimeError.
            self._is_away = True
            return
        self._is_away = False
        self._last_answer = self._clock.now()
        polls = [poller.last_access_time.ToDatetime(UTC) for poller in described.pollers]
        self._polled_at = max(polls, default=None)

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """Ask every `interval` in the background."""
        task = asyncio.create_task(self._ask_for_ever())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _ask_for_ever(self) -> None:
        while True:
            await self.ask()
            await asyncio.sleep(self._interval.total_seconds())
