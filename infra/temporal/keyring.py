"""Data keys: one per course, wrapped by the master key; destroy a course's row and nobody can read it.

A data key is never logged, shown or stored unwrapped (P10).
"""

import os
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SHARED: Final = "shared"
"""The id of the key of everything that belongs to no single course."""

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
_SECONDS_KEPT: Final = 300.0
_KEYS_KEPT: Final = 10_000


class KeyGoneError(Exception):
    """The key has been erased: what it encrypted cannot be read again by anybody."""

    code = "key-gone"


class KeyMissingError(Exception):
    """There is no such key, or this master key does not open it; that may change, so try again."""

    code = "key-missing"


class Keyring(Protocol):
    """Where data keys come from."""

    async def key(self, key_id: str) -> bytes:
        """Return the 32 bytes of a data key; raises KeyGoneError or KeyMissingError."""
        ...


@dataclass(frozen=True)
class WrappedKey:
    """A data key as it is stored: sealed by the master key, or erased with nothing left but its id."""

    key_id: str
    master_key_id: str
    wrapped: bytes = field(repr=False)
    erased: bool = False


def new_wrapped_key(master_key: bytes, master_key_id: str, key_id: str) -> WrappedKey:
    """Return a new random data key, sealed so that it opens under its own id only."""
    nonce = os.urandom(NONCE_BYTES)
    data_key = AESGCM.generate_key(KEY_BYTES * 8)
    return WrappedKey(key_id, master_key_id, nonce + AESGCM(master_key).encrypt(nonce, data_key, key_id.encode()))


def unwrap(master_key: bytes, master_key_id: str, key: WrappedKey) -> bytes:
    """Return the data key; raises KeyGoneError when erased, KeyMissingError when it does not open."""
    if key.erased:
        raise KeyGoneError(f"The key {key.key_id} has been erased.")
    if key.master_key_id != master_key_id:
        raise KeyMissingError(f"The key {key.key_id} is wrapped by the master key {key.master_key_id}.")
    nonce, sealed = key.wrapped[:NONCE_BYTES], key.wrapped[NONCE_BYTES:]
    try:
        return AESGCM(master_key).decrypt(nonce, sealed, key.key_id.encode())
    except (InvalidTag, ValueError):
        raise KeyMissingError(f"The key {key.key_id} does not open with this master key.") from None


class StoreKeyring:
    """Fetches wrapped keys from the store and keeps them unwrapped in memory for five minutes at most.

    A process that has a key in memory can therefore read an erased course for five minutes more.
    """

    def __init__(
        self,
        fetch: Callable[[str], Awaitable[WrappedKey | None]],
        master_key: bytes,
        master_key_id: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the seconds that pass from `monotonic`."""
        self._fetch = fetch
        self._master_key = master_key
        self._master_key_id = master_key_id
        self._monotonic = monotonic
        self._shared = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"fodslag/shared").derive(master_key)
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    async def key(self, key_id: str) -> bytes:
        if key_id == SHARED:
            return self._shared
        kept = self._kept.get(key_id)
        if kept is not None and self._monotonic() < kept[0]:
            self._kept.move_to_end(key_id)
            return kept[1]
        self._kept.pop(key_id, None)
        fetched = await self._fetch(key_id)
        if fetched is None:
            raise KeyMissingError(f"There is no key {key_id}.")
        return self._keep(key_id, unwrap(self._master_key, self._master_key_id, fetched))

    def _keep(self, key_id: str, key: bytes) -> bytes:
        self._kept[key_id] = (self._monotonic() + _SECONDS_KEPT, key)
        self._kept.move_to_end(key_id)
        if len(self._kept) > _KEYS_KEPT:
            self._kept.popitem(last=False)
        return key
