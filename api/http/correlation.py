"""The correlation id that a request, its answer and its log lines share."""

import re
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.types import Scope

from infra.security.cpr import find_cpr

HEADER: Final = "X-Correlation-Id"
_SANE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_STATE_KEY: Final = "correlation_id"


def correlate(scope: Scope) -> str:
    """Return the caller's own id when it is a sane token without a CPR number in it, else a new one; keep it."""
    offered = Headers(scope=scope).get(HEADER, "")
    sane = _SANE.fullmatch(offered) is not None and not find_cpr(offered)
    correlation_id = offered if sane else str(uuid4())
    scope.setdefault("state", {})[_STATE_KEY] = correlation_id
    return correlation_id


def correlation_id_of(scope: Scope) -> str:
    """Return the id of this request."""
    correlation: str = scope["state"][_STATE_KEY]
    return correlation
