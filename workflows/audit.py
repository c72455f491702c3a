"""The nightly audit: drops texts that were staged and never adopted by a command (P10)."""

from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleRange,
    ScheduleSpec,
)

from domain.calendar import DANISH_TIME
from workflows import options, ports
from workflows.messages import COURIER_QUEUE

SCHEDULE: Final = "audit"
EVERY_NIGHT: Final = ScheduleSpec(
    calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(3)], minute=[ScheduleRange(15)])],
    time_zone_name=DANISH_TIME.key,
    jitter=timedelta(minutes=10),
)


@workflow.defn(name="Audit")
class AuditWorkflow:
    """Runs each night, started by a schedule in Temporal."""

    @workflow.run
    async def run(self) -> int:
        """Drop staged texts and return how many."""
        return await workflow.execute_activity(ports.sweep, workflow.now(), start_to_close_timeout=options.SWEEP_WITHIN)


async def schedule_audit(client: Client) -> None:
    """Create the nightly schedule unless it exists; any number of workers may call this."""
    action = ScheduleActionStartWorkflow("Audit", id="audit/nightly", task_queue=COURIER_QUEUE)
    try:
        await client.create_schedule(SCHEDULE, Schedule(action=action, spec=EVERY_NIGHT))
    except ScheduleAlreadyRunningError:
        return
