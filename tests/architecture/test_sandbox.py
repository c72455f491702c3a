from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.worker import Worker

import workflows
from domain.model import Model
from standalone.temporal import TemporalServer
from tests.architecture.sandboxed_oddly import Odd
from tests.replay.replay import InstanceWatcher, recorded, replay
from tests.workflows.sandbox import PASSED_THROUGH, sandboxed_runner
from workflows import course


def models(module: dict[str, Any]) -> dict[str, int]:
    """Return the identity of every model class that a module's code can name."""
    return {name: id(value) for name, value in module.items() if isinstance(value, type) and issubclass(value, Model)}


def defines_a_workflow(module: str) -> bool:
    """Say whether a module has a class that is a workflow."""
    return any(
        isinstance(value, type) and value.__module__ == module and hasattr(value, "__temporal_workflow_definition")
        for value in vars(import_module(module)).values()
    )


async def test_a_model_inside_the_sandbox_is_the_very_same_class_as_outside() -> None:
    watcher = InstanceWatcher()

    await replay(recorded("crooked"), sandboxed_runner(), watcher)

    inside = type(watcher.replayed)
    assert inside is not course.CourseWorkflow, "the module that defines a workflow is loaded anew, in the sandbox"
    assert models(inside.run.__globals__) == models(vars(course))
    assert "Applied" in models(inside.run.__globals__)


async def test_an_import_that_nobody_meant_is_an_error(temporal_server: TemporalServer) -> None:
    client = await Client.connect(temporal_server.address)

    with pytest.raises(RuntimeError, match="Odd") as refused:
        Worker(client, task_queue="odd", workflows=[Odd], workflow_runner=sandboxed_runner())

    assert "infra" in str(refused.value.__cause__)


def test_no_module_that_defines_a_workflow_is_passed_through() -> None:
    defining = [name for _, name, _ in iter_modules(workflows.__path__, "workflows.") if defines_a_workflow(name)]

    assert set(defining) >= {"workflows.course", "workflows.courier"}
    assert not any(f"{name}.".startswith(f"{passed}.") for name in defining for passed in PASSED_THROUGH)
