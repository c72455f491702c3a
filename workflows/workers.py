"""The two workers of a process: one for courses with their activities, one for the courier and what is scheduled."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from workflows.audit import AuditWorkflow
from workflows.courier import CourierWorkflow
from workflows.course import CourseWorkflow
from workflows.messages import COURIER_QUEUE, COURSE_QUEUE
from workflows.renewal import RenewalWorkflow

Functions = Sequence[Callable[..., Any]]

DRAIN_WITHIN: Final = timedelta(seconds=20)
"""How long a stopping worker may finish its tasks and activities."""

STICKY_FOR: Final = timedelta(seconds=2)
"""How long the first message to a course waits for a worker that has died, before another gets it."""

MAX_WORKFLOW_TASKS: Final = 20
"""More courses replayed at once would trip the SDK's two-second deadlock detector."""


def workers(client: Client, of_courses: Functions, of_courier: Functions, **more: Any) -> tuple[Worker, Worker]:  # noqa: ANN401 - passed on to the SDK, which checks it
    """Return the worker of courses and the worker of the courier; both drain when their blocks are left.

    They run workflow code without a sandbox, because the tests run all of it in one.
    """
    shared: dict[str, Any] = {
        "workflow_runner": UnsandboxedWorkflowRunner(),
        "graceful_shutdown_timeout": DRAIN_WITHIN,
        "sticky_queue_schedule_to_start_timeout": STICKY_FOR,
        "max_concurrent_workflow_tasks": MAX_WORKFLOW_TASKS,
        **more,
    }
    courses = Worker(client, task_queue=COURSE_QUEUE, workflows=[CourseWorkflow], activities=of_courses, **shared)
    beside = [CourierWorkflow, AuditWorkflow, RenewalWorkflow]
    courier = Worker(client, task_queue=COURIER_QUEUE, workflows=beside, activities=of_courier, **shared)
    return courses, courier
