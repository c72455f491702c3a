"""The channel that hands mails to a mail server: one person, text and HTML, and the same however often (P7).

What a calendar program reads of an invitation stands beside them.

What the server takes is sent; whether it arrives nobody tells.
"""

import asyncio
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Final

import aiosmtplib
import structlog

from activities.channels import Batch, ChannelAwayError, Mail, RejectedError
from infra.smtp_server import Security, SmtpServer

BEFORE_THE_MESSAGE: Final = 15.0
"""How many seconds everything before the message itself may take; what takes longer was certainly not sent."""

_WHOLE: Final = range(400, 600)
"""The codes by which a server says that it did not take the message; any other answer leaves that open."""
_FOR_GOOD: Final = range(500, 600)
_POLICY: Final = SMTP.clone(cte_type="7bit")

_log = structlog.get_logger(__name__)


class EmailChannel:
    """Carries mails to a mail server; a person without an address cannot be reached by it."""

    name = "email"
    gathers = True

    def __init__(self, server: SmtpServer, sender: str, ca_file: Path | str | None = None) -> None:
        """Take the server, the sender's address and, for a server whose certificate is the house's own, its CA."""
        self._server = server
        self._sender = sender
        self._tls = ssl.create_default_context(cafile=ca_file)

    async def carry(self, batch: Batch) -> bool:
        """Hand in the mail; as `Channel` says."""
        if batch.mail is None or batch.mail.to is None:
            raise RejectedError(batch.recipient)
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            timeout=BEFORE_THE_MESSAGE,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=None if server.security is Security.NONE else self._tls,
        )
        try:
            await self._address(client, batch.mail.to)
            await self._hand_in(client, _message(batch, batch.mail, self._sender))
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()
        finally:
            client.close()
        return False

    async def _address(self, client: aiosmtplib.SMTP, recipient: str) -> None:
        """Do everything before the message; whatever fails, the message was certainly not taken."""
        try:
            async with asyncio.timeout(BEFORE_THE_MESSAGE):
                await client.connect()
                await client.mail(self._sender)
                await client.rcpt(recipient)
        except aiosmtplib.SMTPRecipientRefused as error:
            raise _refusal(error.code) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            cause = error.__cause__ or error
            _log.warning("mail server cannot be used", error=type(error).__name__, cause=type(cause).__name__)
            raise ChannelAwayError from error

    async def _hand_in(self, client: aiosmtplib.SMTP, message: bytes) -> None:
        """Send the message; without the server's word for it nobody knows whether it was taken."""
        try:
            await client.data(message)
        except aiosmtplib.SMTPResponseException as error:
            if error.code in _WHOLE:
                raise _refusal(error.code) from error
            raise


def _refusal(code: int) -> ChannelAwayError:
    return RejectedError(code) if code in _FOR_GOOD else ChannelAwayError(code)


def _message(batch: Batch, mail: Mail, sender: str) -> bytes:
    """Return the message, which is the same to the last byte whenever it is sent."""
    message = EmailMessage(_POLICY)
    message["Message-ID"] = f"<{batch.id}@{sender.rpartition('@')[2]}>"
    message["Date"] = format_datetime(batch.at)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject.replace("=?", "= ?")  # What it begins is decoded, line breaks in it too.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.invitation is not None:
        method = {"method": mail.invitation.method}
        message.add_alternative(mail.invitation.file, subtype="calendar", params=method)
    message["Content-Language"] = mail.language
    message.set_boundary(f"={batch.id}")
    return message.as_bytes()
