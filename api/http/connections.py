"""Connections of the server: a request comes within limits of size and time, or is refused before it is parsed whole.

A caller without a token has no budget of his own; of requests that are not sent to their end, the oldest gives way.
"""

import asyncio
from typing import Any, ClassVar, Final

from starlette.requests import Request
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from api.http.codes import STATUS, AnyCode, ApiCode
from api.http.correlation import HEADER, correlate, correlation_id_of
from api.http.negotiation import PROGRAMS
from api.http.problems import ProblemError, problem_response
from api.http.safe_headers import make_safe

MOST_HEAD_BYTES: Final = 32 * 1024
"""How long the request's line and headers may be together."""
SECONDS_TO_SEND: Final = 20.0
"""How long a request may take to be sent."""
MOST_UNSENT: Final = 200
"""How many connections may wait for the rest of their request."""


class _HeadTooLargeError(Exception):
    """Ends the parsing of a request."""


class LimitedProtocol(HttpToolsProtocol):
    """Answers 431 to headers without end, and 408 to a request that is not sent in time, or before too many others."""

    _unsent: ClassVar[dict["LimitedProtocol", None]] = {}

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._head_bytes = 0
        self._is_in_head = True
        self._refusal: AnyCode = ApiCode.REQUEST_MALFORMED
        self._deadline: asyncio.TimerHandle | None = None
        self.headers = []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES and not self.transport.is_closing():
                self.refuse(ApiCode.HEADERS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes, self._is_in_head = 0, True
        self._await_request()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MOST_HEAD_BYTES:
            self._refusal = ApiCode.HEADERS_TOO_LARGE
            raise _HeadTooLargeError
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._stop_waiting()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - what the parser says holds nothing for people
        """Refuse what the parser could not read."""
        self.refuse(self._refusal)

    def _await_request(self) -> None:
        """Give the caller time to send a request to its end; the oldest of too many gets none."""
        self._stop_waiting()
        self._deadline = self.loop.call_later(SECONDS_TO_SEND, self.refuse, ApiCode.REQUEST_TOO_SLOW)
        self._unsent[self] = None
        if len(self._unsent) > MOST_UNSENT:
            next(iter(self._unsent)).refuse(ApiCode.REQUEST_TOO_SLOW)

    def _stop_waiting(self) -> None:
        self._unsent.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()

    @property
    def _is_unanswered(self) -> bool:
        """Whether no answer is under way: there is no request, or the answer waits for the rest of its body."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete or (cycle.more_body and not cycle.response_started)

    def refuse(self, code: AnyCode) -> None:
        """Answer with a problem, unless an answer is under way, and close the connection."""
        self._stop_waiting()
        if self._is_unanswered:
            self.transport.write(_refusal(code, self.headers))
        self.transport.close()


def _refusal(code: AnyCode, headers: list[tuple[bytes, bytes]]) -> bytes:
    scope = {"type": "http", "path": PROGRAMS, "headers": headers}  # Which path it is may not be known.
    correlate(scope)
    answer = problem_response(Request(scope), ProblemError(code))
    answer.headers[HEADER] = correlation_id_of(scope)
    make_safe(answer.headers)
    lines = [b"%s: %s\r\n" % header for header in answer.raw_headers]
    return b"".join([STATUS_LINE[STATUS[code]], *lines, b"connection: close\r\n\r\n", bytes(answer.body)])
