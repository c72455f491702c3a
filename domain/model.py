"""The frozen base of every value in the vocabulary, and the one canonical form in which values are compared."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen value; unknown fields are ignored so that stored payloads stay readable for years."""

    model_config = ConfigDict(frozen=True)


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("The instant is outside the calendar.") from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An instant in UTC; one without a time zone is refused."""


def canonical(value: object) -> bytes:
    """Return `value` (JSON types only) as canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(*chunks: bytes) -> str:
    """Return the SHA-256 of `chunks` in order, as 64 hexadecimal digits."""
    return hashlib.sha256(b"\n".join(chunks)).hexdigest()
