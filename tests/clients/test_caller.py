import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from clients.caller import Caller

_Keys = list[str | None]
_Paths = list[str]


@pytest.fixture
def cut_off() -> Iterator[tuple[str, _Keys]]:
    """The address of an API that ends the first connection without an answer, and the keys that came."""
    keys: _Keys = []

    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            keys.append(self.headers["Idempotency-Key"])
            if len(keys) > 1:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", keys
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("key", [None, "mine"])
def test_a_command_whose_answer_was_lost_is_sent_again_under_its_key(
    cut_off: tuple[str, _Keys], key: str | None
) -> None:
    url, keys = cut_off
    with Caller(url, "token", longest_pause=0) as caller:
        assert caller.does("/v1/courses", key) == {}

    assert len(keys) == 2
    assert keys[0] == keys[1] == (key or keys[0])
    assert keys[0]


@pytest.fixture
def mirror() -> Iterator[tuple[str, _Paths]]:
    """The address of an API that answers everything, and the paths that were asked for."""
    paths: _Paths = []

    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()
        thread.join()


def test_what_a_path_asks_for_is_asked_for(mirror: tuple[str, _Paths]) -> None:
    url, paths = mirror
    with Caller(url, "token", longest_pause=0) as caller:
        caller.get("/v1/board?counts=true")
        caller.get("/v1/board?counts=true", limit=5)
        caller.get("/v1/board", kind=["a", "b"])
        caller.post("/v1/courses?dry_run=true", {})
        caller.post("/v1/courses", {}, query={"dry_run": True})

    asked = ["/v1/board?counts=true", "/v1/board?counts=true&limit=5", "/v1/board?kind=a&kind=b"]
    assert paths == [*asked, "/v1/courses?dry_run=true", "/v1/courses?dry_run=true"]
