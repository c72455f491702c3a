"""Turns values into payloads and back: pydantic, encrypted with the course's key, error messages too (P10).

The SDK asks for a converter with every payload and with every workflow, so what is dear to make is made once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final, Self

from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    SerializationContext,
)

from infra.temporal.codec import EncryptionCodec, key_id_of
from infra.temporal.keyring import Keyring

_CONVERTERS: Final = tuple(PydanticPayloadConverter().converters.values())
"""The one pydantic converter of this process, with the type adapters it has built, and those it stands among."""

_MAX_DATA_CONVERTERS: Final = 10_000


class SharedPydanticConverter(CompositePayloadConverter):
    """A converter that costs nothing to make: all of them share the process's one pydantic converter."""

    def __init__(self) -> None:
        """Share the converters."""
        super().__init__(*_CONVERTERS)


@dataclass(frozen=True)
class CourseDataConverter(DataConverter):
    """A data converter that makes one of its kind for each data key, instead of one for each payload."""

    def with_context(self, context: SerializationContext) -> Self:
        """Return the data converter of the course that the context belongs to."""
        return self._of_key(key_id_of(context))

    @cached_property
    def _of_key(self) -> Callable[[str], Self]:
        return lru_cache(_MAX_DATA_CONVERTERS)(self._new_of_key)

    def _new_of_key(self, key_id: str) -> Self:
        codec = self.payload_codec
        return replace(self, payload_codec=codec.with_key(key_id) if isinstance(codec, EncryptionCodec) else codec)


def data_converter(keyring: Keyring) -> DataConverter:
    """Return the one data converter of all clients and workers."""
    return CourseDataConverter(
        payload_converter_class=SharedPydanticConverter,
        payload_codec=EncryptionCodec(keyring),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
