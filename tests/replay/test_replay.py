"""What the workflows once did they do again, command by command, and arrive at the same course."""

from pathlib import Path
from typing import Any, Final

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowRunner,
)

from infra.codec import data_converter
from infra.embedded.postgres import PostgresServer
from infra.embedded.temporal import TemporalServer
from infra.store.engine import Store, create_engine
from tests.house import House, keyring_of
from tests.replay.courses import COURSES, overtaken
from tests.replay.record import HISTORIES, Recording, record
from workflows import options
from workflows.course import CourseWorkflow
from workflows.notice import NoticeWorkflow
from workflows.sandbox import sandboxed_runner

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


@pytest.mark.parametrize("name", KEPT)
async def test_a_kept_history_is_replayed_command_by_command(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = kept(name)
    monkeypatch.setattr(options, "EVENTS_PER_RUN", recording.events_per_run)

    await replay(recording, sandboxed_runner())


@pytest.mark.parametrize("name", [name for name in KEPT if kept(name).final is not None])
async def test_a_replayed_course_stands_where_it_stood(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = kept(name)
    monkeypatch.setattr(options, "EVENTS_PER_RUN", recording.events_per_run)
    watching = Watching()

    # Outside the sandbox, so that the workflow's own object can be looked at.
    await replay(recording, UnsandboxedWorkflowRunner(), watching)

    assert watching.replayed.course() == recording.final


def test_every_shape_of_course_has_a_kept_history() -> None:
    assert {telling.__name__ for telling in COURSES} <= set(KEPT)


async def test_what_is_recorded_today_can_be_replayed_too(
    postgres: PostgresServer, temporal_server: TemporalServer, tmp_path: Path
) -> None:
    store = Store(create_engine(postgres.url))
    client = await Client.connect(temporal_server.address, data_converter=data_converter(keyring_of(store)))
    house = House(store, client, tmp_path)

    recording = await record(house, overtaken)
    await replay(recording, sandboxed_runner())
    await store.close()

    assert recording.final is not None
