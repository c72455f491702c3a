"""Replaying a kept history, and looking at the workflow that comes of it."""

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
from workflows.course import CourseWorkflow
from workflows.notice import NoticeWorkflow

KEPT: Final = sorted(path.stem for path in HISTORIES.glob("*.json"))


def kept(name: str) -> Recording:
    """Return a kept recording."""
    return Recording.model_validate_json((HISTORIES / f"{name}.json").read_text())


class Watching(Interceptor):
    """Keeps hold of the workflow that was replayed, so that one may look at it afterwards."""

    replayed: Any = None

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002, ARG002 - the SDK's name
        watching = self

        class Inbound(WorkflowInboundInterceptor):
            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 - the SDK's name
                watching.replayed = workflow.instance()
                return await super().execute_workflow(input)

        return Inbound


async def replay(recording: Recording, runner: WorkflowRunner, *interceptors: Interceptor) -> None:
    """Replay a recording; raises when the code gives other commands than history holds."""
    replayer = Replayer(
        workflows=[CourseWorkflow, NoticeWorkflow],
        workflow_runner=runner,
        data_converter=pydantic_data_converter,
        interceptors=interceptors,
    )
    await replayer.replay_workflow(WorkflowHistory.from_json(recording.workflow_id, recording.history))
