"""Whether Temporal answers, so that reads can say how old they are while it does not."""

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

_PATIENCE: Final = timedelta(seconds=2)
_FAILING: Final = "WorkflowType = 'Course' AND ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL"
_POLLED_WITHIN: Final = timedelta(seconds=90)
"""A worker polls anew each minute at the latest, and Temporal remembers a poller long after it has gone."""


class Probe:
    """Looks at Temporal and who polls `queue` every `interval`; between the looks it says what the last one saw."""

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
        """Say whether a worker has asked for courses lately, as the last look saw it."""
        polled = self._polled_at
        return not self._is_away and polled is not None and self._clock.now() - polled < _POLLED_WITHIN

    async def look(self) -> None:
        """Ask Temporal now who polls the courses' queue."""
        asked = DescribeTaskQueueRequest(
            namespace=self._client.namespace,
            task_queue=TaskQueue(name=self._queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        try:
            described = await self._client.workflow_service.describe_task_queue(asked, timeout=_PATIENCE)
        except (RPCError, RuntimeError):  # A lazy client that cannot connect raises RuntimeError.
            self._is_away = True
            return
        self._is_away = False
        self._last_answer = self._clock.now()
        polls = [poller.last_access_time.ToDatetime(UTC) for poller in described.pollers]
        self._polled_at = max(polls, default=None)

    async def failing(self) -> int | None:
        """Ask Temporal how many courses fail in their workflow, or return None while it is away."""
        try:
            counted = await self._client.count_workflows(_FAILING, rpc_timeout=_PATIENCE)
        except (RPCError, RuntimeError):
            return None
        return counted.count

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Look again and again in the background."""
        task = asyncio.create_task(self._look_for_ever())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _look_for_ever(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._interval.total_seconds())
