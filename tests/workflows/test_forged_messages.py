"""Whoever reaches Temporal without the keys commands no course, and stops none (P1, P7)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowUpdateInput,
    WorkflowUpdateFailedError,
)
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import PayloadCodec

from domain import commands as cmd
from domain.identity import course_workflow_id
from infra.telemetry.trace_headers import TracingCourses
from infra.temporal.client import connect
from infra.temporal.codec import EncryptionCodec
from standalone.temporal import TemporalServer
from tests.domain.vocabulary import ANNA
from tests.stores import Stores
from tests.workflows.vocabulary import RunningCourse, Stack, keyring_of
from workflows.messages import COMMAND_UPDATE, Answer

Seal = Callable[[Sequence[Payload]], Awaitable[list[Payload]]]
HEADERS = (
    Payload(metadata={"encoding": b"json/plain"}, data=b'{"traceparent": "x"}'),
    Payload(metadata={"encoding": b"binary/encrypted", "key-id": b"shared"}, data=b"too short"),
    Payload(metadata={"encoding": b"binary/encrypted"}, data=b"without the id of a key"),
    Payload(metadata={"encoding": b"binary/encrypted", "key-id": b"\xff"}, data=b"?"),
    Payload(metadata={}, data=b""),
)


class Forging(PayloadCodec):
    """Seals what is sent as a forger would, and reads no answer."""

    def __init__(self, seal: Seal) -> None:
        self.seal = seal

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return await self.seal(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return list(payloads)


class BadHeader(Interceptor):
    """Sends the header of a trace that nobody of us has sealed."""

    def __init__(self, header: Payload) -> None:
        self.header = header

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - the SDK's name
        header = self.header

        class Outbound(OutboundInterceptor):
            async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> Any:  # noqa: A002 - the SDK's name
                return await super().start_workflow_update(replace(input, headers={"_tracer-data": header}))

        return Outbound(next)


@pytest.fixture
async def stack(
    stores: Stores, temporal_server: TemporalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Stack:
    """Workers that read the headers of traces, over the product's own connection."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_server.address)
    return Stack(stores, await connect(keyring_of(stores.worker), interceptors=(TracingCourses(),)), tmp_path)


def renamed(payloads: Sequence[Payload], key_id: str) -> list[Payload]:
    return [
        Payload(metadata={**payload.metadata, "key-id": key_id.encode()}, data=payload.data) for payload in payloads
    ]


async def forged_seals(course: RunningCourse, other: RunningCourse) -> dict[str, Seal]:
    codec = EncryptionCodec(keyring_of(course.stack.store))

    async def unsealed(payloads: Sequence[Payload]) -> list[Payload]:
        return list(payloads)

    async def unknown(payloads: Sequence[Payload]) -> list[Payload]:
        return renamed(await codec.with_key(str(course.id)).encode(payloads), str(uuid4()))

    async def no_key(payloads: Sequence[Payload]) -> list[Payload]:
        return renamed(await codec.with_key(str(course.id)).encode(payloads), "no id of a course")

    async def changed(payloads: Sequence[Payload]) -> list[Payload]:
        return renamed(await codec.with_key(str(other.id)).encode(payloads), str(course.id))

    return {
        "unsealed": unsealed,
        "of another course": codec.with_key(str(other.id)).encode,
        "of an unknown key": unknown,
        "of no key": no_key,
        "under another name": changed,
    }


async def forger(course: RunningCourse, seal: Seal, *interceptors: Interceptor) -> Client:
    address = course.stack.client.service_client.config.target_host
    forging = replace(pydantic_data_converter, payload_codec=Forging(seal))
    return await Client.connect(address, data_converter=forging, interceptors=interceptors)


FORGED_HOURS = "36.123456789"
"""A number that stands in no identifier and in no instant by chance."""


def a_fact(course: RunningCourse, hours: str) -> cmd.ReportFacts:
    reported: cmd.ReportFacts = course.command(cmd.ReportFacts, ANNA, facts={"goal_paid_hours": hours})
    return reported


async def test_a_forged_command_is_refused_and_the_course_lives(stack: Stack) -> None:
    async with stack.working():
        course, other = await stack.started("mine"), await stack.started("another")
        for name, seal in (await forged_seals(course, other)).items():
            handle = (await forger(course, seal)).get_workflow_handle(course_workflow_id(course.id))

            with pytest.raises(WorkflowUpdateFailedError):
                await handle.execute_update(COMMAND_UPDATE, a_fact(course, FORGED_HOURS))

            answer = await course.send(a_fact(course, "12"))
            assert not answer.refused, name
        before = await course.state()

    assert FORGED_HOURS not in before.model_dump_json()


@pytest.mark.parametrize("count", [0, 2, 100])
async def test_a_message_with_another_number_of_commands_is_refused_and_the_course_lives(
    stack: Stack, count: int
) -> None:
    async with stack.working():
        course = await stack.started()
        sealing = EncryptionCodec(keyring_of(stack.store)).with_key(str(course.id)).encode
        handle = (await forger(course, sealing)).get_workflow_handle(course_workflow_id(course.id))

        with pytest.raises(WorkflowUpdateFailedError):
            await handle.execute_update(
                COMMAND_UPDATE, args=[a_fact(course, FORGED_HOURS)] * count, rpc_timeout=timedelta(seconds=20)
            )

        assert not (await course.send(a_fact(course, "12"))).refused
        assert FORGED_HOURS not in (await course.state()).model_dump_json()


@pytest.mark.parametrize("header", HEADERS)
async def test_a_forged_header_is_dropped_and_the_course_lives(stack: Stack, header: Payload) -> None:
    async with stack.working():
        course = await stack.started()
        sealing = EncryptionCodec(keyring_of(stack.store)).with_key(str(course.id)).encode
        handle = (await forger(course, sealing, BadHeader(header))).get_workflow_handle(course_workflow_id(course.id))

        with pytest.raises(KeyError, match="binary/encrypted"):  # The forger cannot read the answer.
            await handle.execute_update(COMMAND_UPDATE, a_fact(course, "11"), result_type=Answer)

        assert not (await course.send(a_fact(course, "12"))).refused
