"""Tells browsers to keep no answer, to guess no type, to load nothing from elsewhere, and to tell no other site."""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS: Final[Mapping[str, str]] = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
_NOT_KEPT: Final = "no-store"
_NOTHING: Final = "default-src 'none'; frame-ancestors 'none'"
_OF_THE_DESCRIPTION: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; frame-ancestors 'none'"
)
_OF_PAGES: Final = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_HTML: Final = "text/html"
_DESCRIPTION: Final = "/docs"
"""Its page has a script and styles of its own, from this server alone."""


def make_safe(headers: MutableHeaders, path: str = "") -> None:
    """Add these headers to those of the answer to a request for `path`."""
    headers.update(_ALWAYS)
    is_html = headers.get("content-type", "").startswith(_HTML)
    headers["Content-Security-Policy"] = _policy(path) if is_html else _NOTHING
    headers.setdefault("Cache-Control", _NOT_KEPT)


def _policy(path: str) -> str:
    return _OF_THE_DESCRIPTION if path.startswith(_DESCRIPTION) else _OF_PAGES


class SafeHeaders:
    """The middleware that gives every answer these headers; what a route says of keeping its answer stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                make_safe(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)
