"""Compiled rule sets by hash: shipped, from the disk cache, or from the store; and which of them are in force."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from infra.documents.cache import DocumentCache
from infra.store.engine import SHARED_OWNER, Connection, Store
from infra.store.registers import documents, rule_sets
from infra.store.registers.documents import DocumentKind
from infra.store.registers.rule_sets import OwnRuleSet
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from rules.loading.library import from_canonical, in_force, shipped, shipped_library
from rules.loading.own import not_carried_on, own_in_force


@dataclass(frozen=True)
class RuleSetVersions:
    """Every version that a municipality has: its own, and the default ones of the release."""

    own: tuple[OwnRuleSet, ...]
    default: tuple[RuleSet, ...]

    @property
    def every(self) -> list[OwnRuleSet | RuleSet]:
        """Return all versions, the municipality's own first."""
        return [*self.own, *self.default]

    @property
    def usable(self) -> Iterator[OwnRuleSet | RuleSet]:
        """Yield the versions that a course may follow, whenever they begin."""
        yield from (version for version in self.every if not version.draft)

    def in_force(self, rule_set: str, on: date) -> OwnRuleSet | RuleSet | None:
        """Return the version that a course follows which starts on a day: an own one before the default one."""
        return own_in_force(self.own, rule_set, on) or in_force(self.default, rule_set, on)

    def own_version(self, rules: RuleSet) -> OwnRuleSet | None:
        """Return the municipality's own version that is just this set, None for one that is not its own."""
        return next((own for own in self.own if own.sha256 == rules.sha256), None)

    def not_carried_on(self, version: OwnRuleSet) -> list[str]:
        """Return the later versions of the default set that an own version in use does not fit."""
        in_use = [own for own in self.own if not own.draft]
        missing = not_carried_on(in_use, shipped_library())
        return [base.rule_set.version for own, base in missing if own == version]


class Rulebooks:
    """Rule sets by hash, each compiled once for each municipality that has it, so that no other reads it."""

    def __init__(self, store: Store, folder: Path) -> None:
        """Take the store and the folder of the disk cache."""
        self._store, self._folder = store, folder
        self._shipped = {rule_set.sha256: Book(rule_set) for rule_set in shipped()}
        self._books: dict[tuple[str, str], Book] = {}

    async def versions(self, connection: Connection) -> RuleSetVersions:
        """Return the versions that the municipality of a transaction has."""
        return RuleSetVersions(tuple(await rule_sets.listed(connection)), shipped())

    async def book(self, municipality: str, sha256: str) -> Book:
        """Return the compiled rules with a hash.

        Raises UnknownDocumentError when neither cache nor store has them, StoreAwayError when the store is needed.
        """
        book = self._shipped.get(sha256) or self._books.get((municipality, sha256))
        if book is None:
            cache = DocumentCache(self._store, self._folder / municipality, DocumentKind.RULESET)
            book = Book(from_canonical(await cache.find(municipality, sha256)))
            self._books[municipality, sha256] = book
        return book

    async def books(self, municipality: str, hashes: Collection[str]) -> dict[str, Book]:
        """Return the compiled rules with some hashes, by hash; raises as `book` does."""
        return {sha256: await self.book(municipality, sha256) for sha256 in hashes}

    async def publish(self) -> None:
        """Put the shipped sets into the store, so that courses outlive the release they began with."""
        async with self._store.municipality(SHARED_OWNER) as connection:
            for rule_set in shipped():
                await documents.put_rule_set(connection, rule_set)
