"""The courier: one workflow that carries every notice outward, in whichever worker has its activity."""

from typing import Final

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from workflows import options, ports
from workflows.messages import COURIER_QUEUE

COURIER: Final = "courier"
"""The id of the one workflow."""


@workflow.defn(name="Courier")
class CourierWorkflow:
    """Holds one activity that serves until its turn is over; when its worker dies, another worker goes on."""

    @workflow.run
    async def run(self) -> None:
        """Let one turn be served, and continue as new."""
        await workflow.execute_activity(
            ports.carry_notices,
            start_to_close_timeout=options.TURN_WITHIN,
            heartbeat_timeout=options.TURN_SILENT_FOR,
            retry_policy=options.TURN_RETRY,
        )
        workflow.continue_as_new()


async def start_courier(client: Client) -> None:
    """Start the courier unless it is at work; any number of workers may call this, again and again."""
    await client.start_workflow(
        "Courier",
        id=COURIER,
        task_queue=COURIER_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )
