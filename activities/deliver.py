"""Deliver one notice outward, within working hours, once: a repeat bears the same identity (P4, P7)."""

from collections.abc import Sequence
from typing import Final

from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from activities.channels import Channel, ChannelAwayError, Message
from domain.commands import ReportUnreachable
from domain.identity import ENGINE_ACTOR, command_id, notice_workflow_id
from domain.waiting import Span, TimeUnit
from infra.calendars import Calendars
from infra.metrics import DELIVERIES
from infra.store import deliveries
from infra.store.engine import Store
from infra.store.rows import NoticeRow
from workflows.mailbox import CourseAwayError, send
from workflows.messages import NOTICE_QUEUE, Attempt, CourseInput, Delivery, NoticeOrder

_OPEN_NOW: Final = Span(amount=0, unit=TimeUnit.WORKING_HOURS)
_MOOT: Final = Delivery(moot=True)


class Delivering:
    """The activity `deliver`: one attempt on every outward channel."""

    def __init__(self, store: Store, calendars: Calendars, channels: Sequence[Channel]) -> None:
        """Take where notices stand, when people work, and the ways outward."""
        self._store = store
        self._calendars = calendars
        self._channels = channels

    @activity.defn(name="deliver")
    async def deliver(self, attempt: Attempt) -> Delivery:
        """Attempt a delivery; see `workflows.ports.deliver` for what it raises."""
        order = attempt.order
        async with self._store.municipality(order.municipality) as connection:
            row = await deliveries.due(connection, order.notice)
            calendar = await self._calendars.in_force(connection)
        if row is None or row.delivered_at is not None:
            return _MOOT
        person = order.recipient.removeprefix("person/")
        opening = calendar.after(attempt.now, _OPEN_NOW, person=person)
        if opening > attempt.now:
            return Delivery(again_at=opening)
        for channel in self._channels:
            await self._carry(channel, row, attempt)
        return Delivery(delivered=True)

    async def _carry(self, channel: Channel, row: NoticeRow, attempt: Attempt) -> None:
        """Write down that an attempt begins, carry, and write down what came of it; so no attempt is uncounted."""
        await self._note(channel, attempt, "begun")
        message = Message(
            notice=row.notice_id,
            municipality=attempt.order.municipality,
            recipient=row.recipient,
            about=row.about,
            course=row.course_id,
        )
        try:
            is_delivered = await channel.carry(message)
        except ChannelAwayError as error:
            await self._came_of(channel, attempt, "refused")
            raise ApplicationError("channel away", type=error.code) from error
        await self._came_of(channel, attempt, "delivered" if is_delivered else "sent")

    async def _came_of(self, channel: Channel, attempt: Attempt, outcome: str) -> None:
        counter = activity.metric_meter().create_counter(DELIVERIES, "Attempts to carry a notice outward.")
        counter.add(1, {"channel": channel.name, "outcome": outcome})
        await self._note(channel, attempt, outcome)

    async def _note(self, channel: Channel, attempt: Attempt, outcome: str) -> None:
        info = activity.info()
        name = f"{info.workflow_run_id}/{info.activity_id}"
        async with self._store.municipality(attempt.order.municipality) as connection:
            notice = attempt.order.notice
            await deliveries.record_attempt(connection, notice, channel.name, name, attempt.now, outcome)
            if outcome in {"sent", "delivered"}:
                await deliveries.mark_sent(connection, notice, attempt.now)
            if outcome == "delivered":
                await deliveries.mark_delivered(connection, notice, attempt.now)


class Announcing:
    """The activities that begin a notice and tell its course when nobody could be reached."""

    def __init__(self, client: Client) -> None:
        """Take the way to Temporal."""
        self._client = client

    @activity.defn(name="start_notices")
    async def start_notices(self, orders: list[NoticeOrder]) -> None:
        """Start one Notice workflow per order; one that was ever started is left alone (P7)."""
        for order in orders:
            await self._start(order)

    async def _start(self, order: NoticeOrder) -> None:
        try:
            await self._client.start_workflow(
                "Notice",
                order,
                id=notice_workflow_id(order.notice),
                task_queue=NOTICE_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary="Fodslag notice",
            )
        except WorkflowAlreadyStartedError:
            return

    @activity.defn(name="report_unreachable")
    async def report_unreachable(self, order: NoticeOrder) -> None:
        """Tell the course; a repeat is the same command."""
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
