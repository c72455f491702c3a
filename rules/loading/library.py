"""The rule sets that come with the engine, and which of any sets is in force on a day."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files

from rules.language.rule_set import RuleSet
from rules.loading.read_toml import from_canonical, read_rule_set

__all__ = ["from_canonical", "in_force", "shipped"]


@cache
def shipped() -> tuple[RuleSet, ...]:
    """Return the sets in `rules/sets`, by file name; raises UnreadableError when one of them has a flaw."""
    found = (file for file in (files("rules") / "sets").iterdir() if file.name.endswith(".toml"))
    folder = {file.name: file.read_text(encoding="utf-8") for file in found}
    return tuple(read_rule_set(folder[name], name, folder) for name in sorted(folder))


def in_force(sets: Iterable[RuleSet], rule_set_id: str, on: date) -> RuleSet | None:
    """Return the version of a set that counts on a day: the newest that has begun and is no draft."""
    begun = (found for found in sets if found.id == rule_set_id and not found.draft and found.valid_from <= on)
    return max(begun, key=lambda found: found.valid_from, default=None)
