"""A real mail server on loopback, with certificates of a CA made for the test, that fails at the stage it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
TAKEN = "250 OK"


class Certificates:
    """A CA and a server's certificate by it, as files."""

    def __init__(self, folder: Path, host: str = HOST) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        ca = _certificate("Test CA", authority, "Test CA", authority, is_ca=True)
        leaf = _certificate("Mail server", server, "Test CA", authority, host=host)
        self.ca_file, self._chain, self._key = folder / "ca.pem", folder / "chain.pem", folder / "key.pem"
        pem = serialization.Encoding.PEM
        self.ca_file.write_bytes(ca.public_bytes(pem))
        self._chain.write_bytes(leaf.public_bytes(pem))
        plain = serialization.NoEncryption()
        self._key.write_bytes(server.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))

    @property
    def context(self) -> ssl.SSLContext:
        """Return what a server shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._chain, self._key)
        return context


def _certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    by: ec.EllipticCurvePrivateKey,
    *,
    host: str | None = None,
    is_ca: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )
    if host is not None:
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(by, hashes.SHA256())


@dataclass
class MailServer:
    """What a server has taken; it answers at a stage as it is told to so often, and drops after taking so often."""

    port: int = 0
    answers: dict[str, list[str]] = field(default_factory=dict)
    drops: int = 0
    stalls: int = 0
    taken: list[bytes] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        """Return the messages that were taken."""
        return [message_from_bytes(each, policy=default) for each in self.taken]

    def _answer(self, stage: str) -> str:
        answers = self.answers.get(stage)
        return answers.pop(0) if answers else TAKEN

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer MAIL FROM."""
        envelope.mail_from, envelope.mail_options = address, options
        return self._answer("mail")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer RCPT TO."""
        answer = self._answer("rcpt")
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Take the message, and perhaps say so to nobody."""
        answer = self._answer("data")
        if answer == TAKEN:
            content: Any = envelope.content
            self.taken.append(content)
            if self.drops:
                self.drops -= 1
                assert isinstance(server.transport, asyncio.WriteTransport)
                server.transport.abort()
            if self.stalls:
                self.stalls -= 1
                await asyncio.Event().wait()
        return answer


@asynccontextmanager
async def serving(
    server: MailServer, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> AsyncIterator[MailServer]:
    """Let a server listen: with TLS from the start, with STARTTLS, or with neither."""
    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        return SMTP(server, hostname=HOST, tls_context=starttls, loop=loop)

    listening = await loop.create_server(protocol, HOST, server.port, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
