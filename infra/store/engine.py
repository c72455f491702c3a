"""The way into the store: short transactions that see one municipality, and one error when there is no way in."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import monotonic
from typing import Final, TypeAlias

from psycopg import AsyncConnection as DriverConnection
from psycopg import OperationalError as DriverOperationalError
from psycopg import sql
from psycopg.errors import ReadOnlySqlTransaction
from pydantic_core import from_json
from sqlalchemy import URL, Engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from infra.store.errors import StoreAwayError
from infra.store.logins import Login

Connection: TypeAlias = AsyncConnection
"""One open transaction, by the name that the layers above use."""

SHARED_OWNER: Final = "default"
"""Whose rows every municipality may read, as if it were one: shipped documents, and when all was audited."""

_SESSION: Final = {
    "timezone": "UTC",
    "statement_timeout": "5s",
    "lock_timeout": "3s",
    # A worker that stalls while it holds a course must not keep the others from it.
    "idle_in_transaction_session_timeout": "15s",
    # So that the numbers above a board of very many courses are grouped in memory and not sorted on disk.
    "work_mem": "32MB",
    # A page is read from memory or a solid state disk wherever it lies, so an index is worth its while.
    "random_page_cost": "1.1",
}
_CONNECT: Final = {
    "connect_timeout": 3,
    # In milliseconds: a server that vanishes without a word is given up, not waited for.
    "tcp_user_timeout": 4000,
}
_WAIT_FOR_CONNECTION_SECONDS: Final = 3
_TRUSTED_FOR_SECONDS: Final = 1.0
"""How long a connection is trusted that nobody used."""
_USED_AT: Final = "used_at"
_ENTER: Final = text("SELECT set_config('fodslag.municipality', :municipality, true)")
_ENTER_READING: Final = text(
    "SELECT set_config('fodslag.municipality', :municipality, true),"
    " set_config('plan_cache_mode', 'force_custom_plan', true)"
)
_ALIVE: Final = text("SELECT 1")


def database_url(url: str) -> URL:
    """Name the one driver in `url`, psycopg 3; everywhere else an address is a plain postgresql:// one."""
    return make_url(url).set(drivername="postgresql+psycopg")


def create_engine(url: str, login: Login) -> AsyncEngine:
    """Return an engine whose every wait is bounded to seconds; it connects when first used.

    Whoever `url` names works as `login`: row-level security does not bind a superuser, nor grants an owner.
    """
    session = {"role": login.value, **_SESSION}
    options = " ".join(f"-c {name}={value}" for name, value in session.items())
    engine = create_async_engine(
        database_url(url),
        connect_args={**_CONNECT, "options": options},
        json_deserializer=from_json,
        pool_size=10,
        max_overflow=10,
        pool_timeout=_WAIT_FOR_CONNECTION_SECONDS,
    )
    _ping_after_idling(engine.sync_engine)
    return engine


def _ping_after_idling(engine: Engine) -> None:
    """Let a connection that nobody used for a while be tried before it is used; a busy one has just answered."""

    def note_use(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = monotonic()

    def ping(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        if monotonic() - record.info.get(_USED_AT, monotonic()) < _TRUSTED_FOR_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", note_use)
    event.listen(engine, "checkout", ping)


class Store:
    """Transactions on the store, each seeing the rows of one municipality only."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take over `engine`; `close` disposes of it."""
        self._engine = engine

    @asynccontextmanager
    async def municipality(self, code: str) -> AsyncIterator[Connection]:
        """Open a transaction in which no other municipality's rows exist; raises StoreAwayError."""
        async with self.anywhere() as connection:
            await connection.execute(_ENTER, {"municipality": code})
            yield connection

    @asynccontextmanager
    async def reading(self, code: str) -> AsyncIterator[Connection]:
        """Open a transaction in which lists of a municipality are read; raises StoreAwayError.

        Each statement is planned for what it asks for: a plan for anything at all may take a thousand times as long.
        """
        async with self.anywhere() as connection:
            await connection.execute(_ENTER_READING, {"municipality": code})
            yield connection

    @asynccontextmanager
    async def anywhere(self) -> AsyncIterator[Connection]:
        """Open a transaction that sees no rows, for the functions that reach across; raises StoreAwayError."""
        with _absence_translated():
            async with self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[Connection]:
        """Yield a connection of which each statement is a transaction; raises StoreAwayError."""
        with _absence_translated():
            async with self._engine.connect() as connection:
                yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def listen(self, channel: str, heard: Callable[[], None]) -> None:
        """Call `heard` at once, and whenever a transaction notifies `channel`; ends by StoreAwayError alone."""
        with _absence_translated():
            async with self._engine.connect() as connection:
                driver = (await connection.get_raw_connection()).driver_connection
                assert isinstance(driver, DriverConnection)  # noqa: S101 - Tells the type checker what `database_url` says.
                try:
                    await driver.set_autocommit(True)
                    await driver.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                    heard()
                    async for _ in driver.notifies():
                        heard()
                finally:
                    await connection.invalidate()  # Nobody else shall get a connection that listens.

    async def is_alive(self) -> bool:
        """Return whether the store answers."""
        try:
            async with self.anywhere() as connection:
                await connection.execute(_ALIVE)
        except StoreAwayError:
            return False
        return True

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


@contextmanager
def _absence_translated() -> Iterator[None]:
    """Raise StoreAwayError for what a later attempt may not meet; let every other error through."""
    try:
        yield
    except (OperationalError, InterfaceError, NoConnectionFreeError, DriverOperationalError) as error:
        raise StoreAwayError("The store is away.") from error
    except DBAPIError as error:
        if error.connection_invalidated or isinstance(error.orig, ReadOnlySqlTransaction):
            raise StoreAwayError("The store is away.") from error
        raise
