"""Renews, minute by minute, the courses whose waits a changed calendar moves (P5, P6)."""

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleSpec,
)

from workflows import options, ports
from workflows.messages import COURIER_QUEUE

RENEWALS: Final = "renewals"
EVERY_MINUTE: Final = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(minutes=1))])


@workflow.defn(name="Renewal")
class RenewalWorkflow:
    """Runs each minute, unless the one before still runs; started by a schedule in Temporal."""

    @workflow.run
    async def run(self) -> int:
        """Renew courses and return how many."""
        return await workflow.execute_activity(
            ports.renew_courses, start_to_close_timeout=options.RENEW_WITHIN, retry_policy=options.ONCE
        )


async def schedule_renewals(client: Client) -> None:
    """Create the schedule unless it exists; any number of workers may call this."""
    action = ScheduleActionStartWorkflow("Renewal", id="renewal/each-minute", task_queue=COURIER_QUEUE)
    try:
        await client.create_schedule(RENEWALS, Schedule(action=action, spec=EVERY_MINUTE))
    except ScheduleAlreadyRunningError:
        return
