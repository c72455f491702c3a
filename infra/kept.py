"""Documents found by their hash, on disk first: so the store being away stops nobody who had them once."""

import json
from pathlib import Path
from typing import Final

from domain.model import canonical
from infra.store import documents
from infra.store.documents import DocumentKind
from infra.store.engine import Store

SHARED_OWNER: Final = "default"
"""The owner of what every municipality may read."""


class UnknownDocumentError(Exception):
    """No document with this hash is known to the store or to this machine."""

    code = "document-unknown"


class KeptDocuments:
    """One kind of document, by SHA-256 of its canonical JSON."""

    def __init__(self, store: Store, folder: Path, kind: DocumentKind) -> None:
        """Take the store, and the folder in which this machine keeps its own copies."""
        self._store = store
        self._folder = folder
        self._kind = kind

    async def publish(self, name: str, sha256: str, content: bytes) -> None:
        """Put a document into the store for every municipality, and keep it."""
        async with self._store.municipality(SHARED_OWNER) as connection:
            await documents.put(connection, self._kind, name, json.loads(content), sha256)
        self._keep(sha256, content)

    async def find(self, municipality: str, sha256: str) -> bytes:
        """Return a document's canonical JSON.

        Raises UnknownDocumentError when nobody has it, StoreAwayError when only the store could tell.
        """
        kept = self._file(sha256)
        if kept.is_file():
            return kept.read_bytes()
        async with self._store.municipality(municipality) as connection:
            document = await documents.get(connection, sha256)
        if document is None:
            raise UnknownDocumentError(sha256)
        content = canonical(document.body)
        self._keep(sha256, content)
        return content

    def _keep(self, sha256: str, content: bytes) -> None:
        """Write the file as a whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        half = self._file(sha256).with_suffix(".half")
        half.write_bytes(content)
        half.replace(self._file(sha256))

    def _file(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.json"
