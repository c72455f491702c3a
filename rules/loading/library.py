"""The shipped rule sets, what a municipality writes beside them, and the version of a set that is in force on a day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from typing import Final, NamedTuple, Protocol, TypeVar

from domain.model import canonical
from rules.language.rule_set import RuleSet
from rules.loading.amend import AMENDS
from rules.loading.folder import names_of_sets
from rules.loading.read_toml import Reading, from_canonical, read_set, reading_of
from rules.loading.written import Source, parsed

__all__ = ["OWN_FILE", "Base", "Dated", "Library", "from_canonical", "in_force", "shipped", "shipped_library"]

OWN_FILE: Final = "rules.toml"
"""What a municipality's own document is called where its flaws are named."""

_HALF: Final = 31
"""How much there is room for of each of two versions in the name of the one that joins them."""


class Dated(Protocol):
    """A version of a rule set and the day from which it counts."""

    @property
    def id(self) -> str:
        """Return the id that all versions of the set share."""

    @property
    def valid_from(self) -> date:
        """Return the first day on which a course that starts may follow it."""

    @property
    def draft(self) -> bool:
        """Return whether no course may follow it."""


V = TypeVar("V", bound=Dated)


def in_force(versions: Iterable[V], rule_set_id: str, on: date) -> V | None:
    """Return the version of a set in force on a day: the newest that has begun and is no draft."""
    begun = (v for v in versions if v.id == rule_set_id and not v.draft and v.valid_from <= on)
    return max(begun, key=lambda version: version.valid_from, default=None)


class Base(NamedTuple):
    """A set that may be amended, by the name of its folder."""

    name: str
    rule_set: RuleSet


@dataclass(frozen=True)
class Library:
    """The default rule sets of a release, by the TOML of each file, such as `jobfirst/set.toml`."""

    files: Mapping[str, str]

    @cached_property
    def by_name(self) -> Mapping[str, RuleSet]:
        """Return the sets by the name of their folder; raises UnreadableError when one of them has a flaw."""
        return {name: read_set(name, self.files) for name in sorted(names_of_sets(self.files))}

    @cached_property
    def sets(self) -> tuple[RuleSet, ...]:
        """Return the sets, by name; raises UnreadableError as `by_name` does."""
        return tuple(self.by_name.values())

    def read_own(self, toml: str, onto: str | None = None) -> Reading:
        """Return a municipality's document as it is read, joined with the default set it amends, or with `onto`.

        Raises UnreadableError with all its flaws.
        """
        return reading_of(OWN_FILE, {**self.files, OWN_FILE: toml}, onto)

    def amended_by(self, toml: str) -> str | None:
        """Return the name of the default set that a document without flaws amends; None for one that is whole."""
        name = parsed(Source(OWN_FILE, toml)).get(AMENDS)
        return str(name).removesuffix(".toml") if name is not None else None

    def later_than(self, name: str, day: date) -> Iterator[Base]:
        """Yield the versions of an amended set that count from a day after both it and `day`; drafts do not."""
        base = self.by_name.get(name)
        for other, later in self.by_name.items() if base else ():
            if base and later.id == base.id and not later.draft and later.valid_from > max(day, base.valid_from):
                yield Base(other, later)

    def carried_on(self, toml: str, own: Dated, version: str, base: Base) -> RuleSet:
        """Return a municipality's amendment `own` as it is from the day on which a later version of its base counts.

        Raises UnreadableError when it does not fit that version.
        """
        joined = self.read_own(toml, base.name).rule_set
        later = base.rule_set
        head = {
            "id": own.id,
            "version": f"{version[:_HALF]}_{later.version[:_HALF]}",
            "valid_from": later.valid_from.isoformat(),
            "supersedes": version,
        }
        whole = joined.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return from_canonical(canonical({**whole, **head}))


@cache
def shipped_library() -> Library:
    """Return what is in `rules/sets`."""
    sets = files("rules") / "sets"
    folders = (inner for inner in sets.iterdir() if inner.is_dir())
    return Library(
        {
            f"{folder.name}/{file.name}" if folder is not sets else file.name: file.read_text(encoding="utf-8")
            for folder in (sets, *folders)
            for file in folder.iterdir()
            if file.name.endswith(".toml")
        }
    )


def shipped() -> tuple[RuleSet, ...]:
    """Return the sets in `rules/sets`, by name; raises UnreadableError when one of them has a flaw."""
    return shipped_library().sets
