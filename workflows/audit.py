"""The audit, every five minutes by a schedule of its own: what has gone asleep is found by nobody who sleeps (P5)."""

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

SCHEDULE: Final = "audit"
EVERY_FIVE_MINUTES: Final = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(minutes=5))])


@workflow.defn(name="Audit")
class AuditWorkflow:
    """Runs every five minutes, unless the one before still runs; started by a schedule in Temporal."""

    @workflow.run
    async def run(self) -> None:
        """Audit once; what fails is audited again by the next one."""
        await workflow.execute_activity(
            ports.audit,
            workflow.now(),
            start_to_close_timeout=options.AUDIT_WITHIN,
            heartbeat_timeout=options.AUDIT_SILENT_FOR,
            retry_policy=options.ONCE,
        )


async def schedule_audit(client: Client) -> None:
    """Create the schedule unless it exists, and audit at once; any number of workers may call this."""
    action = ScheduleActionStartWorkflow("Audit", id="audit/every-five-minutes", task_queue=COURIER_QUEUE)
    try:
        await client.create_schedule(
            SCHEDULE, Schedule(action=action, spec=EVERY_FIVE_MINUTES), trigger_immediately=True
        )
    except ScheduleAlreadyRunningError:
        return
