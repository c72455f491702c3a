from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, NullPool, create_engine, inspect, text

from infra.store import migrate
from infra.store import tables as t
from infra.store.engine import database_url
from standalone.postgres import PostgresServer


@pytest.fixture
def engine(own_postgres: PostgresServer) -> Iterator[Engine]:
    own_postgres.migrate()
    engine = create_engine(database_url(own_postgres.owner_url), poolclass=NullPool)
    yield engine
    engine.dispose()


def test_the_tables_are_those_that_the_migrations_make(engine: Engine) -> None:
    with engine.connect() as connection:
        # Defaults are compared by evaluating them, and that of the municipality is a setting.
        connection.execute(text("SELECT set_config('fodslag.municipality', '0990', true)"))
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, t.METADATA) == []


def test_the_migrations_lead_up_down_and_up_again(own_postgres: PostgresServer, engine: Engine) -> None:
    newest = migrate.current(own_postgres.owner_url)
    assert newest is not None

    migrate.downgrade(own_postgres.owner_url, "base")
    assert migrate.current(own_postgres.owner_url) is None
    assert inspect(engine).get_table_names() == ["alembic_version"]

    own_postgres.migrate()
    assert migrate.current(own_postgres.owner_url) == newest


def test_several_processes_may_upgrade_at_once(own_postgres: PostgresServer, engine: Engine) -> None:
    migrate.downgrade(own_postgres.owner_url, "base")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: own_postgres.migrate(), range(4)))

    assert "course" in inspect(engine).get_table_names()


def test_a_store_that_was_never_made_has_no_revision(own_postgres: PostgresServer, engine: Engine) -> None:
    del engine
    migrate.downgrade(own_postgres.owner_url, "base")

    assert migrate.current(own_postgres.owner_url) is None
