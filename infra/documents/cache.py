"""Caches documents by their hash on disk, so that a machine that has one needs no store.

The disk is a convenience: what cannot be written, or cannot be read as it was written, is read from the store.
"""

import json
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import structlog

from domain.model import canonical, digest_of
from infra.store.engine import SHARED_OWNER, Connection, Store
from infra.store.registers import documents
from infra.store.registers.documents import DocumentKind

_log = structlog.get_logger(__name__)


class UnknownDocumentError(Exception):
    """No document with this hash is known to the store or to this machine."""

    code = "document-unknown"


class DocumentCache:
    """One kind of document, by the SHA-256 of its canonical JSON."""

    def __init__(self, store: Store, folder: Path, kind: DocumentKind, at_most: int | None = None) -> None:
        """Take the store, the folder of the copies on this machine, and how many copies stay, the newest."""
        self._store = store
        self._folder = folder
        self._kind = kind
        self._at_most = at_most

    async def publish(self, name: str, sha256: str, content: bytes) -> None:
        """Put a document into the store for every municipality, and into the cache."""
        async with self._store.municipality(SHARED_OWNER) as connection:
            await documents.put(connection, self._kind, name, json.loads(content), sha256)
        self._write(sha256, content)

    async def find(self, municipality: str, sha256: str) -> bytes:
        """Return a document's canonical JSON.

        Raises UnknownDocumentError when neither cache nor store has it, StoreAwayError when the store is needed.
        """
        copy = self._read(sha256)
        if copy is not None:
            return copy
        async with self._store.municipality(municipality) as connection:
            return await self.find_within(connection, sha256)

    async def find_within(self, connection: Connection, sha256: str) -> bytes:
        """Return a document's canonical JSON as `find` does, in a transaction that is open already."""
        copy = self._read(sha256)
        if copy is not None:
            return copy
        document = await documents.get(connection, sha256)
        if document is None:
            raise UnknownDocumentError(sha256)
        content = canonical(document.body)
        self._write(sha256, content)
        return content

    def _read(self, sha256: str) -> bytes | None:
        try:
            copy = self._file(sha256).read_bytes()
        except OSError:
            return None
        return copy if digest_of(copy) == sha256 else None

    def _write(self, sha256: str, content: bytes) -> None:
        """Write the file as a whole or not at all, though another process may be writing the same."""
        half = self._file(sha256).with_suffix(f".{uuid4()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            half.write_bytes(content)
            half.replace(self._file(sha256))
            if self._at_most is not None:
                self._drop_oldest(self._at_most)
        except OSError as error:
            _log.warning("A document could not be cached.", folder=str(self._folder), error=error.strerror)
            with suppress(OSError):
                half.unlink()

    def _drop_oldest(self, at_most: int) -> None:
        """Delete all but the newest copies; the store has every document."""
        with suppress(FileNotFoundError):  # Another process is dropping the same.
            by_age = sorted(self._folder.glob("*.json"), key=lambda copy: copy.stat().st_mtime_ns, reverse=True)
            for copy in by_age[at_most:]:
                copy.unlink()

    def _file(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.json"
