"""Ports of this machine that are free."""

import socket
from random import SystemRandom
from typing import Final

from standalone.ports import LOOPBACK

_BELOW_THE_EPHEMERAL: Final = range(15_000, 32_000)
"""Ports that no outgoing connection is given, so that one that is free now stays so until a server takes it."""

_random = SystemRandom()
_given: Final[set[int]] = set()


def free_port() -> int:
    """Return a loopback port that nobody listens on just now, and that this process was not given before."""
    while True:
        port = _random.choice(_BELOW_THE_EPHEMERAL)
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
        _given.add(port)
        return port
