"""Deliver one notice outward, within working hours, once: a repeat bears the same identity (P4, P7)."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import uuid4

from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError

from activities.channels import Channel, ChannelAwayError, Message
from domain.calendar import Span, TimeUnit
from domain.commands import ReportUnreachable
from domain.identity import ENGINE_ACTOR, command_id, notice_workflow_id
from infra.documents.calendars import Calendars
from infra.store.courses import deliveries
from infra.store.courses.deliveries import DeliveryAttempt, Outcome
from infra.store.engine import Store
from infra.store.queries import notices
from infra.store.rows import NoticeRow
from infra.telemetry.metrics import DELIVERIES
from workflows.mailbox import CourseAwayError, send
from workflows.messages import NOTICE_QUEUE, Attempt, CourseInput, Delivery, NoticeOrder

_OPEN_NOW: Final = Span(amount=0, unit=TimeUnit.WORKING_HOURS)
_START_WITHIN: Final = timedelta(seconds=1)
_MOOT: Final = Delivery()


class NoticeDelivery:
    """The activity `deliver`: one attempt on every outward channel that has not the notice yet, each by itself."""

    def __init__(self, store: Store, calendars: Calendars, channels: Sequence[Channel]) -> None:
        self._store = store
        self._calendars = calendars
        self._channels = channels

    @activity.defn(name="deliver")
    async def deliver(self, attempt: Attempt) -> Delivery:
        """Attempt a delivery; raises as `workflows.ports.deliver` says."""
        order = attempt.order
        async with self._store.municipality(order.municipality) as connection:
            row = await notices.due(connection, order.notice)
            if row is None:
                return _MOOT
            done = await deliveries.handed_over(connection, order.notice)
            owed = [channel for channel in self._channels if channel.name not in done]
            if not owed:
                return _MOOT
            calendar = await self._calendars.in_force(connection)
            opening = calendar.after(max(attempt.now, row.queued_at), _OPEN_NOW, person=order.recipient.name)
            if opening > attempt.now:
                return Delivery(again_at=opening)
        carrying = (self._carry(channel, row, attempt) for channel in owed)
        failures = [failure for failure in await asyncio.gather(*carrying, return_exceptions=True) if failure]
        if len(failures) == len(self._channels):
            raise failures[0]
        return Delivery(is_delivered=True, is_owed=bool(failures))

    async def _carry(self, channel: Channel, row: NoticeRow, attempt: Attempt) -> None:
        """Record that an attempt begins, send the message, and record the outcome, so that every attempt is counted.

        An attempt that runs again after a crash is a new one, because the first may have arrived.
        """
        delivery_attempt = DeliveryAttempt(notice=row.notice_id, channel=channel.name, attempt=uuid4(), at=attempt.now)
        await self._record(attempt, delivery_attempt, Outcome.BEGUN)
        message = Message(
            notice=row.notice_id,
            municipality=attempt.order.municipality,
            recipient=str(row.address),
            about=row.about,
            course=row.course_id,
        )
        try:
            is_delivered = await channel.carry(message)
        except ChannelAwayError as error:
            await self._record_outcome(attempt, delivery_attempt, Outcome.REFUSED)
            raise ApplicationError("channel away", type=error.code) from error
        await self._record_outcome(attempt, delivery_attempt, Outcome.DELIVERED if is_delivered else Outcome.SENT)

    async def _record_outcome(self, attempt: Attempt, delivery_attempt: DeliveryAttempt, outcome: Outcome) -> None:
        counter = activity.metric_meter().create_counter(DELIVERIES, "Attempts to carry a notice outward.")
        counter.add(1, {"channel": delivery_attempt.channel, "outcome": outcome})
        await self._record(attempt, delivery_attempt, outcome)

    async def _record(self, attempt: Attempt, delivery_attempt: DeliveryAttempt, outcome: Outcome) -> None:
        async with self._store.municipality(attempt.order.municipality) as connection:
            await deliveries.record_attempt(connection, delivery_attempt, outcome)


class NoticeStarter:
    """The activities that start notices and report to the course that nobody could be reached."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @activity.defn(name="start_notices")
    async def start_notices(self, orders: list[NoticeOrder]) -> None:
        """Start notices that could not be started before; raises as `workflows.ports.start_notices` says."""
        if await self.start(orders):
            raise ApplicationError("notices not started", type="temporal-away")

    async def start(self, orders: Sequence[NoticeOrder]) -> tuple[NoticeOrder, ...]:
        """Start one Notice workflow per order, and return the orders that could not be started (P7)."""
        are_started = await asyncio.gather(*(self._is_started(order) for order in orders))
        return tuple(order for order, is_started in zip(orders, are_started, strict=True) if not is_started)

    async def _is_started(self, order: NoticeOrder) -> bool:
        """Start a notice unless it was started before; return whether it is started."""
        try:
            await self._client.start_workflow(
                "Notice",
                order,
                id=notice_workflow_id(order.notice),
                task_queue=NOTICE_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                request_eager_start=True,
                rpc_timeout=_START_WITHIN,
            )
        except WorkflowAlreadyStartedError:
            return True
        except RPCError:
            return False
        return True

    @activity.defn(name="report_unreachable")
    async def report_unreachable(self, order: NoticeOrder) -> None:
        """Send the course the command; a repeat is the same command."""
        command = ReportUnreachable(
            id=command_id(order.course, f"unreachable/{order.notice}"),
            actor=ENGINE_ACTOR,
            notice=order.notice,
            recipient=order.recipient,
        )
        try:
            await send(self._client, CourseInput(course=order.course, municipality=order.municipality), command)
        except CourseAwayError as error:
            raise ApplicationError("course away", type="course-away") from error
