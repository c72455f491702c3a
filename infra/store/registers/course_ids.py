"""Ids of courses, which nobody can confirm a reference by: keyed digests under a key that is never rotated (P10)."""

from typing import Final
from uuid import UUID, uuid5

from infra.security.keyed_digest import course_id
from infra.store.engine import Store
from infra.store.registers import data_keys
from infra.temporal.keyring import KeyMissingError, StoreKeyring

_NAMESPACE: Final = UUID("6d0f4c0e-0f0d-5a1a-9c59-f0d51a6f0d52")


class CourseIds:
    """Makes the id key of each municipality when it is first used, and keeps it among the data keys."""

    def __init__(self, store: Store, keyring: StoreKeyring) -> None:
        self._store = store
        self._keyring = keyring

    async def course_id(self, municipality: str, reference: str, ordinal: int) -> UUID:
        """Return the identity of the `ordinal`-th course under the caller's case `reference`.

        Raises KeyMissingError when the master key does not open the id key.
        """
        return course_id(await self._key(municipality), municipality, reference, ordinal)

    async def _key(self, municipality: str) -> bytes:
        key_id = uuid5(_NAMESPACE, municipality)
        try:
            return await self._keyring.key(str(key_id))
        except KeyMissingError:
            async with self._store.municipality(municipality) as connection:
                await data_keys.ensure(connection, key_id, self._keyring.new_key(str(key_id)))
            return await self._keyring.key(str(key_id))
