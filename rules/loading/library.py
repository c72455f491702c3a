"""The shipped rule sets, and the version of a set that is in force on a day."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files

from rules.language.rule_set import RuleSet
from rules.loading.folder import names_of_sets
from rules.loading.read_toml import from_canonical, read_set

__all__ = ["from_canonical", "in_force", "shipped"]


@cache
def shipped() -> tuple[RuleSet, ...]:
    """Return the sets in `rules/sets`, by name; raises UnreadableError when one of them has a flaw."""
    sets = files("rules") / "sets"
    folders = (inner for inner in sets.iterdir() if inner.is_dir())
    texts = {
        f"{folder.name}/{file.name}" if folder is not sets else file.name: file.read_text(encoding="utf-8")
        for folder in (sets, *folders)
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }
    return tuple(read_set(name, texts) for name in sorted(names_of_sets(texts)))


def in_force(sets: Iterable[RuleSet], rule_set_id: str, on: date) -> RuleSet | None:
    """Return the version of a set in force on a day: the newest that has begun and is no draft."""
    versions = (version for version in sets if version.id == rule_set_id and not version.draft)
    begun = (version for version in versions if version.valid_from <= on)
    return max(begun, key=lambda version: version.valid_from, default=None)
