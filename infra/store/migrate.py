"""Bringing the store's schema to where this code expects it, and back; safe to start from several processes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from psycopg import Connection as DriverConnection
from sqlalchemy import Connection, NullPool, create_engine, text

import migrations
from infra.store.engine import database_url
from infra.store.logins import Login, let_in

_MIGRATIONS: Final = Path(migrations.__file__).parent
_LOCK: Final = text("SELECT pg_advisory_xact_lock(7310201951)")  # Any number, as long as it never changes.


def upgrade(url: str, passwords: Mapping[Login, str] = MappingProxyType({})) -> None:
    """Bring the store to the newest schema, all or nothing, and let logins in by their passwords.

    `url` is the owner's. A second process waits and finds it done.
    """
    with _connection(url) as connection:
        connection.execute(_LOCK)
        command.upgrade(_config(connection), "head")
        driver = connection.connection.driver_connection
        assert isinstance(driver, DriverConnection)  # noqa: S101 - Tells the type checker what `database_url` says.
        for login, password in passwords.items():
            let_in(driver, login, password)


def downgrade(url: str, revision: str) -> None:
    """Take the store back to `revision`, or to `base`; what newer tables hold is lost."""
    with _connection(url) as connection:
        connection.execute(_LOCK)
        command.downgrade(_config(connection), revision)


def current(url: str) -> str | None:
    """Return the revision the store is at, or None when it was never made."""
    with _connection(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    """Open a transaction as the tables' owner."""
    engine = create_engine(database_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
