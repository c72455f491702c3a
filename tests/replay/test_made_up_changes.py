"""What a change of the workflow's commands does to running courses, shown by changes made up for the test."""

import pytest
from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

from tests.replay.replay import recorded, replay
from workflows.course import CourseWorkflow

APPLY_NEXT = CourseWorkflow._apply_next  # noqa: SLF001 - a method that is changed for the test


async def sleeps_first(course: CourseWorkflow) -> None:
    """Give a command that no history has."""
    await workflow.sleep(1)
    await APPLY_NEXT(course)


async def sleeps_first_in_new_runs(course: CourseWorkflow) -> None:
    """Give it where the run began with it."""
    if workflow.patched("made-up"):
        await workflow.sleep(1)
    await APPLY_NEXT(course)


async def test_a_changed_command_does_not_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CourseWorkflow, "_apply_next", sleeps_first)

    with pytest.raises(NondeterminismError):
        await replay(recorded("crooked"), UnsandboxedWorkflowRunner())


async def test_a_changed_command_behind_patched_replays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CourseWorkflow, "_apply_next", sleeps_first_in_new_runs)

    await replay(recorded("crooked"), UnsandboxedWorkflowRunner())
