"""Loopback ports: whether one is free to be listened on, and whether a process listens there."""

import socket
from typing import Final

from standalone.errors import PortBusyError

LOOPBACK: Final = "127.0.0.1"


def require_free(program: str, port: int, setting: str) -> None:
    """Raise PortBusyError, naming the `setting` that changes it, when `program` could not listen on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # A port just left is free.
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PortBusyError(program, port, setting) from error


def is_listening(port: int) -> bool:
    """Return whether a process accepts connections on `port`."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
