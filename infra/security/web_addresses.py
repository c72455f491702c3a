"""Addresses of servers that decide who somebody is: over TLS, except on this machine."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_THIS_MACHINE: Final = "localhost"


def is_loopback(host: str | None) -> bool:
    """Say whether a host is this machine."""
    if host == _THIS_MACHINE:
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def is_web_address(text: str) -> bool:
    """Say whether a text is an address over TLS, or of this machine."""
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    return bool(address.hostname) and (
        address.scheme == "https" or (address.scheme == "http" and is_loopback(address.hostname))
    )
