"""A keyring without a store: keys by id, known in advance, for tests and for recording histories."""

import hashlib

from infra.temporal.keyring import KeyGoneError


class StaticKeyring:
    """Gives each id a key of its own, the same one in every process; ids in `erased` are gone."""

    def __init__(self) -> None:
        self.erased: set[str] = set()
        self.looked_up: list[str] = []

    async def key(self, key_id: str) -> bytes:
        self.looked_up.append(key_id)
        if key_id in self.erased:
            raise KeyGoneError(f"The key {key_id} has been erased.")
        return hashlib.sha256(key_id.encode()).digest()
