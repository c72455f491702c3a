"""Encrypts every payload that Temporal stores, with a key per course: to erase the key is to erase the course.

Encoding takes the course from the workflow id; decoding needs only the payload's own metadata.
"""

import asyncio
import os
import zlib
from collections.abc import Sequence
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
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
"""The type of the error raised for payloads of an erased course; it is not retried."""

_ENCRYPTED: Final = b"binary/encrypted"
_COURSE: Final = "course/"
_COMPRESSION: Final = "compression"
_ZLIB: Final = b"zlib"
_FASTEST: Final = 1
_COMPRESSED_FROM: Final = 256
"""The number of bytes from which compression makes a payload shorter."""


class UnreadablePayloadError(Exception):
    """An encrypted payload that does not decrypt: it, its nonce or its key id has been changed."""

    code = "payload-unreadable"


class EncryptionCodec(PayloadCodec, WithSerializationContext):
    """AES-256-GCM with a random nonce, bound to the id of its key.

    Payloads of a workflow `course/<id>` take the course's key; all others, and headers, take the shared one.
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
        return [self._encrypted(cipher, payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt with one look-up per key; what is not encrypted by this codec is returned as it is.

        Raises ApplicationError `course-erased` when a key is gone, UnreadablePayloadError when none fits.
        """
        key_ids = sorted({_key_id_in(payload) for payload in payloads if _is_encrypted(payload)})
        keys = await asyncio.gather(*(self._key(key_id) for key_id in key_ids))
        ciphers = {key_id: AESGCM(key) for key_id, key in zip(key_ids, keys, strict=True)}
        return [_decrypted(ciphers[_key_id_in(p)], p) if _is_encrypted(p) else p for p in payloads]

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


def _is_encrypted(payload: Payload) -> bool:
    return payload.metadata.get("encoding") == _ENCRYPTED


def _key_id_in(payload: Payload) -> str:
    return payload.metadata["key-id"].decode()


def _decrypted(cipher: AESGCM, payload: Payload) -> Payload:
    nonce, encrypted = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
    try:
        written = cipher.decrypt(nonce, encrypted, payload.metadata["key-id"])
        return Payload.FromString(zlib.decompress(written) if _COMPRESSION in payload.metadata else written)
    except (InvalidTag, ValueError, zlib.error):
        raise UnreadablePayloadError("The payload has been changed, or its key has.") from None
