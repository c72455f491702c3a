"""Documents found by their hash, on disk first: so the store being away stops nobody who had them once."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from domain.model import canonical
from infra.store.engine import Connection, Store
from infra.store.registers import documents
from infra.store.registers.documents import DocumentKind

SHARED_OWNER: Final = "default"
"""The owner of what every municipality may read."""


class UnknownDocumentError(Exception):
    """No document with this hash is known to the store or to this machine."""

    code = "document-unknown"


class KeptDocuments:
    """One kind of document, by SHA-256 of its canonical JSON."""

    def __init__(self, store: Store, folder: Path, kind: DocumentKind, at_most: int | None = None) -> None:
        """Take the store, the folder in which this machine keeps its own copies, and how many; the newest stay."""
        self._store = store
        self._folder = folder
        self._kind = kind
        self._at_most = at_most

    async def publish(self, name: str, sha256: str, content: bytes) -> None:
        """Put a document into the store for every municipality, and keep it."""
        async with self._store.municipality(SHARED_OWNER) as connection:
            await documents.put(connection, self._kind, name, json.loads(content), sha256)
        self._keep(sha256, content)

    async def find(self, municipality: str, sha256: str) -> bytes:
        """Return a document's canonical JSON.

        Raises UnknownDocumentError when nobody has it, StoreAwayError when only the store could tell.
        """
        kept = self._kept(sha256)
        if kept is not None:
            return kept
        async with self._store.municipality(municipality) as connection:
            return await self.find_within(connection, sha256)

    async def find_within(self, connection: Connection, sha256: str) -> bytes:
        """Return a document's canonical JSON as `find` does, in a transaction that is open already."""
        kept = self._kept(sha256)
        if kept is not None:
            return kept
        document = await documents.get(connection, sha256)
        if document is None:
            raise UnknownDocumentError(sha256)
        content = canonical(document.body)
        self._keep(sha256, content)
        return content

    def _kept(self, sha256: str) -> bytes | None:
        try:
            return self._file(sha256).read_bytes()
        except FileNotFoundError:
            return None

    def _keep(self, sha256: str, content: bytes) -> None:
        """Write the file as a whole or not at all, though another process may be writing the same."""
        self._folder.mkdir(parents=True, exist_ok=True)
        half = self._file(sha256).with_suffix(f".{uuid4()}")
        half.write_bytes(content)
        half.replace(self._file(sha256))
        if self._at_most is not None:
            self._drop_oldest(self._at_most)

    def _drop_oldest(self, at_most: int) -> None:
        """Leave the newest copies; the store has every document."""
        with suppress(FileNotFoundError):  # Another process is dropping the same.
            by_age = sorted(self._folder.glob("*.json"), key=lambda kept: kept.stat().st_mtime_ns, reverse=True)
            for kept in by_age[at_most:]:
                kept.unlink()

    def _file(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.json"
