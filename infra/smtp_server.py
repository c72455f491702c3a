"""Where mail is handed in, by one address: TLS from the start, STARTTLS that is required, or plain on this machine."""

import re
from enum import StrEnum
from ipaddress import ip_address
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit


class Security(StrEnum):
    """How the connection to a mail server is protected, as the scheme of its address says."""

    TLS = "smtps"
    STARTTLS = "smtp"
    NONE = "smtp+plain"


_NAME: Final = "[A-Za-z0-9_+&'-]+"
_PART: Final = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
ONE_MAILBOX: Final = re.compile(rf"^{_NAME}(\.{_NAME})*@{_PART}(\.{_PART})+$")
"""The address of one mailbox, in signs that a mail server and a reader of mails take for nothing else."""

_SHAPE: Final = "skal være smtps://vært eller smtp://vært / must be smtps://host or smtp://host"
_PORTS: Final = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


class SmtpServer(NamedTuple):
    """A mail server and the login at it, which is empty where it asks for none."""

    security: Security
    host: str
    port: int
    user: str = ""
    password: str = ""


def read_smtp_url(url: str) -> SmtpServer:
    """Return the server that an address names; raises ValueError, in Danish and English, without the address."""
    try:
        parts = urlsplit(url)
        security, host, port = Security(parts.scheme), parts.hostname, parts.port
    except ValueError:
        raise ValueError(_SHAPE) from None
    if not host:
        raise ValueError(_SHAPE)
    if security is Security.NONE and not _is_this_machine(host):
        raise ValueError("smtp+plain:// kan kun være denne maskine / smtp+plain:// can only be this machine")
    return SmtpServer(
        security, host, port or _PORTS[security], unquote(parts.username or ""), unquote(parts.password or "")
    )


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
