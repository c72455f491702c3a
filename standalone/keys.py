"""The standalone system's keys: made once, read by their owner only, and never replaced in silence."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from infra.security.keys import new_signing_key
from standalone.errors import KeyLostError

_KEY_BYTES: Final = 32


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


_MAKERS: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {
        "FODSLAG_MASTER_KEY": _random_key,
        "FODSLAG_HMAC_KEY": _random_key,
        "FODSLAG_JWT_KEY": new_signing_key,
    }
)


def write_secret(file: Path, text: str) -> None:
    """Write a new `file` that only its owner may read, on disk before this returns and never half-written."""
    file.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    unfinished.rename(file)


def key_file(var: Path, variable: str) -> Path:
    """Return the file of the key that is handed on in the environment `variable`."""
    return var / "keys" / variable.removeprefix("FODSLAG_").lower().replace("_", "-")


def environment_of_keys(var: Path, *, courses_exist: bool) -> dict[str, str]:
    """Return the keys as environment variables, made when missing.

    Raises KeyLostError for a missing key when `courses_exist`, which nothing else could open.
    """
    for variable, make in _MAKERS.items():
        file = key_file(var, variable)
        if not file.exists():
            if courses_exist:
                raise KeyLostError(file, var)
            write_secret(file, make())
    return {variable: key_file(var, variable).read_text() for variable in _MAKERS}
