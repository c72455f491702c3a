"""The course's mailbox from outside: sends a command to the workflow, whichever run is open, and returns its answer."""

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

ANSWER_WITHIN: Final = timedelta(seconds=8)
"""How long a sender waits for an answer before CourseAwayError."""

TASK_WITHIN: Final = timedelta(seconds=3)
"""How long a worker may be silent over a task before another worker gets it.

Less than `ANSWER_WITHIN`, so that a worker that dies or stops costs the sender of a command no error.
"""

_RETRIES: Final = 5
_RUN_CLOSED: Final = "AcceptedUpdateCompletedWorkflow"


class CourseAwayError(Exception):
    """Temporal or every worker is away; the command may still be applied, so repeat it under the same identity."""


async def send(client: Client, to: CourseInput, command: Command) -> Answer:
    """Send `command` to the course and return its answer; a repeat under the same id is answered the same (P7).

    The store recognises a repeat, not Temporal, so the answer `store-away` is not repeated. A course without an open
    run (not started, closed, or lost by Temporal) gets a new run, which adopts the state of the store.
    Raises CourseAwayError when no answer came in time.
    """
    for _ in range(_RETRIES):
        try:
            answer = await _attempt(client, to, command)
        except WorkflowUpdateRPCTimeoutOrCancelledError as error:
            raise CourseAwayError from error
        except WorkflowUpdateFailedError as error:
            if getattr(error.cause, "type", None) != _RUN_CLOSED:
                raise
            continue
        if not answer.has_moved:
            return answer
    raise CourseAwayError


async def _attempt(client: Client, to: CourseInput, command: Command) -> Answer:
    """Send to the open run, or start a run when there is none."""
    try:
        return await _send_to_open_run(client, to, command)
    except RuntimeError as error:  # A client that has not yet reached Temporal says so in this way.
        raise CourseAwayError from error
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise CourseAwayError from error
    try:
        return await _send_with_start(client, to, command)
    except RPCError as error:
        raise CourseAwayError from error


async def _send_to_open_run(client: Client, to: CourseInput, command: Command) -> Answer:
    handle = client.get_workflow_handle(course_workflow_id(to.course))
    answer: Answer = await handle.execute_update(
        COMMAND_UPDATE,
        command,
        result_type=Answer,
        rpc_timeout=ANSWER_WITHIN,
    )
    return answer


async def _send_with_start(client: Client, to: CourseInput, command: Command) -> Answer:
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
        rpc_timeout=ANSWER_WITHIN,
    )
    return answer
