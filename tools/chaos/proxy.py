"""Connections that can be slow, cut or shut: a way to a port that lets everything through until told otherwise."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from standalone.ports import LOOPBACK
from tools.town.ports import free_port

_CHUNK: Final = 65_536


class Proxy:
    """A way to `target`; it has a thread of its own, so that nothing here waits for it."""

    def __init__(self, target: int) -> None:
        """Open the way; nothing need listen at the other end yet."""
        self.port = free_port()
        self._target = target
        self._delay = 0.0
        self._is_shut = False
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy to {target}", daemon=True)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._let_through, LOOPBACK, self.port))

    def slow(self, seconds: float) -> None:
        """Hold every piece back for so long from now on."""
        self._delay = seconds

    def cut(self) -> None:
        """End every open connection at once."""
        self._do(self._cut())

    def shut(self) -> None:
        """End every open connection, and every new one until the way is opened."""
        self._is_shut = True
        self.cut()

    def open(self) -> None:
        """Let everything through again."""
        self._is_shut = False

    def close(self) -> None:
        """Close the way for good."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, what: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - Whatever the coroutine gives.
        return asyncio.run_coroutine_threadsafe(what, self._loop).result()

    async def _end(self) -> None:
        """Listen no more, and end every connection; only the loop's own thread may do so."""
        self._server.close()
        await self._cut()

    async def _cut(self) -> None:
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _let_through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._is_shut:
                raise ConnectionRefusedError
            onward_reader, onward_writer = await asyncio.open_connection(LOOPBACK, self._target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, onward_writer}
        self._open |= both
        await asyncio.gather(self._pump(reader, onward_writer), self._pump(onward_reader, writer))
        self._open -= both

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(_CHUNK):
                if self._delay:
                    await asyncio.sleep(self._delay)
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()
