import gc
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import structlog

from standalone.postgres import PostgresServer
from standalone.temporal import TemporalServer
from tools.town.ports import free_port
from tools.town.town import Town, own_town

# A killed process loses nothing without these; only a power cut would.
UNSYNCED = {"fsync": "off", "full_page_writes": "off"}


LONG = 1800
"""The seconds that a test marked `verify` may take on a machine that is busy with other things."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for nothing to free while tests are imported, nor among what was imported afterwards: all of it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let long tests take long, unless they say themselves how long."""
    for item in items:
        if item.get_closest_marker("verify") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG))


@pytest.fixture(autouse=True)
def plain_tracebacks() -> None:
    """Log errors without every local variable, which takes longer to write than a command may take."""
    structlog.configure(processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)])


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL with the product's schema; `url` says where, for each login."""
    with TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder) / "postgres", free_port(), UNSYNCED)
        server.start()
        try:
            server.migrate()
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def temporal_server() -> Iterator[TemporalServer]:
    """A real Temporal in memory, on which a test may move one course's clock; `address` says where."""
    with TemporaryDirectory() as folder:
        server = TemporalServer(None, free_port(), time_skipping=True, log=Path(folder) / "temporal.log")
        server.start()
        try:
            yield server
        finally:
            server.kill()  # It holds nothing that a stop in good order would save.


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    """One system as processes for all tests that speak to the API and hurt nothing, each with courses of its own."""
    with own_town() as town:
        yield town
