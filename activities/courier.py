"""The courier's turn: it carries what is due on each channel, to each webhook and to courses, until it is over."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final

from temporalio import activity
from temporalio.client import Client

from activities import bulk
from activities.beat import beat
from activities.bulk import BulkRunner
from activities.carry import Courier
from activities.webhooks import sender
from activities.webhooks.sender import WebhookSender
from domain.commands import ReportUnreachable
from domain.identity import ENGINE_ACTOR, command_id
from infra.clock import Clock
from infra.store.courses.errands import WAKE
from infra.store.engine import Store
from infra.store.errors import StoreAwayError
from infra.store.rows import NoticeRow
from workflows.mailbox import send
from workflows.messages import CourseInput

TURN: Final = timedelta(hours=1)
"""How long one activity serves, so that its workflow's history stays short and its time is bounded."""

_LOOK: Final = timedelta(seconds=15)
"""How long the courier sleeps at most: a word of PostgreSQL's may be lost with its connection."""

_TOGETHER: Final = timedelta(milliseconds=250)
"""How long a new errand waits for others, so that those of many courses are looked at together."""

_AWAY: Final = timedelta(seconds=1)


class UnreachableReport:
    """Tells a course by a command that nobody could be reached with a notice; a repeat is the same command (P7)."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def __call__(self, municipality: str, row: NoticeRow) -> None:
        """Send the command; raises CourseAwayError. Of an absence no course can be told."""
        if row.course_id is None:
            return
        cause = f"unreachable/{row.notice_id}"
        command = ReportUnreachable(
            id=command_id(row.course_id, cause), actor=ENGINE_ACTOR, notice=row.notice_id, recipient=row.address
        )
        await send(self._client, CourseInput(course=row.course_id, municipality=municipality), command)


class CourierTurn:
    """The activity `carry_notices`."""

    def __init__(
        self, courier: Courier, webhooks: WebhookSender, bulk_runner: BulkRunner, store: Store, clock: Clock
    ) -> None:
        self._courier = courier
        self._webhooks = webhooks
        self._bulk = bulk_runner
        self._store = store
        self._clock = clock

    @activity.defn(name="carry_notices")
    async def carry_notices(self) -> None:
        """Serve every channel until the worker stops or the turn is over; as `workflows.ports.carry_notices` says."""
        wakes = {channel: asyncio.Event() for channel in self._courier.channels}
        stopping = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            beside = [group.create_task(beat()), group.create_task(self._listen(wakes))]
            serving = [group.create_task(self._serve(name, wake, stopping)) for name, wake in wakes.items()]
            serving.append(group.create_task(self._serve_webhooks(group, stopping)))
            serving.append(group.create_task(self._serve_bulk_acts(stopping)))
            with suppress(TimeoutError):
                async with asyncio.timeout(TURN.total_seconds()):
                    await activity.wait_for_worker_shutdown()
            stopping.set()
            _wake(wakes)
            await asyncio.wait(serving)
            for task in beside:
                task.cancel()

    async def _serve(self, channel: str, wake: asyncio.Event, stopping: asyncio.Event) -> None:
        """Carry over one channel as long as anything is due; then sleep until there may be something again."""
        while not stopping.is_set():
            wake.clear()
            try:
                if await self._courier.carry_over(channel, self._clock.now()):
                    continue
                due = await self._courier.next_due(channel)
            except StoreAwayError:
                due = self._clock.now() + _AWAY
            sleep = min(due - self._clock.now(), _LOOK) if due else _LOOK
            with suppress(TimeoutError):
                async with asyncio.timeout(max(sleep, timedelta()).total_seconds()):
                    await wake.wait()
            if wake.is_set() and not stopping.is_set():
                await asyncio.sleep(_TOGETHER.total_seconds())

    async def _serve_webhooks(self, group: asyncio.TaskGroup, stopping: asyncio.Event) -> None:
        """Give each webhook that is due a turn of its own, and wait for none before the next is given one."""
        turns: set[asyncio.Task[None]] = set()
        while not stopping.is_set():
            now = self._clock.now()
            with suppress(StoreAwayError):
                for claim in await self._webhooks.claim(now):
                    turn = group.create_task(self._webhooks.serve(claim, now, lambda: not stopping.is_set()))
                    turns.add(turn)
                    turn.add_done_callback(turns.discard)
            with suppress(TimeoutError):
                async with asyncio.timeout(sender.LOOK.total_seconds()):
                    await stopping.wait()

    async def _serve_bulk_acts(self, stopping: asyncio.Event) -> None:
        """Carry bulk acts out as long as anything of them is due; then look again and again."""
        while not stopping.is_set():
            with suppress(StoreAwayError):
                if await self._bulk.carry(self._clock.now()):
                    continue
            with suppress(TimeoutError):
                async with asyncio.timeout(bulk.LOOK.total_seconds()):
                    await stopping.wait()

    async def _listen(self, wakes: Mapping[str, asyncio.Event]) -> None:
        """Wake every channel when an errand is added, and whenever one has begun to listen: it may have missed some."""
        while True:
            with suppress(StoreAwayError):
                await self._store.listen(WAKE, lambda: _wake(wakes))
            await asyncio.sleep(_AWAY.total_seconds())


def _wake(wakes: Mapping[str, asyncio.Event]) -> None:
    for wake in wakes.values():
        wake.set()
