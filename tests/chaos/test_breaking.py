"""What the breaker breaks is broken, and whole again afterwards."""

import errno
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest

from standalone.ports import LOOPBACK
from tools.chaos.disk import small_disk
from tools.chaos.proxy import Proxy


class Echo(BaseRequestHandler):
    """Says what it hears, for as long as it is spoken to."""

    def handle(self) -> None:
        while heard := self.request.recv(100):
            self.request.sendall(heard)


@pytest.fixture
def way() -> Iterator[Proxy]:
    """A way to somebody who says what he hears."""
    with ThreadingTCPServer((LOOPBACK, 0), Echo) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        proxy = Proxy(server.server_address[1])
        try:
            yield proxy
        finally:
            proxy.close()
            server.shutdown()
            thread.join()


def heard(speaker: socket.socket) -> bytes:
    """Say something and return what comes back; nothing when the connection has ended."""
    try:
        speaker.sendall(b"hello")
        return speaker.recv(100)
    except ConnectionError:
        return b""


def test_a_way_lets_everything_through(way: Proxy) -> None:
    with socket.create_connection((LOOPBACK, way.port)) as speaker:
        assert heard(speaker) == b"hello"


def test_a_cut_ends_what_is_open_and_nothing_that_follows(way: Proxy) -> None:
    with socket.create_connection((LOOPBACK, way.port)) as speaker:
        assert heard(speaker) == b"hello"
        way.cut()
        assert heard(speaker) == b""

    with socket.create_connection((LOOPBACK, way.port)) as speaker:
        assert heard(speaker) == b"hello"


def test_a_way_that_is_shut_lets_nobody_through_until_it_is_opened(way: Proxy) -> None:
    way.shut()
    with socket.create_connection((LOOPBACK, way.port)) as speaker:
        assert heard(speaker) == b""

    way.open()
    with socket.create_connection((LOOPBACK, way.port)) as speaker:
        assert heard(speaker) == b"hello"


def test_a_full_disk_takes_nothing_more_until_it_is_emptied(tmp_path: Path) -> None:
    with small_disk(tmp_path) as disk:
        if not disk.can_be_filled:
            pytest.skip("Nobody but root may lay a file system over a folder.")
        disk.fill()
        with pytest.raises(OSError, match="space") as full:
            (tmp_path / "late").write_bytes(bytes(1 << 20))
        assert full.value.errno == errno.ENOSPC

        disk.empty()
        assert (tmp_path / "late").write_bytes(bytes(1 << 20))
