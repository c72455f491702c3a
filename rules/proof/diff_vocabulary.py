"""What two versions of rules call the same fact, and how each of them reads what was said of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from domain.state.verdict import TARGET_GROUP
from rules.engine.book import Book
from rules.language.facts import FactDeclaration, FactType
from rules.language.text import Text

Codes = tuple[int | None, ...]
"""The place in a version's own list of each value that may have been said; None where it cannot be read."""


@dataclass(frozen=True)
class Vocabulary:
    """How the rules of `book` name and read facts that the rules of `other` may name and read otherwise.

    What stands in a course was said as the first version says it, or as one before it did; so a fact of the first is
    the same in the second when that knows it by its name, as what it is called or was, of one type and one step.
    """

    book: Book
    other: Book
    is_after: bool

    def declared(self, fact: str) -> FactDeclaration:
        """Return a fact as its version reads it, also by former names; raises KeyError when it is not declared."""
        found = self.book.declaration(fact)
        if found is None:
            raise KeyError(fact)
        return found

    def partner(self, fact: str) -> FactDeclaration | None:
        """Return the same fact in the other version, None where it has none, or two of the first are one there."""
        mine = self.declared(fact)
        before, after = (self.other, self.book) if self.is_after else (self.book, self.other)
        theirs = mine if self.is_after else after.declaration(mine.id)
        same = [one for one in before.rule_set.facts if after.declaration(one.id) is theirs] if theirs else []
        found = before.declaration(same[0].id) if self.is_after and len(same) == 1 else theirs
        is_one = found is not None and len(same) == 1 and (found.type, found.step) == (mine.type, mine.step)
        return found if is_one else None

    def name_of(self, fact: str) -> str:
        """Return a name that both know a fact by; one that only this version knows so has a name of its own."""
        mine, partner = self.declared(fact), self.partner(fact)
        if partner is not None:
            return partner.id if self.is_after else mine.id
        is_otherwise = self.other.declaration(mine.id) is not None
        return f"{mine.id} {'afterwards' if self.is_after else 'before'}" if is_otherwise else mine.id

    def values(self, fact: str) -> tuple[str, ...]:
        """Return the names by which a choice may have been said, one for each way in which the versions read it.

        What the second version alone knows is said only where no name of the first leads to it; a target group must
        be known to both.
        """
        mine = self.declared(fact)
        if self.partner(fact) is None:
            return tuple(value.id for value in mine.values)
        first: dict[tuple[object, object], str] = {}
        for name, pair in self._readings(fact).items():
            first.setdefault(pair, name)
        if mine.id == TARGET_GROUP:
            return tuple(name for pair, name in first.items() if None not in pair)
        covered = {after for before, after in first if before is not None}
        return tuple(name for pair, name in first.items() if pair[0] is not None or pair[1] not in covered)

    def _readings(self, fact: str) -> dict[str, tuple[object, object]]:
        """Return how both versions read each name of a value: the names of the first, then those it had before."""
        mine, partner = self.declared(fact), self.partner(fact)
        if partner is None:
            return {}
        before, after = (partner, mine) if self.is_after else (mine, partner)
        former = [name for value in before.values for name in value.aliases]
        names = (*(value.id for value in before.values), *former, *(value.id for value in after.values))
        return {name: (before.read(name), after.read(name)) for name in dict.fromkeys(names)}

    def codes(self, fact: str) -> Codes:
        """Return how this version reads each of the values that may have been said."""
        mine = self.declared(fact)
        places = {value.id: place for place, value in enumerate(mine.values)}
        return tuple(places.get(str(mine.read(name))) for name in self.values(fact))

    @cached_property
    def own_groups(self) -> tuple[Text, ...]:
        """Return the labels of the target groups that the other version cannot read."""
        return self._labels(value for name, value in self._own_groups.items() if name == value)

    @cached_property
    def own_former_groups(self) -> tuple[Text, ...]:
        """Return the labels of the target groups of which the other version cannot read a former name."""
        return self._labels(value for name, value in self._own_groups.items() if name != value)

    @cached_property
    def _own_groups(self) -> dict[str, str]:
        """Return the names that this version alone reads, each with the target group as which it does."""
        readings = self._readings(TARGET_GROUP)
        read = {pair[self.is_after] for pair in readings.values() if None not in pair}
        own = {name: pair[self.is_after] for name, pair in readings.items() if pair[not self.is_after] is None}
        return {name: str(value) for name, value in own.items() if not (self.is_after and value in read)}

    def _labels(self, groups: Iterable[str]) -> tuple[Text, ...]:
        labels = {value.id: value.label for value in self.declared(TARGET_GROUP).values}
        return tuple(labels[group] for group in dict.fromkeys(groups))

    @property
    def own_steps(self) -> frozenset[str]:
        """Return the steps that the other version does not have."""
        return frozenset(self.book.steps) - frozenset(self.other.steps)

    def may_waive(self, requirement: str) -> bool:
        """Return whether somebody may waive a requirement by this version."""
        rule = self.book.requirement(requirement)
        return rule is not None and bool(rule.waivable_by)

    def has_other_bounds(self, fact: str) -> bool:
        """Return whether an amount that one version can read may be none that the other can."""
        mine, partner = self.declared(fact), self.partner(fact)
        is_amount = mine.type in (FactType.INT, FactType.DECIMAL, FactType.SCHEDULE)
        return is_amount and partner is not None and (mine.min, mine.max) != (partner.min, partner.max)


def vocabularies(before: Book, after: Book) -> tuple[Vocabulary, Vocabulary]:
    """Return how each of two versions names and reads facts."""
    return Vocabulary(before, after, is_after=False), Vocabulary(after, before, is_after=True)
