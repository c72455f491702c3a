from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine

from infra.store.engine import Connection, Store, create_engine, database_url
from infra.store.errors import StoreAwayError
from infra.store.logins import Login
from infra.store.registers import documents
from infra.store.registers.documents import DocumentKind
from standalone.postgres import PostgresServer
from tools.town.ports import free_port


@pytest.fixture
async def own_store(own_postgres: PostgresServer) -> AsyncIterator[Store]:
    own_postgres.migrate()
    store = Store(create_engine(own_postgres.url(Login.API), Login.API))
    yield store
    await store.close()


async def _put(connection: Connection) -> None:
    await documents.put(connection, DocumentKind.CALENDAR, "closed days", {}, "a" * 64)


async def test_a_store_that_is_stopped_is_away_and_comes_back(own_postgres: PostgresServer, own_store: Store) -> None:
    assert await own_store.is_alive()

    own_postgres.stop()
    assert not await own_store.is_alive()
    with pytest.raises(StoreAwayError):
        async with own_store.municipality("0990") as connection:
            await documents.get(connection, "a" * 64)

    own_postgres.start()
    assert await own_store.is_alive()


async def test_a_store_that_dies_within_a_transaction_is_away(own_postgres: PostgresServer, own_store: Store) -> None:
    async def killed_on_the_way() -> None:
        async with own_store.municipality("0990") as connection:
            await _put(connection)
            own_postgres.kill()
            await documents.get(connection, "a" * 64)

    with pytest.raises(StoreAwayError):
        await killed_on_the_way()

    own_postgres.start()
    async with own_store.municipality("0990") as connection:
        assert await documents.get(connection, "a" * 64) is None


async def test_a_store_that_nobody_answers_for_is_away() -> None:
    store = Store(create_engine(f"postgresql://nobody@127.0.0.1:{free_port()}/nowhere", Login.API))

    assert not await store.is_alive()


async def test_a_store_that_may_only_be_read_is_away_for_writers(store: Store, municipality: str) -> None:
    async def write() -> None:
        async with store.municipality(municipality) as connection:
            await connection.execute(text("SET TRANSACTION READ ONLY"))
            await _put(connection)

    with pytest.raises(StoreAwayError):
        await write()


async def test_a_statement_that_takes_too_long_is_ended(store: Store) -> None:
    async def dawdle() -> None:
        async with store.anywhere() as connection:
            await connection.execute(text("SET LOCAL statement_timeout = '20ms'"))
            await connection.execute(text("SELECT pg_sleep(30)"))

    with pytest.raises(StoreAwayError):
        await dawdle()


async def test_every_wait_in_the_store_is_bounded(store: Store) -> None:
    waits = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    async with store.anywhere() as connection:
        bounds = [await connection.scalar(text(f"SHOW {wait}")) for wait in waits]

    assert bounds == ["5s", "3s", "15s"]


async def test_a_store_whose_connections_are_all_taken_is_away(postgres: PostgresServer) -> None:
    engine = create_async_engine(database_url(postgres.url(Login.API)), pool_size=1, max_overflow=0, pool_timeout=0.01)
    store = Store(engine)
    async with store.anywhere():
        assert not await store.is_alive()
    assert await store.is_alive()
    await store.close()


async def test_a_mistake_of_ours_is_not_taken_for_an_absence(store: Store) -> None:
    with pytest.raises(ProgrammingError):
        async with store.anywhere() as connection:
            await connection.execute(text("SELECT nothing FROM nowhere"))
