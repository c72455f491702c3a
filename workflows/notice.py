"""One notice on its way outward: wait for working hours, attempt, back off, and report an unreachable recipient."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from workflows import options, ports
from workflows.messages import Attempt, Delivery, NoticeOrder


@workflow.defn(name="Notice")
class NoticeWorkflow:
    """Delivers one notice once; every attempt bears the notice's own identity (P7)."""

    @workflow.run
    async def run(self, order: NoticeOrder) -> None:
        """Attempt until the notice is delivered or moot, or until its time is over."""
        give_up_at = workflow.now() + options.NOTICE_WITHIN
        pause = options.NOTICE_AT_FIRST
        is_reached = False
        while workflow.now() < give_up_at:
            delivery = await self._attempt(order)
            is_reached = is_reached or (delivery is not None and delivery.is_delivered)
            if delivery is None or delivery.is_owed:
                await workflow.sleep(pause)
                pause = min(pause * 2, options.NOTICE_AT_MOST)
            elif delivery.again_at is None:
                return
            else:
                closed = max(delivery.again_at - workflow.now(), timedelta())
                await workflow.sleep(closed)
                give_up_at += closed
        if is_reached:
            return
        await workflow.execute_activity(
            ports.report_unreachable, order, start_to_close_timeout=options.ATTEMPT_WITHIN, summary="unreachable"
        )

    async def _attempt(self, order: NoticeOrder) -> Delivery | None:
        """Return the result of one attempt, or None when the channel did not take the notice."""
        try:
            return await workflow.execute_local_activity(
                ports.deliver,
                Attempt(order=order, now=workflow.now()),
                start_to_close_timeout=options.ATTEMPT_WITHIN,
                retry_policy=options.ONCE,
            )
        except (ActivityError, ApplicationError):
            return None
