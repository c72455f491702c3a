"""The world outside: a system whose webhook is sent what happens, and who listens whether the auditor is awake."""

import asyncio
import json
import ssl
import threading
from collections import defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from standalone.ports import LOOPBACK
from tools.town.receiver import Receiver, certified

URL: Final = "https://receiver.example/chaos"
"""Where the webhook is; the name leads to no real server."""


class Outside:
    """Two servers on loopback; they have a thread of their own, so that nothing here waits for them."""

    def __init__(self, folder: Path) -> None:
        """Listen from now on, with a certificate that is kept in a folder."""
        self._events, self._heartbeats = Receiver(), Receiver()
        self.trusted = folder / "receiver.pem"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="outside", daemon=True)
        self._thread.start()
        self._servers = [
            self._do(self._listen(self._events, certified(folder).served)),
            self._do(self._listen(self._heartbeats, None)),
        ]

    @property
    def port(self) -> int:
        """Return where events are received."""
        return self._events.port

    @property
    def heartbeat_url(self) -> str:
        return f"http://{LOOPBACK}:{self._heartbeats.port}/heartbeat"

    @property
    def heartbeats(self) -> int:
        """Return how many complete audits were told of."""
        return len(self._heartbeats.received)

    def arrived(self) -> Mapping[str, Sequence[str]]:
        """Return the ids of the events that arrived, as often and in the order in which they did, by course."""
        arrived: defaultdict[str, list[str]] = defaultdict(list)
        for request in tuple(self._events.received):
            arrived[json.loads(request.body).get("subject", "")].append(request.headers["webhook-id"])
        return arrived

    def close(self) -> None:
        """Listen no more."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self, receiver: Receiver, served: ssl.SSLContext | None) -> asyncio.Server:
        server = await asyncio.start_server(receiver.serve, LOOPBACK, 0, ssl=served)
        receiver.port = server.sockets[0].getsockname()[1]
        return server

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        for writer in (*self._events.writers, *self._heartbeats.writers):
            writer.transport.abort()

    def _do(self, what: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - Whatever the coroutine gives.
        return asyncio.run_coroutine_threadsafe(what, self._loop).result()
