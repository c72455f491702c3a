"""Logs each request: a correlation id in the answer and in every log line, and one line when the request ends.

A failure is logged by its place in the code, never by its message, which could hold a citizen's words (P10).
"""

import time
import traceback
from typing import Final

import structlog
from opentelemetry import trace
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.correlation import HEADER, correlate
from api.http.metrics import RequestMetrics
from api.http.problems import ProblemError, problem_response
from domain.errors import Code
from infra.telemetry.logs import log_context
from infra.telemetry.traces import CORRELATION_ATTRIBUTE

_NO_ROUTE: Final = "none"
_log = structlog.stdlib.get_logger("api")


class RequestLog:
    """Around all that may fail: every request gets an answer and a line in the log."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        correlation = correlate(scope)
        trace.get_current_span().set_attribute(CORRELATION_ATTRIBUTE, correlation)
        with log_context(correlation_id=correlation):
            await _Exchange(self.app, scope, send, self.metrics).through(receive)


class _Exchange:
    """One request and its answer."""

    def __init__(self, app: ASGIApp, scope: Scope, send: Send, metrics: RequestMetrics) -> None:
        self._app = app
        self._scope = scope
        self._send = send
        self._metrics = metrics
        self._status = 0
        self._began = time.perf_counter()

    async def through(self, receive: Receive) -> None:
        try:
            await self._app(self._scope, receive, self._answer)
        except Exception as error:  # noqa: BLE001 - The last resort before the server would print the error's words.
            _log.error("A request failed.", error=type(error).__name__, place=_place(error))
            if not self._status:
                failed = problem_response(Request(self._scope), ProblemError(Code.INTERNAL))
                await failed(self._scope, receive, self._answer)
        finally:
            self._record()

    async def _answer(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self._scope["state"]["correlation_id"]
        await self._send(message)

    def _record(self) -> None:
        """Count and log it under the route's template, for a path or query could name a person."""
        state = self._scope["state"]
        seconds = time.perf_counter() - self._began
        route = getattr(self._scope.get("route"), "path", _NO_ROUTE)
        self._metrics.answered(self._scope["method"], route, self._status, seconds)
        _log.info(
            "A request was answered.",
            method=self._scope["method"],
            route=route,
            status=self._status,
            milliseconds=round(seconds * 1000),
            **{name: state[name] for name in ("caller", "course_id") if name in state},
        )


def _place(error: Exception) -> list[str]:
    """Return the place of each frame of the failure, without any message."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
