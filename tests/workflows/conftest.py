from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client

from infra.store.engine import Store, create_engine
from infra.temporal.converter import data_converter
from standalone.postgres import PostgresServer
from standalone.temporal import TemporalServer
from tests.workflows.vocabulary import Stack, keyring_of


@pytest.fixture(scope="session")
async def store(postgres: PostgresServer) -> AsyncIterator[Store]:
    """The store on the tests' PostgreSQL."""
    store = Store(create_engine(postgres.url))
    yield store
    await store.close()


@pytest.fixture(scope="session")
async def client(store: Store, temporal_server: TemporalServer) -> Client:
    """A client that encrypts, as the product's own does."""
    return await Client.connect(temporal_server.address, data_converter=data_converter(keyring_of(store)))


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.verify)], ids=["cached", "uncached"])
def stack(request: pytest.FixtureRequest, store: Store, client: Client, tmp_path: Path) -> Stack:
    """A municipality of its own, without workers until a test lets them work.

    Uncached, every task of every workflow is replayed from its beginning.
    """
    return Stack(store, client, tmp_path, is_cached=request.param)
