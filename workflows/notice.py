"""One notice on its way outward: wait for working hours, attempt, back off, and say when nobody can be reached."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from workflows import options, ports
from workflows.messages import Attempt, Delivery, NoticeOrder


@workflow.defn(name="Notice")
class NoticeWorkflow:
    """Delivers one notice once; every attempt bears the notice's own identity (P7)."""

    @workflow.run
    async def run(self, order: NoticeOrder) -> None:
        """Attempt until delivered, moot, or out of patience."""
        give_up_at = workflow.now() + options.NOTICE_PATIENCE
        pause = options.NOTICE_AT_FIRST
        while workflow.now() < give_up_at:
            delivery = await self._attempt(order)
            if delivery is not None and delivery.again_at is None:
                return
            if delivery is not None and delivery.again_at is not None:
                waited = max(delivery.again_at - workflow.now(), timedelta())
                await workflow.sleep(waited)
                give_up_at += waited
                continue
            await workflow.sleep(pause)
            pause = min(pause * 2, options.NOTICE_AT_MOST)
        await workflow.execute_activity(
            ports.report_unreachable, order, start_to_close_timeout=options.ATTEMPT_WITHIN, summary="unreachable"
        )

    async def _attempt(self, order: NoticeOrder) -> Delivery | None:
        """Return what came of one attempt, or None when the channel did not take it."""
        try:
            return await workflow.execute_activity(
                ports.deliver,
                Attempt(order=order, now=workflow.now()),
                start_to_close_timeout=options.ATTEMPT_WITHIN,
                retry_policy=options.ONCE,
                summary="deliver",
            )
        except ActivityError:
            return None
