"""Speaking to the API as every client should: a repeat has the same key, and a service that is away is waited for."""

import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import cache
from types import TracebackType
from typing import Any, Final
from uuid import uuid4

import httpx

_AWAY: Final = frozenset(
    {
        httpx.codes.TOO_MANY_REQUESTS,
        httpx.codes.SERVICE_UNAVAILABLE,
        httpx.codes.BAD_GATEWAY,
        httpx.codes.GATEWAY_TIMEOUT,
    }
)
_SECONDS_TO_ANSWER: Final = 30.0
_SECONDS_TO_INSIST: Final = 60.0
_SECONDS_BETWEEN: Final = 2.0


class AwayError(Exception):
    """The API did not answer for as long as the caller was willing to wait."""


class RequestRefusedError(Exception):
    """The API refused what the caller expected it to take; the message holds the API's own words."""


class Caller(AbstractContextManager["Caller"]):
    """One caller of an API with one token, safe in several threads; `http` sends a request of any other form."""

    def __init__(
        self, url: str, token: str, *, language: str = "da", patience: float = 120.0, longest_pause: float = 10.0
    ) -> None:
        """Name the API's address; while it is away, wait `patience` seconds and ask again after `longest_pause`."""
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self.http = httpx.Client(
            base_url=url, headers=headers, timeout=_SECONDS_TO_ANSWER, verify=trusted_authorities()
        )
        self._patience = patience
        self._longest_pause = longest_pause

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def get(self, path: str, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a query may hold
        """Read a JSON object, asked for by the query of the path and this; raises AwayError and RequestRefusedError."""
        url = httpx.URL(path).copy_merge_params(query)  # What is given as `params` would replace the path's own query.
        read: dict[str, Any] = expect_success(self._insist(lambda: self.http.get(url), self._patience)).json()
        return read

    def sends(self, path: str, key: str | None = None, /, **body: Any) -> httpx.Response:  # noqa: ANN401 - any body
        """Send a command once and return whatever comes back."""
        return self.http.post(path, json=body, headers={"Idempotency-Key": key} if key else {})

    def does(self, path: str, key: str | None = None, /, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - any body
        """Send a command that must be taken, and return the answer; raises AwayError and RequestRefusedError."""
        done: dict[str, Any] = expect_success(self.post(path, body, key=key)).json()
        return done

    def post(
        self, path: str, body: Mapping[str, Any], *, key: str | None = None, query: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        """Send under an idempotency key, one of its own if none is given, until it is answered; raises AwayError."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        url = httpx.URL(path).copy_merge_params(query or {})
        return self._insist(lambda: self.http.post(url, json=body, headers=headers), self._patience)

    def insists(self, path: str, key: str, *, within: float = _SECONDS_TO_INSIST, **body: Any) -> httpx.Response:  # noqa: ANN401 - any body
        """Send a command under its key until the API is there again; raises AwayError."""
        return self._insist(lambda: self.sends(path, key, **body), within)

    def put(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Write, which is the same once and twice; raises AwayError."""
        return self._insist(lambda: self.http.put(path, json=body), self._patience)

    def _insist(self, send: Callable[[], httpx.Response], patience: float) -> httpx.Response:
        until = time.monotonic() + patience
        while True:
            answer = _attempt(send)
            if answer is not None and answer.status_code not in _AWAY:
                return answer
            if time.monotonic() > until:
                raise AwayError(str(self.http.base_url))
            time.sleep(min(_pause(answer), self._longest_pause))


@cache
def trusted_authorities() -> ssl.SSLContext:
    """Return whom callers trust over TLS, read once: reading it takes longer than several requests."""
    return httpx.create_ssl_context()


def _attempt(send: Callable[[], httpx.Response]) -> httpx.Response | None:
    """Return the answer, or None when there was none."""
    try:
        return send()
    except httpx.TransportError:
        return None


def _pause(answer: httpx.Response | None) -> float:
    """Return how many seconds the API asks to be left alone."""
    asked = answer.headers.get("Retry-After", "") if answer is not None else ""
    return float(asked) if asked.isdigit() else _SECONDS_BETWEEN


def expect_success(answer: httpx.Response) -> httpx.Response:
    """Return an answer that took what was asked; raises RequestRefusedError."""
    if not answer.is_success:
        request = answer.request
        raise RequestRefusedError(
            f"{request.method} {request.url.path} is answered {answer.status_code}: {answer.text}"
        )
    return answer
