"""What a change by a form builds on: the newest version of a set, and the document that the change makes of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from api.http.codes import ApiCode
from api.http.dependencies import Services
from api.http.problems import ProblemError
from domain.calendar import danish_day
from infra.documents.rulebooks import RuleSetVersions
from infra.security.tokens import Claims
from infra.store.registers import rule_sets
from infra.store.registers.rule_sets import OwnRuleSet, RuleSetStatus
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from rules.loading.changed import Document
from rules.loading.library import shipped_library


@dataclass(frozen=True)
class Newest:
    """The newest version of a set, on which the next change builds, and the first day from which that may count.

    A change of a `proposal` goes into it and counts from its day.
    """

    book: Book
    own: OwnRuleSet | None
    toml: str | None
    versions: RuleSetVersions
    earliest: date

    @property
    def sha256(self) -> str:
        """Return the hash of the version."""
        return self.book.rule_set.sha256

    @property
    def proposal(self) -> OwnRuleSet | None:
        """Return the proposal that nobody has approved yet, None for what is published."""
        return self.own if self.own and self.own.status is RuleSetStatus.PROPOSED else None

    def changed(self, change: Callable[[Document], None], since: date, author: str) -> str:
        """Return the TOML of the version that a change makes, by the name of who made it."""
        rules, library = self.book.rule_set, shipped_library()
        if self.toml is not None:
            document = Document.written(self.toml)
        else:
            document = Document.amending(next(name for name, one in library.by_name.items() if one == rules), rules)
        change(document)
        version, begins = (self.proposal.version, self.earliest) if self.proposal else (self._name(since), since)
        document.begins(version, begins, author, library)
        return document.toml

    def _name(self, since: date) -> str:
        """Return a name for a version that begins on a day, which no other version of the set has."""
        used = {version.version for version in self.versions.every if version.id == self.book.rule_set.id}
        names = (since.isoformat() if place == 1 else f"{since}-{place}" for place in count(1))
        return next(name for name in names if name not in used)


async def newest_version(services: Services, caller: Claims, rule_set: str) -> Newest:
    """Return the version on which the next change of a set builds; raises ProblemError 404 where there is no set."""
    today = danish_day(services.clock.now())
    async with services.store.municipality(caller.municipality) as connection:
        versions = await services.rulebooks.versions(connection)
        own = _newest_own(versions, rule_set)
        toml = await rule_sets.written(connection, own.id, own.version) if own else None
    found = own or versions.in_force(rule_set, today)
    if found is None:
        raise ProblemError(ApiCode.RULE_SET_NOT_FOUND)
    book = await services.rulebooks.book(caller.municipality, found.sha256)
    return Newest(book, own, toml, versions, max(today, found.valid_from))


def _newest_own(versions: RuleSetVersions, rule_set: str) -> OwnRuleSet | None:
    written = [
        own
        for own in versions.own
        if own.id == rule_set and own.follows is None and own.status is not RuleSetStatus.WITHDRAWN
    ]
    return max(written, key=lambda own: (own.valid_from, own.proposed_at), default=None)


def version_before(versions: RuleSetVersions, own: OwnRuleSet) -> OwnRuleSet | RuleSet | None:
    """Return the version that courses would follow from the day of an own one, or on the day before, without it."""
    others = replace(versions, own=tuple(one for one in versions.own if own.version not in (one.version, one.follows)))
    days = (own.valid_from, own.valid_from - timedelta(days=1))
    return next((found for day in days if (found := others.in_force(own.id, day))), None)
