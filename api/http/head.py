"""HEAD is answered as GET, and the server leaves the content out (RFC 9110)."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

WITHOUT_END: Final = frozenset({"/v1/events"})
"""The streams, of which nobody can wait for the end."""


class HeadAsGet:
    """The outermost middleware: routes, logs and metrics know of GET only."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD" and scope["path"] not in WITHOUT_END:
            # A copy, because the server looks into its own scope when it leaves the content out.
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)
