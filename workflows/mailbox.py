"""The way into a course: send a command to its workflow and wait for the answer, whatever run is alive."""

from datetime import timedelta
from typing import Final

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from domain.commands import Command
from domain.identity import course_workflow_id
from workflows.messages import COMMAND_UPDATE, COURSE_QUEUE, Answer, CourseInput

PATIENCE: Final = timedelta(seconds=8)
"""How long a sender waits for an answer before the course counts as away."""

TASK_WITHIN: Final = timedelta(seconds=3)
"""How long a worker may be silent over a task before another gets it.

Less than `PATIENCE`, so that the sender of a command does not hear of a worker that dies or stops over it.
"""

_RETRIES: Final = 5
_CLOSED_UNDER_WAY: Final = "AcceptedUpdateCompletedWorkflow"


class CourseAwayError(Exception):
    """Temporal or every worker is away; the command may still be applied, so repeat it under the same identity."""


async def send(client: Client, to: CourseInput, command: Command) -> Answer:
    """Send `command` to the course and return its answer; a repeat under the same id is answered the same (P7).

    The repeat is recognised by the store and not by Temporal, so an answer that said "away" is not given again.
    A course without a living run (not begun, closed, or lost by Temporal) is begun again and adopts what the
    store holds. Raises CourseAwayError when no answer came in time.
    """
    for _ in range(_RETRIES):
        try:
            answer = await _attempt(client, to, command)
        except WorkflowUpdateRPCTimeoutOrCancelledError as error:
            raise CourseAwayError from error
        except WorkflowUpdateFailedError as error:
            if getattr(error.cause, "type", None) != _CLOSED_UNDER_WAY:
                raise
            continue
        if not answer.moved:
            return answer
    raise CourseAwayError


async def _attempt(client: Client, to: CourseInput, command: Command) -> Answer:
    """Try the living run first, and begin one when there is none."""
    try:
        return await _to_living(client, to, command)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise CourseAwayError from error
    try:
        return await _to_new(client, to, command)
    except RPCError as error:
        raise CourseAwayError from error


async def _to_living(client: Client, to: CourseInput, command: Command) -> Answer:
    handle = client.get_workflow_handle(course_workflow_id(to.course))
    answer: Answer = await handle.execute_update(
        COMMAND_UPDATE,
        command,
        result_type=Answer,
        rpc_timeout=PATIENCE,
    )
    return answer


async def _to_new(client: Client, to: CourseInput, command: Command) -> Answer:
    start: WithStartWorkflowOperation[object, object] = WithStartWorkflowOperation(
        "Course",
        to,
        id=course_workflow_id(to.course),
        task_queue=COURSE_QUEUE,
        task_timeout=TASK_WITHIN,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )
    answer: Answer = await client.execute_update_with_start_workflow(
        COMMAND_UPDATE,
        command,
        start_workflow_operation=start,
        result_type=Answer,
        rpc_timeout=PATIENCE,
    )
    return answer
