"""The frozen base of every value in the vocabulary, and the one canonical form in which values are compared."""

import hashlib
import json

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen value; unknown fields are ignored so that stored payloads stay readable for years."""

    model_config = ConfigDict(frozen=True)


def canonical(value: object) -> bytes:
    """Return `value` (JSON types only) as canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(*parts: bytes) -> str:
    """Return the SHA-256 of `parts` in order, as 64 hexadecimal digits."""
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
