"""A real HTTPS server on loopback, answering as a test wants, and the way to it that stands in for the internet."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpcore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.outward.posting import Poster, Resolve

OUTSIDE: Final = "9.9.9.9"
"""A public address; the stubbed connect leads from it to loopback."""


class Received(NamedTuple):
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


Answering = Callable[[Received], Awaitable[bytes] | bytes]
"""Returns the whole answer as it goes over the wire; an empty one closes the connection without a word."""


def answer(status: int, **headers: object) -> bytes:
    """Return an answer without a body."""
    lines = [f"HTTP/1.1 {status} X", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return ("\r\n".join([*lines, "content-length: 0", "", ""])).encode()


@dataclass
class Receiver:
    """Somebody's server: what it received, and how it answers."""

    answering: Answering = lambda _: answer(204)
    received: list[Received] = field(default_factory=list)
    arrivals: asyncio.Queue[Received] = field(default_factory=asyncio.Queue)
    port: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    connected_to: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request and answer it."""
        self.writers.append(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            request = Received(head[0].split(" ")[1], headers, body)
            self.received.append(request)
            self.arrivals.put_nowait(request)
            answered = self.answering(request)
            writer.write(answered if isinstance(answered, bytes) else await answered)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # The other side has gone.
        finally:
            writer.close()


class ToLoopback(httpcore.AnyIOBackend):
    """Connects to a receiver whichever address is asked for, and keeps which it was."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    async def connect_tcp(
        self,
        host: str,
        port: int,  # noqa: ARG002 - As httpcore calls it.
        timeout: float | None = None,  # noqa: ASYNC109 - As above.
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self._receiver.connected_to.append(host)
        return await super().connect_tcp("127.0.0.1", self._receiver.port, timeout, local_address, socket_options)


async def resolved_outside(_host: str, _port: int) -> Sequence[str]:
    """Return a public address for every name."""
    return [OUTSIDE]


def poster_to(receiver: Receiver, trusted: ssl.SSLContext, resolve: Resolve = resolved_outside) -> Poster:
    """Return what posts to a receiver on loopback as if it were outside."""
    return Poster(resolve, ToLoopback(receiver), trusted)


@asynccontextmanager
async def listening(receiver: Receiver, served: ssl.SSLContext) -> AsyncIterator[Receiver]:
    """Let a receiver listen on a free port of loopback meanwhile."""
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=served)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for writer in receiver.writers:
            writer.transport.abort()


class Certified(NamedTuple):
    """The two sides of TLS: who serves as `receiver.example`, and who trusts that."""

    served: ssl.SSLContext
    trusted: ssl.SSLContext


def certified(folder: Path, name: str = "receiver.example") -> Certified:
    """Return a server's certificate for a name, and the trust in it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address(OUTSIDE))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both = folder / "receiver.pem"
    both.write_bytes(private + pem)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(both)
    return Certified(served, ssl.create_default_context(cadata=pem.decode()))
