"""What may go wrong beside a workflow, as a test wants it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from domain.errors import Code


@dataclass
class Attempts(Interceptor):
    """Lets a test stop or fail the next attempts to apply a command, and wait until one has begun."""

    failing: int = 0
    is_retried: bool = True
    is_open: asyncio.Event = field(default_factory=asyncio.Event)
    has_begun: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Let every attempt pass at first."""
        self.is_open.set()

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's name
        """Stand before every activity of a worker."""
        attempts = self

        class Inbound(ActivityInboundInterceptor):
            async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
                if activity.info().activity_type == "apply":
                    await attempts.before()
                return await super().execute_activity(input)

        return Inbound(next)

    def stop(self) -> None:
        """Stop every attempt from now on."""
        self.is_open.clear()
        self.has_begun.clear()

    def fail(self, times: int, *, is_retried: bool = True) -> None:
        """Let the next attempts fail as when the store is away."""
        self.failing = times
        self.is_retried = is_retried
        self.has_begun.clear()

    async def before(self) -> None:
        """Note that an attempt has begun, let it wait, and fail it when it shall fail."""
        self.has_begun.set()
        await self.is_open.wait()
        if self.failing:
            self.failing -= 1
            raise ApplicationError("store away", type=Code.STORE_AWAY, non_retryable=not self.is_retried)
