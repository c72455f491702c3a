"""Serving the API: a server that ends the open streams before it waits for requests to end."""

import socket
from contextlib import suppress
from functools import partial
from typing import Final, NoReturn

import uvicorn
from uvicorn.config import Config
from uvicorn.server import Server

from api.app import create_app
from api.http.connections import LimitedProtocol
from api.http.streams import Streams
from infra.settings import Settings
from infra.temporal.client import exit_without_teardown

_GRACE_SECONDS: Final = 5
_NEVER_STARTED: Final = 3
_IDLE_SECONDS: Final = 75
"""How long an idle connection is kept: longer than proxies and clients keep theirs, so that none sends into one that is
being closed."""


class _Server(Server):
    def __init__(self, config: Config, streams: Streams) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._streams.end()
        await super().shutdown(sockets)


def serve(settings: Settings) -> NoReturn:
    """Serve until a signal says to stop, then end the process."""
    streams = Streams()
    config = uvicorn.Config(
        partial(create_app, settings, streams),
        factory=True,
        host=settings.api_host,
        port=settings.api_port,
        http=LimitedProtocol,
        access_log=False,  # A path may hold a citizen's reference; the API's own log leaves it out.
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=_IDLE_SECONDS,
    )
    server = _Server(config, streams)
    with suppress(KeyboardInterrupt):
        server.run()
    exit_without_teardown(0 if server.started else _NEVER_STARTED)
