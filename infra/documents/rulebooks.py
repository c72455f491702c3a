"""Compiled rule sets by hash: shipped, from the disk cache, or from the store."""

from collections.abc import Collection
from pathlib import Path

from infra.documents.cache import DocumentCache
from infra.store.engine import Store
from infra.store.registers.documents import DocumentKind
from rules.engine.book import Book
from rules.loading.library import from_canonical, shipped


class Rulebooks:
    """Rule sets by hash, each compiled once."""

    def __init__(self, store: Store, folder: Path) -> None:
        """Take the store and the folder of the disk cache."""
        self._cache = DocumentCache(store, folder, DocumentKind.RULESET)
        self._books = {rule_set.sha256: Book(rule_set) for rule_set in shipped()}

    async def book(self, municipality: str, sha256: str) -> Book:
        """Return the compiled rules with a hash.

        Raises UnknownDocumentError when neither cache nor store has them, StoreAwayError when the store is needed.
        """
        book = self._books.get(sha256)
        if book is None:
            book = Book(from_canonical(await self._cache.find(municipality, sha256)))
            self._books[sha256] = book
        return book

    async def books(self, municipality: str, hashes: Collection[str]) -> dict[str, Book]:
        """Return the compiled rules with some hashes, by hash; raises as `book` does."""
        return {sha256: await self.book(municipality, sha256) for sha256 in hashes}

    async def publish(self) -> None:
        """Put the shipped sets into the store and the cache, so that courses outlive the release they began with."""
        for rule_set in shipped():
            await self._cache.publish(rule_set.id, rule_set.sha256, rule_set.canonical)
