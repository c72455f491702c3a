"""What the workflows once did they do again, command by command, and arrive at the same course."""

from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner

from infra.temporal.converter import data_converter
from standalone.postgres import PostgresServer
from standalone.temporal import TemporalServer
from tests.replay.courses import SCENARIOS, long
from tests.replay.record import record
from tests.replay.replay import NAMES, InstanceWatcher, recorded, replay
from tests.stores import Stores
from tests.workflows.sandbox import sandboxed_runner
from tests.workflows.vocabulary import Stack, keyring_of
from workflows import options


@pytest.mark.parametrize("name", NAMES)
async def test_a_recorded_history_is_replayed_command_by_command(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = recorded(name)
    monkeypatch.setattr(options, "EVENTS_PER_RUN", recording.events_per_run)

    await replay(recording, sandboxed_runner())


@pytest.mark.parametrize("name", [name for name in NAMES if recorded(name).final is not None])
async def test_a_replayed_course_stands_where_it_stood(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = recorded(name)
    monkeypatch.setattr(options, "EVENTS_PER_RUN", recording.events_per_run)
    watcher = InstanceWatcher()

    # Outside the sandbox, so that the workflow's own object can be looked at.
    await replay(recording, UnsandboxedWorkflowRunner(), watcher)

    assert watcher.replayed.course() == recording.final


def test_every_scenario_has_a_recorded_history() -> None:
    assert {scenario.__name__ for scenario in SCENARIOS} <= set(NAMES)


async def test_what_is_recorded_today_can_be_replayed_too(
    postgres: PostgresServer, temporal_server: TemporalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = Stores.of(postgres)
    client = await Client.connect(temporal_server.address, data_converter=data_converter(keyring_of(stores.worker)))
    stack = Stack(stores, client, tmp_path)

    recording = await record(stack, long)
    monkeypatch.setattr(options, "EVENTS_PER_RUN", recording.events_per_run)
    await replay(recording, sandboxed_runner())
    await stores.close()

    assert recording.final is not None
