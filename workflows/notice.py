"""One notice on its way outward: wait for working hours, attempt, back off, and say when nobody can be reached."""

from datetime import timedelta
from typing import Final, TypedDict

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from workflows import options, ports
from workflows.messages import Attempt, Delivery, NoticeOrder

_BESIDE: Final = "attempts-beside-the-workflow"
"""Attempts run beside the workflow, half the work for Temporal; notices that were under way go on as they began."""


class _Once(TypedDict):
    start_to_close_timeout: timedelta
    retry_policy: RetryPolicy


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
        attempt = Attempt(order=order, now=workflow.now())
        once: _Once = {"start_to_close_timeout": options.ATTEMPT_WITHIN, "retry_policy": options.ONCE}
        try:
            if workflow.patched(_BESIDE):
                return await workflow.execute_local_activity(ports.deliver, attempt, **once)
            return await workflow.execute_activity(ports.deliver, attempt, **once)
        except (ActivityError, ApplicationError):
            return None
