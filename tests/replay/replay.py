"""Replays a recorded history and keeps the workflow's object to look at."""

from typing import Any, Final

from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowRunner,
)

from tests.replay.record import HISTORIES, Recording
from workflows.audit import AuditWorkflow
from workflows.courier import CourierWorkflow
from workflows.course import CourseWorkflow
from workflows.renewal import RenewalWorkflow

NAMES: Final = sorted(path.stem for path in HISTORIES.glob("*.json"))


def recorded(name: str) -> Recording:
    """Return a recording from the folder of histories."""
    return Recording.model_validate_json((HISTORIES / f"{name}.json").read_text())


class InstanceWatcher(Interceptor):
    """Holds the workflow's object that was replayed."""

    replayed: Any = None

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002, ARG002 - the SDK's name
        watcher = self

        class Inbound(WorkflowInboundInterceptor):
            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 - the SDK's name
                watcher.replayed = workflow.instance()
                return await super().execute_workflow(input)

        return Inbound


async def replay(recording: Recording, runner: WorkflowRunner, *interceptors: Interceptor) -> None:
    """Replay a recording; raises when the code gives other commands than history has."""
    replayer = Replayer(
        workflows=[CourseWorkflow, CourierWorkflow, AuditWorkflow, RenewalWorkflow],
        workflow_runner=runner,
        data_converter=pydantic_data_converter,
        interceptors=interceptors,
    )
    await replayer.replay_workflow(WorkflowHistory.from_json(recording.workflow_id, recording.history))
