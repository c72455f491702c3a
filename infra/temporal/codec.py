"""Seals every payload that Temporal stores, with a key per course: to erase the key is to erase the course.

Not sealed is what a workflow answers when Temporal's own page asks what it is: that is stored nowhere.

Both directions take the course from the workflow id, so nobody without its key commands it. Decoding never raises for
what a stranger sent: an exception would stop the course, or end it.
"""

import os
import zlib
from collections.abc import Mapping, Sequence
from typing import Final, Self

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.converter import (
    ActivitySerializationContext,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)
from temporalio.exceptions import ApplicationError

from infra.temporal.keyring import NONCE_BYTES, SHARED, KeyGoneError, Keyring

COURSE_ERASED: Final = "course-erased"
"""The type of the error raised for what would be sealed for an erased course; it is not retried."""

_ENCRYPTED: Final = b"binary/encrypted"
_REFUSED: Final = b"binary/refused"
"""The encoding of what stands in for a refused payload. No converter reads it, so an update with one is rejected."""
_ABOUT_ITSELF: Final = WorkflowMetadata.DESCRIPTOR.full_name.encode()
"""The message by which a workflow answers Temporal's page: its handlers, and the details that `workflows` wrote."""
_COURSE: Final = "course/"
_COMPRESSION: Final = "compression"
_ZLIB: Final = b"zlib"
_FASTEST: Final = 1
_COMPRESSED_FROM: Final = 256
"""The number of bytes from which compression makes a payload shorter."""
_log = structlog.get_logger(__name__)


class EncryptionCodec(PayloadCodec, WithSerializationContext):
    """AES-256-GCM with a random nonce, bound to the id of its key.

    Payloads of a workflow `course/<id>` take the course's key; all others, and a client's headers, take the shared
    one. A course reads both: nothing tells the codec that a payload is a header, and none with the shared key is
    shaped as a command.
    """

    def __init__(self, keyring: Keyring, key_id: str = SHARED) -> None:
        """Encrypt with the key `key_id`."""
        self._keyring = keyring
        self._key_id = key_id

    def with_context(self, context: SerializationContext) -> Self:
        """Return the codec of the course that the context belongs to."""
        return self.with_key(key_id_of(context))

    def with_key(self, key_id: str) -> Self:
        """Return a codec that encrypts with the key `key_id`."""
        return type(self)(self._keyring, key_id)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt with one look-up of the key; raises ApplicationError `course-erased` when it is gone."""
        cipher = AESGCM(await self._key(self._key_id))
        return [payload if _is_about_itself(payload) else self._encrypted(cipher, payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt what this workflow's key, or the shared one, has sealed; all else is refused in its place.

        Raises KeyMissingError or StoreAwayError while this workflow's own key cannot be had, so that it is tried again.
        """
        key_ids = {self._key_id, SHARED} & {_key_id_in(payload) for payload in payloads}
        ciphers = {key_id: await self._cipher(key_id) for key_id in sorted(key_ids)}
        return [self._opened(ciphers, payload) for payload in payloads]

    async def _cipher(self, key_id: str) -> AESGCM | None:
        try:
            return AESGCM(await self._keyring.key(key_id))
        except KeyGoneError:
            return None

    def _opened(self, ciphers: Mapping[str, AESGCM | None], payload: Payload) -> Payload:
        key_id = _key_id_in(payload)
        if payload.metadata.get("encoding") != _ENCRYPTED or key_id not in ciphers:
            return self._refused("It is not sealed for this workflow.")
        cipher = ciphers[key_id]
        if cipher is None:
            return self._refused("The course has been erased.")
        try:
            return _decrypted(cipher, payload)
        except (InvalidTag, ValueError, DecodeError, zlib.error):
            return self._refused("It has been changed, or its key has.")

    def _refused(self, reason: str) -> Payload:
        _log.warning("payload-refused", key=self._key_id, reason=reason)
        return Payload(metadata={"encoding": _REFUSED})

    async def _key(self, key_id: str) -> bytes:
        try:
            return await self._keyring.key(key_id)
        except KeyGoneError:
            # A retry would fail for ever: an erased key never comes back.
            raise ApplicationError("The course has been erased.", type=COURSE_ERASED, non_retryable=True) from None

    def _encrypted(self, cipher: AESGCM, payload: Payload) -> Payload:
        key_id = self._key_id.encode()
        nonce = os.urandom(NONCE_BYTES)
        metadata = {"encoding": _ENCRYPTED, "key-id": key_id}
        written = payload.SerializeToString()
        if len(written) >= _COMPRESSED_FROM:
            written = zlib.compress(written, _FASTEST)
            metadata[_COMPRESSION] = _ZLIB
        return Payload(metadata=metadata, data=nonce + cipher.encrypt(nonce, written, key_id))


def key_id_of(context: SerializationContext) -> str:
    """Return the id of the key for a context: the course's own, or the shared one outside any course."""
    if not isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
        return SHARED
    workflow_id = context.workflow_id or ""
    return workflow_id.removeprefix(_COURSE) if workflow_id.startswith(_COURSE) else SHARED


def _is_about_itself(payload: Payload) -> bool:
    return payload.metadata.get("messageType") == _ABOUT_ITSELF


def _key_id_in(payload: Payload) -> str:
    return payload.metadata.get("key-id", b"").decode(errors="replace")


def _decrypted(cipher: AESGCM, payload: Payload) -> Payload:
    nonce, encrypted = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
    written = cipher.decrypt(nonce, encrypted, payload.metadata["key-id"])
    return Payload.FromString(zlib.decompress(written) if _COMPRESSION in payload.metadata else written)
