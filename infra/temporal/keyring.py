"""Data keys, one per course, wrapped by the master key: a course whose key is deleted cannot be read any more.

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
"""The id of the key for everything that belongs to no single course."""

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
_CACHED_SECONDS: Final = 300.0
_MAX_CACHED_KEYS: Final = 10_000


class KeyGoneError(Exception):
    """The key has been erased, so nobody can read again what it encrypted."""

    code = "key-gone"


class KeyMissingError(Exception):
    """The key does not exist, or this master key does not unwrap it; either may change, so a retry makes sense."""

    code = "key-missing"


class Keyring(Protocol):
    """A source of data keys."""

    async def key(self, key_id: str) -> bytes:
        """Return the 32 bytes of a data key; raises KeyGoneError or KeyMissingError."""
        ...


@dataclass(frozen=True)
class WrappedKey:
    """A data key as it is stored: wrapped by the master key, or erased with only its id left."""

    key_id: str
    master_key_id: str
    wrapped: bytes = field(repr=False)
    erased: bool = False


def new_wrapped_key(master_key: bytes, master_key_id: str, key_id: str) -> WrappedKey:
    """Return a new random data key, wrapped so that it can be unwrapped under its own id only."""
    nonce = os.urandom(NONCE_BYTES)
    data_key = AESGCM.generate_key(KEY_BYTES * 8)
    return WrappedKey(key_id, master_key_id, nonce + AESGCM(master_key).encrypt(nonce, data_key, key_id.encode()))


def unwrap(master_key: bytes, master_key_id: str, key: WrappedKey) -> bytes:
    """Return the data key; raises KeyGoneError when erased, KeyMissingError when this master key does not unwrap it."""
    if key.erased:
        raise KeyGoneError(f"The key {key.key_id} has been erased.")
    if key.master_key_id != master_key_id:
        raise KeyMissingError(f"The key {key.key_id} is wrapped by the master key {key.master_key_id}.")
    nonce, encrypted = key.wrapped[:NONCE_BYTES], key.wrapped[NONCE_BYTES:]
    try:
        return AESGCM(master_key).decrypt(nonce, encrypted, key.key_id.encode())
    except (InvalidTag, ValueError):
        raise KeyMissingError(f"The key {key.key_id} cannot be unwrapped with this master key.") from None


class StoreKeyring:
    """Fetches wrapped keys from the store and caches them unwrapped in memory for five minutes.

    So a process that has cached a key can read an erased course for five minutes more.
    """

    def __init__(
        self,
        fetch: Callable[[str], Awaitable[WrappedKey | None]],
        master_key: bytes,
        master_key_id: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Measure the age of a cached key by `monotonic`."""
        self._fetch = fetch
        self._master_key = master_key
        self._master_key_id = master_key_id
        self._monotonic = monotonic
        self._shared = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"fodslag/shared").derive(master_key)
        self._cache: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def new_key(self, key_id: str) -> WrappedKey:
        """Return a new random key, wrapped by the master key, for the store to keep."""
        return new_wrapped_key(self._master_key, self._master_key_id, key_id)

    async def key(self, key_id: str) -> bytes:
        if key_id == SHARED:
            return self._shared
        cached = self._cache.get(key_id)
        if cached is not None and self._monotonic() < cached[0]:
            self._cache.move_to_end(key_id)
            return cached[1]
        self._cache.pop(key_id, None)
        fetched = await self._fetch(key_id)
        if fetched is None:
            raise KeyMissingError(f"There is no key {key_id}.")
        return self._cached(key_id, unwrap(self._master_key, self._master_key_id, fetched))

    def _cached(self, key_id: str, key: bytes) -> bytes:
        self._cache[key_id] = (self._monotonic() + _CACHED_SECONDS, key)
        self._cache.move_to_end(key_id)
        if len(self._cache) > _MAX_CACHED_KEYS:
            self._cache.popitem(last=False)
        return key
