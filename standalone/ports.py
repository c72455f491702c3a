"""Loopback ports: whether one is free to be listened on, and whether somebody answers there."""

import socket
from typing import Final

from standalone.errors import PortBusyError

LOOPBACK: Final = "127.0.0.1"


def require_free(part: str, port: int, setting: str) -> None:
    """Raise PortBusyError, naming the `setting` that changes it, when `part` could not listen on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # A port just left is free.
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PortBusyError(part, port, setting) from error


def answers(port: int) -> bool:
    """Say whether somebody accepts connections on `port`."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
