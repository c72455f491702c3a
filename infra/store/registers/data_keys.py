"""Data keys as the store keeps them: sealed by the master key, found by course id alone."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, column, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import Boolean, LargeBinary, Text, Uuid

from infra.store import tables as t
from infra.store.engine import Connection, Store
from infra.temporal.keyring import WrappedKey

_DATA_KEY: Final = func.fodslag_data_key(bindparam("course", type_=Uuid)).table_valued(
    column("master_key_id", Text), column("wrapped", LargeBinary), column("erased", Boolean)
)


async def ensure(connection: Connection, course: UUID, key: WrappedKey) -> None:
    """Keep `key` for the course unless it has one, erased or not: the first one encrypted what there is."""
    row = {"course_id": course, "master_key_id": key.master_key_id, "wrapped": key.wrapped}
    statement = insert(t.data_key).on_conflict_do_nothing(constraint=t.data_key.primary_key)
    await connection.execute(statement, row)


async def fetch(store: Store, key_id: str) -> WrappedKey | None:
    """Return the key of the course whose id is `key_id`, of whichever municipality; raises StoreAwayError."""
    async with store.anywhere() as connection:
        row = (await connection.execute(select(_DATA_KEY), {"course": UUID(key_id)})).one_or_none()
    if row is None:
        return None
    return WrappedKey(key_id, row.master_key_id, row.wrapped or b"", erased=row.erased)
