from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client

from infra.temporal.converter import data_converter
from standalone.postgres import PostgresServer
from standalone.temporal import TemporalServer
from tests.stores import Stores
from tests.workflows.vocabulary import Stack, keyring_of


@pytest.fixture(scope="session")
async def stores(postgres: PostgresServer) -> AsyncIterator[Stores]:
    """The ways into the store on the tests' PostgreSQL."""
    stores = Stores.of(postgres)
    yield stores
    await stores.close()


@pytest.fixture(scope="session")
async def client(stores: Stores, temporal_server: TemporalServer) -> Client:
    """A client that encrypts, as the product's own does."""
    return await Client.connect(temporal_server.address, data_converter=data_converter(keyring_of(stores.worker)))


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.verify)], ids=["cached", "uncached"])
def stack(request: pytest.FixtureRequest, stores: Stores, client: Client, tmp_path: Path) -> Stack:
    """A municipality of its own, without workers until a test lets them work.

    Uncached, every task of every workflow is replayed from its beginning.
    """
    return Stack(stores, client, tmp_path, is_cached=request.param)
