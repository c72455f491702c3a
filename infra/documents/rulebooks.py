"""Rule sets by hash, compiled once: shipped, kept on disk, or from the store; never a reason to stop a course."""

from pathlib import Path

from infra.documents.cache import KeptDocuments
from infra.store.engine import Store
from infra.store.registers.documents import DocumentKind
from rules.engine.book import Book
from rules.loading.library import from_canonical, shipped


class Rulebooks:
    """Compiled rule sets, each found once."""

    def __init__(self, store: Store, folder: Path) -> None:
        """Take the store and the folder of the disk cache."""
        self._kept = KeptDocuments(store, folder, DocumentKind.RULESET)
        self._books = {rule_set.sha256: Book(rule_set) for rule_set in shipped()}

    async def book(self, municipality: str, sha256: str) -> Book:
        """Return the rules with this hash.

        Raises UnknownDocumentError when nobody has them, StoreAwayError when only the store could tell.
        """
        known = self._books.get(sha256)
        if known is None:
            known = Book(from_canonical(await self._kept.find(municipality, sha256)))
            self._books[sha256] = known
        return known

    async def publish(self) -> None:
        """Put the shipped sets into the store and the cache, so that courses outlive the release they began with."""
        for rule_set in shipped():
            await self._kept.publish(rule_set.id, rule_set.sha256, rule_set.canonical)
