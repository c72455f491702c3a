import json
import traceback
from collections.abc import Sequence
from uuid import UUID

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.converter import (
    ActivitySerializationContext,
    DataConverter,
    NexusSerializationContext,
    SerializationContext,
    WorkflowSerializationContext,
)
from temporalio.exceptions import ApplicationError

from domain.identity import Actor, Role, course_workflow_id
from infra.temporal.codec import COURSE_ERASED, EncryptionCodec
from infra.temporal.converter import data_converter
from infra.temporal.keyring import SHARED, KeyMissingError
from tests.infra.static_keyring import StaticKeyring

COURSE = UUID("6d0f4c0e-0f0d-5a1a-9c59-000000000001")
OTHER = UUID("6d0f4c0e-0f0d-5a1a-9c59-000000000002")
CANARY = "kanariefugl"


def workflow(workflow_id: str) -> WorkflowSerializationContext:
    return WorkflowSerializationContext(namespace="default", workflow_id=workflow_id)


def activity(workflow_id: str | None, *, is_local: bool = False) -> ActivitySerializationContext:
    return ActivitySerializationContext(
        namespace="default",
        activity_id="1",
        activity_type="apply",
        activity_task_queue="fodslag",
        workflow_id=workflow_id,
        workflow_type="Course",
        is_local=is_local,
    )


def converter(keyring: StaticKeyring, context: SerializationContext) -> DataConverter:
    return data_converter(keyring).with_context(context)


def of_course(keyring: StaticKeyring, course: UUID = COURSE) -> DataConverter:
    return converter(keyring, workflow(course_workflow_id(course)))


async def test_a_model_comes_back_as_it_went_in_and_is_unreadable_on_the_way() -> None:
    both_ways = of_course(StaticKeyring())
    actor = Actor(person=CANARY, roles=(Role.CASEWORKER,))

    payloads = await both_ways.encode([actor, None, "æøå", 7])

    assert all(CANARY.encode() not in payload.SerializeToString() for payload in payloads)
    assert {payload.metadata["encoding"] for payload in payloads} == {b"binary/encrypted"}
    assert await both_ways.decode(payloads, [Actor, type(None), str, int]) == [actor, None, "æøå", 7]


async def test_equal_values_never_look_equal() -> None:
    payloads = await of_course(StaticKeyring()).encode(["same", "same"])

    assert payloads[0].data != payloads[1].data


@pytest.mark.parametrize(
    ("context", "key_id"),
    [
        (workflow(course_workflow_id(COURSE)), str(COURSE)),
        (workflow(course_workflow_id(OTHER)), str(OTHER)),
        (activity(course_workflow_id(COURSE)), str(COURSE)),
        (activity(course_workflow_id(COURSE), is_local=True), str(COURSE)),
        (workflow("courier"), SHARED),
        (workflow("audit/2026"), SHARED),
        (activity(None), SHARED),
        (NexusSerializationContext(endpoint="e", service="s", operation="o"), SHARED),
    ],
)
async def test_a_courses_payloads_have_its_own_key_and_all_others_the_shared_one(
    context: SerializationContext, key_id: str
) -> None:
    keyring = StaticKeyring()

    payloads = await converter(keyring, context).encode(["x"])

    assert payloads[0].metadata["key-id"] == key_id.encode()
    assert keyring.looked_up == [key_id]


async def test_without_a_context_the_shared_key_is_used() -> None:
    keyring = StaticKeyring()

    await data_converter(keyring).encode(["x"])

    assert keyring.looked_up == [SHARED]


async def test_another_courses_payload_is_refused_though_its_key_is_there() -> None:
    keyring = StaticKeyring()
    payloads = await of_course(keyring).encode(["x"])

    for context in (workflow(course_workflow_id(OTHER)), activity(course_workflow_id(OTHER)), workflow("audit/2026")):
        await refused(converter(keyring, context), payloads)
    await refused(data_converter(keyring), payloads)


async def test_a_course_reads_the_headers_that_clients_seal_with_the_shared_key() -> None:
    keyring = StaticKeyring()
    payloads = await data_converter(keyring).encode(["x"])

    assert await of_course(keyring).decode(payloads) == ["x"]


async def test_many_payloads_cost_one_look_up_per_key() -> None:
    keyring = StaticKeyring()
    mine = await of_course(keyring).encode(list(range(50)))
    shared = await data_converter(keyring).encode(list(range(50)))
    assert keyring.looked_up == [str(COURSE), SHARED]
    keyring.looked_up.clear()

    assert await of_course(keyring).decode([*mine, *shared]) == [*range(50), *range(50)]
    assert sorted(keyring.looked_up) == [str(COURSE), SHARED]


async def test_what_is_not_sealed_is_refused_beside_what_is() -> None:
    keyring = StaticKeyring()
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b'"plain"')
    strange = Payload(metadata={"encoding": b"binary/other", "key-id": str(COURSE).encode()}, data=b"?")

    sealed = await of_course(keyring).encode(["sealed"])
    decoded = await EncryptionCodec(keyring, str(COURSE)).decode([plain, *sealed, strange])

    assert [payload.data for payload in decoded] == [b"", b'"sealed"', b""]
    for payload in (plain, strange):
        await refused(of_course(keyring), [payload])


async def test_what_a_workflow_says_of_itself_is_read_without_a_key_and_taken_from_nobody() -> None:
    keyring = StaticKeyring()

    payloads = await of_course(keyring).encode([WorkflowMetadata(current_details="**trial**"), CANARY])

    assert b"**trial**" in payloads[0].data
    assert payloads[1].metadata["encoding"] == b"binary/encrypted"
    await refused(of_course(keyring), payloads[:1])


@pytest.mark.parametrize("at", [0, 12, -1])
async def test_a_changed_byte_is_refused(at: int) -> None:
    keyring = StaticKeyring()
    payload = (await of_course(keyring).encode(["x"]))[0]
    changed = bytearray(payload.data)
    changed[at] ^= 1

    await refused(of_course(keyring), [Payload(metadata=payload.metadata, data=bytes(changed))])


@pytest.mark.parametrize("length", [0, 5, 12, 20])
async def test_a_payload_cut_short_is_refused(length: int) -> None:
    keyring = StaticKeyring()
    payload = (await of_course(keyring).encode(["x"]))[0]

    await refused(of_course(keyring), [Payload(metadata=payload.metadata, data=payload.data[:length])])


async def test_the_key_id_is_sealed_with_the_payload_even_where_two_ids_have_one_key() -> None:
    class OneKey(StaticKeyring):
        async def key(self, key_id: str) -> bytes:
            return await super().key(key_id and "one")

    keyring = OneKey()
    payload = (await of_course(keyring).encode(["x"]))[0]
    payload.metadata["key-id"] = str(OTHER).encode()

    await refused(of_course(keyring, OTHER), [payload])


async def refused(reader: DataConverter, payloads: Sequence[Payload]) -> None:
    """See that the payloads decode to what no converter reads, without an error of the codec."""
    assert reader.payload_codec is not None
    decoded = await reader.payload_codec.decode(payloads)
    with pytest.raises(KeyError, match="binary/refused"):
        reader.payload_converter.from_payloads(decoded)


async def test_an_erased_courses_payloads_give_an_error_that_is_not_retried() -> None:
    keyring = StaticKeyring()
    both_ways = of_course(keyring)
    payloads = await both_ways.encode(["x"])
    keyring.erased.add(str(COURSE))

    await refused(both_ways, payloads)
    with pytest.raises(ApplicationError) as encoding:
        await both_ways.encode(["y"])

    assert encoding.value.type == COURSE_ERASED
    assert encoding.value.non_retryable


async def test_erasing_one_course_leaves_the_others_readable() -> None:
    keyring = StaticKeyring()
    theirs = await of_course(keyring, OTHER).encode(["x"])

    keyring.erased.add(str(COURSE))

    assert await of_course(keyring, OTHER).decode(theirs) == ["x"]


async def test_a_key_that_is_missing_for_now_is_an_error_that_is_retried() -> None:
    class Empty(StaticKeyring):
        async def key(self, key_id: str) -> bytes:
            raise KeyMissingError(key_id)

    with pytest.raises(KeyMissingError):
        await of_course(Empty()).encode(["x"])


async def test_an_errors_words_stack_details_and_causes_are_encrypted_and_come_back() -> None:
    both_ways = of_course(StaticKeyring())
    raised = failing()
    assert CANARY in "".join(traceback.format_exception(raised))
    failure = Failure()

    await both_ways.encode_failure(raised, failure)

    stored = failure.SerializeToString()
    assert CANARY.encode() not in stored
    assert b"failing" not in stored, "the stack trace names the function"
    back = await both_ways.decode_failure(failure)
    assert isinstance(back, ApplicationError)
    assert (back.message, back.details, str(back.__cause__)) == (
        f"outer {CANARY}",
        (CANARY,),
        f"ValueError: invalid literal for int() with base 10: '{CANARY}'",
    )


async def test_the_encrypted_payload_is_readable_by_any_codec_server_that_has_the_key() -> None:
    payload = (await of_course(StaticKeyring()).encode([{"a": 1}]))[0]

    decoded = await EncryptionCodec(StaticKeyring(), str(COURSE)).decode([payload])

    assert decoded[0].metadata["encoding"] == b"json/plain"
    assert json.loads(decoded[0].data) == {"a": 1}


def failing() -> ApplicationError:
    try:
        int(CANARY)
    except ValueError as inner:
        outer = ApplicationError(f"outer {CANARY}", CANARY)
        outer.__cause__ = inner
        return outer
    raise AssertionError("A bird is no number.")


async def test_a_long_payload_is_compressed_before_it_is_encrypted() -> None:
    both_ways = of_course(StaticKeyring())
    sentences = ["the same again and again"] * 100

    (payload,) = await both_ways.encode([sentences])

    assert payload.metadata["compression"] == b"zlib"
    assert len(payload.data) < len(json.dumps(sentences)) / 10
    assert await both_ways.decode([payload]) == [sentences]


async def test_a_short_payload_is_not_compressed() -> None:
    both_ways = of_course(StaticKeyring())

    (payload,) = await both_ways.encode(["x"])

    assert "compression" not in payload.metadata
    assert await both_ways.decode([payload]) == ["x"]


def test_a_data_converter_is_made_once_per_course_and_the_pydantic_converter_once_per_process() -> None:
    root = data_converter(StaticKeyring())
    of_workflow = root.with_context(workflow(course_workflow_id(COURSE)))
    of_activity = root.with_context(activity(course_workflow_id(COURSE)))
    of_another = root.with_context(workflow(course_workflow_id(OTHER)))

    assert of_workflow is of_activity
    assert of_another is not of_workflow
    assert pydantic_converter(of_another) is pydantic_converter(of_workflow)
    assert pydantic_converter(data_converter(StaticKeyring())) is pydantic_converter(root)


def pydantic_converter(converter: DataConverter) -> object:
    """Return what a converter makes JSON with."""
    return converter.payload_converter_class().converters[b"json/plain"]  # type: ignore[attr-defined]
