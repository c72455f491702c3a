from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from infra.store.engine import Store, database_url
from standalone.postgres import PostgresServer
from tests.conftest import UNSYNCED
from tests.municipalities import fresh_municipality
from tests.store.vocabulary import RecordedCourse
from tests.stores import Stores
from tools.town.ports import free_port


@pytest.fixture(scope="session")
async def stores(postgres: PostgresServer) -> AsyncIterator[Stores]:
    """The ways into the store that all tests share."""
    stores = Stores.of(postgres)
    yield stores
    await stores.close()


@pytest.fixture(scope="session")
def store(stores: Stores) -> Store:
    """The store as the API reaches it."""
    return stores.api


@pytest.fixture(scope="session")
async def owner(postgres: PostgresServer) -> AsyncIterator[Store]:
    """The store as its owner reaches it, who migrates and is otherwise nobody."""
    owner = Store(create_async_engine(database_url(postgres.owner_url)))
    yield owner
    await owner.close()


@pytest.fixture
def municipality() -> str:
    """A municipality in which nothing has happened."""
    return fresh_municipality()


@pytest.fixture
def stored(stores: Stores, municipality: str) -> RecordedCourse:
    """A course not yet started, in a municipality of its own."""
    return RecordedCourse(stores, municipality)


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
