"""Speaking to the API as every client should: a repeat has the same key, and a service that is away is waited for."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Final

import httpx

_AWAY: Final = frozenset({httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.BAD_GATEWAY, httpx.codes.GATEWAY_TIMEOUT})
_SECONDS_TO_ANSWER: Final = 30.0
_SECONDS_BETWEEN: Final = 2.0
_LONGEST_BETWEEN: Final = 10.0


class AwayError(Exception):
    """The API did not answer for as long as the caller was willing to wait."""


class Caller(AbstractContextManager["Caller"]):
    """One caller of an API with one token; safe to use from several threads."""

    def __init__(self, url: str, token: str, *, language: str = "da", patience: float = 120.0) -> None:
        """Name the API's address and wait `patience` seconds while it is away."""
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=_SECONDS_TO_ANSWER)
        self._patience = patience

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, path: str, **query: str | int) -> httpx.Response:
        """Read; raises AwayError."""
        return self._insist(lambda: self._http.get(path, params=query))

    def post(
        self, path: str, body: Mapping[str, Any], *, key: str | None = None, query: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        """Send under an idempotency key, without which it is not sent again; raises AwayError."""
        headers = {"Idempotency-Key": key} if key else {}

        def send() -> httpx.Response:
            return self._http.post(path, json=body, params=query, headers=headers)

        return self._insist(send) if key or (query and query.get("dry_run")) else send()

    def put(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Write, which is the same once and twice; raises AwayError."""
        return self._insist(lambda: self._http.put(path, json=body))

    def _insist(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        until = time.monotonic() + self._patience
        while True:
            answer = _attempt(send)
            if answer is not None and answer.status_code not in _AWAY:
                return answer
            if time.monotonic() > until:
                raise AwayError(str(self._http.base_url))
            time.sleep(_pause(answer))


def _attempt(send: Callable[[], httpx.Response]) -> httpx.Response | None:
    """Return the answer, or None when there was none."""
    try:
        return send()
    except httpx.TransportError:
        return None


def _pause(answer: httpx.Response | None) -> float:
    """Return how long to wait, in seconds: as the API asks, within reason."""
    asked = answer.headers.get("Retry-After", "") if answer is not None else ""
    return min(float(asked) if asked.isdigit() else _SECONDS_BETWEEN, _LONGEST_BETWEEN)
