"""Keys that sign and verify tokens: given as text, or published at an address and fetched again as they change."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from infra.security.web_addresses import is_web_address

ALGORITHMS: Final = ("Ed25519", "EdDSA", "ES256", "RS256")
"""All are asymmetric and fit one type of key each, so a token cannot choose "none" or misuse a key."""

_WEAKEST_RSA_BITS: Final = 2048
_OF_SMALL_ORDER: Final = frozenset(
    bytes.fromhex(point.ljust(62, point[-1]))
    for point in (
        "00",
        "0100",
        "ecff",
        "edff",
        "eeff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03",
    )
)
"""How the Ed25519 points begin that fit signatures nobody made; the last byte holds a sign and no more."""

_FRESH: Final = timedelta(hours=1)
"""How old published keys may be while their address answers."""
_OLDEST: Final = timedelta(hours=24)
"""How old they may be while it does not."""
_PAUSE: Final = timedelta(seconds=10)
"""How long the address is left alone, whatever keys tokens name."""

Fetch = Callable[[str], Awaitable[str]]
"""Returns the text at an address; raises OSError."""


class KeysAwayError(Exception):
    """The address of the keys does not answer, or with nothing that is a key."""


class Keys(Protocol):
    """Where the keys come from by which tokens are verified."""

    async def for_token(self, token: str, now: datetime) -> KeySet:
        """Return the keys of which one may have signed `token`; raises KeysAwayError."""


class GivenKeys:
    """Keys that do not change while the program runs."""

    def __init__(self, text: str) -> None:
        """Raise ValueError when the text holds no key that can verify."""
        self._keys = read_keys(text)

    async def for_token(self, _token: str, _now: datetime) -> KeySet:
        """Return them all."""
        return self._keys


class PublishedKeys:
    """Keys that their owner publishes and changes: fetched hourly, and when a token names one that is not known."""

    def __init__(self, address: str, fetch: Fetch) -> None:
        self._address = address
        self._fetch = fetch
        self._keys: KeySet | None = None
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._one = asyncio.Lock()

    async def for_token(self, token: str, now: datetime) -> KeySet:
        """Return the keys as published now, or of late while the address does not answer; raises KeysAwayError."""
        async with self._one:
            if self._needs_news(_key_id(token), now):
                await self._renew(now)
        if self._keys is None or self._is_older(_OLDEST, now):
            raise KeysAwayError
        return self._keys

    def _needs_news(self, key_id: str | None, now: datetime) -> bool:
        if self._tried_at is not None and now - self._tried_at < _PAUSE:
            return False
        is_known = self._keys is not None and any(key.kid == key_id for key in self._keys.keys)
        return not is_known or self._is_older(_FRESH, now)

    def _is_older(self, age: timedelta, now: datetime) -> bool:
        return self._fetched_at is None or now - self._fetched_at > age

    async def _renew(self, now: datetime) -> None:
        self._tried_at = now
        try:
            self._keys = read_keys(await self._fetch(self._address))
        except (OSError, ValueError):
            return
        self._fetched_at = now


def keys_of(setting: str, fetch: Fetch) -> Keys:
    """Return the keys of a setting, which is a JWK, a JWKS or the address of a JWKS; raises ValueError."""
    text = setting.strip()
    return PublishedKeys(text, fetch) if is_web_address(text) else GivenKeys(text)


def new_signing_key() -> str:
    """Return a new private Ed25519 JWK as JSON, named by its thumbprint."""
    return json.dumps(OKPKey.generate_key("Ed25519", auto_kid=True).as_dict(private=True))


def read_keys(keys_json: str) -> KeySet:
    """Return the keys of a JWK or JWKS that can sign or verify our tokens.

    Raises ValueError, with nothing of the keys in it, when there are none.
    """
    try:
        read = json.loads(keys_json)
        each = KeySet.import_key_set(read if "keys" in read else {"keys": [read]})
        keys = [key for key in each if algorithm_of(key) and not _is_weak(key)]
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise ValueError("This is not a JWK or a JWKS.") from None
    if not keys:
        raise ValueError("No key here is an Ed25519, P-256 or RSA key of 2048 bits for signatures.")
    return KeySet(keys)


def algorithm_of(key: Key) -> str | None:
    """Return the algorithm by which a key signs, None when it is for something else."""
    fitting = JWSRegistry.filter_algorithms(key, list(ALGORITHMS))
    return fitting[0].name if fitting else None


def _key_id(token: str) -> str | None:
    """Return the key that a token names, which nobody has signed yet."""
    try:
        header = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
        return str(header["kid"])
    except (ValueError, TypeError, KeyError):
        return None


def _is_weak(key: Key) -> bool:
    """Return whether somebody without the private key could sign for it."""
    if isinstance(key, OKPKey):
        return key.public_key.public_bytes_raw()[:-1] in _OF_SMALL_ORDER
    return isinstance(key, RSAKey) and key.public_key.key_size < _WEAKEST_RSA_BITS
