"""Posts to a server that somebody else named: its name is resolved once, and only outside addresses are connected to.

No redirect is followed, no proxy of the environment is used, and no answer's body is read.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final, NamedTuple, Self

import httpcore

from infra.outward.addresses import is_outside

WITHIN: Final = timedelta(seconds=15)
"""How long one post may take in all."""

_CONNECT_SECONDS: Final = 5.0
_TIMEOUTS: Final = {"timeout": {"connect": _CONNECT_SECONDS, "read": 10.0, "write": 5.0, "pool": 5.0}}
_MOST_ADDRESSES: Final = 2
"""How many addresses of a server are tried in one post."""

_RESOLVERS: Final = 32
"""How many names are resolved at once: a name server that does not answer holds a thread of ours for long."""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host; raises OSError."""


class NotSentError(Exception):
    """The server certainly did not get the request; `reason` is `inside`, `unresolved` or `unreachable`."""

    code = "not-sent"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Answer(NamedTuple):
    """How a server answered; `retry_after` is its header of that name."""

    status: int
    retry_after: str | None


class Resolver:
    """Asks the system for addresses, in threads of its own so that nothing else waits for a slow name server."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="resolver")

    async def __call__(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host; raises OSError."""

        def ask() -> list[str]:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            return list(dict.fromkeys(str(each[4][0]) for each in found))

        return await asyncio.get_running_loop().run_in_executor(self._threads, ask)


class OutsideOnly(httpcore.AsyncNetworkBackend):
    """Connects to the addresses that a host resolves to, unless one of them lies inside; closes what it opened."""

    def __init__(self, resolve: Resolve, connect: httpcore.AsyncNetworkBackend) -> None:
        """Connect by `connect`, which is given addresses and never names."""
        self._resolve = resolve
        self._connect = connect
        self._opened: list[httpcore.AsyncNetworkStream] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        for stream in self._opened:  # httpcore leaves one open whose TLS was begun when time was over.
            await stream.aclose()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - As httpcore calls it.
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers; raises NotSentError."""
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError):  # A name with an empty or an endless part is no Unicode of the resolver's.
            raise NotSentError("unresolved") from None
        if not all(map(is_outside, addresses)):
            raise NotSentError("inside")
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                stream = await self._connect.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            self._opened.append(stream)
            return stream
        raise NotSentError("unreachable")


class Poster:
    """Posts, each time over a connection of its own, so that one server keeps no other from being posted to."""

    def __init__(
        self,
        resolve: Resolve | None = None,
        connect: httpcore.AsyncNetworkBackend | None = None,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._resolve = resolve or Resolver()
        self._connect = connect or httpcore.AnyIOBackend()
        self._trusted = trusted or ssl.create_default_context()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post and return the answer, whichever it is.

        Raises NotSentError when the server certainly did not get it; any other error leaves that open.
        """
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        async with (
            asyncio.timeout(WITHIN.total_seconds()),
            OutsideOnly(self._resolve, self._connect) as backend,
            self._pool(backend) as pool,
        ):
            try:
                async with pool.stream("POST", url, headers=sent, content=body, extensions=_TIMEOUTS) as response:
                    named = {name.lower(): value for name, value in response.headers}
            except (httpcore.ConnectError, httpcore.ConnectTimeout):  # Of TLS, for the rest is caught above.
                raise NotSentError("unreachable") from None
        retry_after = named.get(b"retry-after")
        return Answer(response.status, None if retry_after is None else retry_after.decode("latin-1"))

    def _pool(self, backend: OutsideOnly) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._trusted, max_connections=1, max_keepalive_connections=0, network_backend=backend
        )
