"""The nightly look over the house: what was staged and never adopted is swept away (P10)."""

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
from workflows.messages import NOTICE_QUEUE

SCHEDULE: Final = "audit"
EVERY_NIGHT: Final = ScheduleSpec(
    calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(3)], minute=[ScheduleRange(15)])],
    time_zone_name=DANISH_TIME.key,
    jitter=timedelta(minutes=10),
)


@workflow.defn(name="Audit")
class AuditWorkflow:
    """Runs each night under a schedule of Temporal's."""

    @workflow.run
    async def run(self) -> int:
        """Sweep, and return how many staged texts were dropped."""
        return await workflow.execute_activity(ports.sweep, workflow.now(), start_to_close_timeout=options.SWEEP_WITHIN)


async def schedule_audit(client: Client) -> None:
    """Make sure that the audit runs each night; any number of workers may ask for it."""
    action = ScheduleActionStartWorkflow("Audit", id="audit/nightly", task_queue=NOTICE_QUEUE)
    try:
        await client.create_schedule(SCHEDULE, Schedule(action=action, spec=EVERY_NIGHT))
    except ScheduleAlreadyRunningError:
        return
