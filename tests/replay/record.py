"""Records the histories that every later version must be able to replay: `python -m tests.replay.record`.

They are recorded from made-up courses on real servers, decrypted, and without names of machines.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.client import Client, WorkflowHandle, WorkflowHistory

from domain.model import Model
from domain.state.course import CourseState
from infra.temporal.codec import EncryptionCodec
from infra.temporal.converter import data_converter
from standalone.postgres import PostgresServer
from standalone.temporal import TemporalServer
from tests.replay.courses import SCENARIOS, Scenario
from tests.stores import Stores
from tests.workflows.vocabulary import Stack, keyring_of
from tools.town.ports import free_port
from workflows.messages import COURSE_QUERY, CourseInput

HISTORIES: Final = Path(__file__).parent / "histories"


class Recording(Model):
    """One run of a workflow: its history, and the course's state at its end (None for what is not a course).

    `purpose` says which paths it covers, `events_per_run` at which length it had to continue as new.
    """

    purpose: str
    workflow_id: str
    events_per_run: int
    final: CourseState | None
    history: dict[str, Any]


async def record(stack: Stack, scenario: Scenario) -> Recording:
    """Play a scenario and return the history that Temporal has of it."""
    run = await scenario(stack)
    handle = stack.client.get_workflow_handle(run.workflow_id, run_id=run.run_id)
    history = await handle.fetch_history()
    events = history.events
    await _decrypt(stack, list(_payloads_in(events)))
    for event in events:
        _forget_machines(event)
    final = await _final(stack, handle, history) if run.workflow_id.startswith("course/") else None
    return Recording(
        purpose=scenario.__doc__ or "",
        workflow_id=run.workflow_id,
        events_per_run=run.events_per_run,
        final=final,
        history=history.to_json_dict(),
    )


def _payloads_in(part: Any) -> Iterator[Payload]:
    """Yield every payload anywhere in a message, in a list or in a map."""
    if isinstance(part, Payload):
        yield part
    elif isinstance(part, Message):
        for _, value in part.ListFields():
            yield from _payloads_in(value)
    elif hasattr(part, "values"):
        yield from (payload for value in part.values() for payload in _payloads_in(value))
    elif not isinstance(part, str | bytes | int | float):
        yield from (payload for value in part for payload in _payloads_in(value))


async def _decrypt(stack: Stack, payloads: list[Payload]) -> None:
    codec = EncryptionCodec(keyring_of(stack.store))
    for payload in payloads:
        if payload.metadata.get("encoding") == b"binary/encrypted":
            (decrypted,) = await codec.with_key(payload.metadata["key-id"].decode()).decode([payload])
            payload.CopyFrom(decrypted)


def _forget_machines(part: Message) -> None:
    """Clear every name of a process or a machine."""
    if isinstance(part, TaskQueue) and part.normal_name:  # The queue of one worker has the name of its machine.
        part.name = part.normal_name
    for field, value in part.ListFields():
        if field.name in {"identity", "binary_checksum", "worker_version"}:
            part.ClearField(field.name)
        elif isinstance(value, Message):
            _forget_machines(value)


async def _final(stack: Stack, handle: WorkflowHandle[Any, Any], history: WorkflowHistory) -> CourseState | None:
    """Return the state at the end of a run: the input of the next run, or the answer of its query."""
    last = history.events[-1]
    if last.HasField("workflow_execution_continued_as_new_event_attributes"):
        payload = last.workflow_execution_continued_as_new_event_attributes.input.payloads[0]
        return CourseInput.model_validate_json(payload.data).state
    async with stack.working():
        final: CourseState = await handle.query(COURSE_QUERY, result_type=CourseState)
    return final


def _one_line_per_event(recording: Recording) -> str:
    """Return JSON in which each event is a line, so that a difference is short."""
    head = recording.model_dump(mode="json", exclude={"history"})
    lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
    events = ",\n".join(json.dumps(event) for event in recording.history["events"])
    return "{" + ",\n".join(lines) + ',\n"history": {"events": [\n' + events + "\n]}}\n"


@asynccontextmanager
async def _stack() -> AsyncIterator[Stack]:
    """Start servers of its own."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        postgres = PostgresServer(place / "postgres", free_port())
        temporal = TemporalServer(None, free_port(), time_skipping=True, log=place / "temporal.log")
        try:
            postgres.start()
            temporal.start()
            postgres.migrate()
            stores = Stores.of(postgres)
            client = await Client.connect(temporal.address, data_converter=data_converter(keyring_of(stores.worker)))
            yield Stack(stores, client, place / "cache")
            await stores.close()
        finally:
            temporal.kill()
            postgres.stop()


async def _record_all() -> None:
    async with _stack() as stack:
        for scenario in SCENARIOS:
            recording = await record(stack, scenario)
            (HISTORIES / f"{scenario.__name__}.json").write_text(_one_line_per_event(recording))


if __name__ == "__main__":
    asyncio.run(_record_all())
