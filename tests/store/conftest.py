from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from infra.store.engine import Store, create_engine
from standalone.postgres import PostgresServer
from tests.conftest import UNSYNCED
from tests.store.vocabulary import RecordedCourse
from tools.town.ports import free_port

_CODES = count(7000)


@pytest.fixture(scope="session")
async def store(postgres: PostgresServer) -> AsyncIterator[Store]:
    """The store that all tests share."""
    store = Store(create_engine(postgres.url))
    yield store
    await store.close()


@pytest.fixture
def municipality() -> str:
    """A municipality in which nothing has happened."""
    return str(next(_CODES))


@pytest.fixture
def stored(store: Store, municipality: str) -> RecordedCourse:
    """A course not yet started, in a municipality of its own."""
    return RecordedCourse(store, municipality)


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL without any schema, which a test may stop, kill and misuse."""
    with TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder) / "postgres", free_port(), UNSYNCED)
        server.start()
        try:
            yield server
        finally:
            server.stop()
