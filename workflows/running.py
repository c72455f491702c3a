"""The two workers of a process: one for courses and the activity beside them, one for notices on their way out."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from workflows.audit import AuditWorkflow
from workflows.course import CourseWorkflow
from workflows.messages import COURSE_QUEUE, NOTICE_QUEUE
from workflows.notice import NoticeWorkflow

Activities = Sequence[Callable[..., Any]]

DRAIN_WITHIN: Final = timedelta(seconds=20)
"""How long a stopping worker may finish what is under way."""

STICKY_FOR: Final = timedelta(seconds=2)
"""How long the first message to a course waits for a worker that has died."""

MAX_WORKFLOW_TASKS: Final = 20
"""More cold courses at once would trip the SDK's two-second deadlock detector."""


def workers(client: Client, of_courses: Activities, of_notices: Activities, **more: Any) -> tuple[Worker, Worker]:  # noqa: ANN401 - passed on to the SDK, which checks it
    """Return the worker of courses and the worker of notices; both drain when they are left.

    Workflow code needs no sandbox here: the tests run all of it in one.
    """
    shared: dict[str, Any] = {
        "workflow_runner": UnsandboxedWorkflowRunner(),
        "graceful_shutdown_timeout": DRAIN_WITHIN,
        "sticky_queue_schedule_to_start_timeout": STICKY_FOR,
        "max_concurrent_workflow_tasks": MAX_WORKFLOW_TASKS,
        **more,
    }
    courses = Worker(client, task_queue=COURSE_QUEUE, workflows=[CourseWorkflow], activities=of_courses, **shared)
    notices = Worker(
        client, task_queue=NOTICE_QUEUE, workflows=[NoticeWorkflow, AuditWorkflow], activities=of_notices, **shared
    )
    return courses, notices
