"""The frozen base of every value in the vocabulary, and the one canonical form in which values are compared."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen value; unknown fields are ignored so that stored payloads stay readable for years.

    Which of its fields were given is not remembered: nobody asks for it, and it took half of a course's memory.
    """

    model_config = ConfigDict(frozen=True)

    def model_post_init(self, _context: object, /) -> None:
        """Share one set of fields with all values of the kind."""
        object.__setattr__(self, "__pydantic_fields_set__", _fields_of(type(self)))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some fields changed."""
        copy = super().model_copy(update=update, deep=deep)
        copy.model_post_init(None)
        return copy


@cache
def _fields_of(kind: type[Model]) -> set[str]:
    return set(kind.model_fields)


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
