"""Joins a file that holds only the differences from another; every entry keeps its file and place."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from rules.checks.flaws import Flaw, Path, path_text
from rules.loading.toml_lines import TomlLines

AMENDS: Final = "amends"
"""The key at the head of a file that names the file which it amends; a whole rule set has none."""

Table = dict[str, Any]
"""A document, or an entry of one, before it is checked."""

_IDENTIFIED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "facts": ("id",),
    "parameters": ("id",),
    "note_kinds": ("id",),
    "steps": ("id",),
    "ladders": ("waiting", "step", "requirement"),
    "caseloads": ("role",),
    "mappings": ("fact", "from"),
    "situations": ("id",),
    "examples": ("say",),
}
"""The lists of which an amending file holds only differences, and the keys that identify an entry."""


@dataclass(frozen=True)
class Source:
    """One file by its name, and its text."""

    file: str
    toml: str

    @cached_property
    def lines(self) -> TomlLines:
        """Return the lines of its keys, which only a flaw needs."""
        return TomlLines(self.toml)


class Origin(NamedTuple):
    """Where one entry of a list was written: the file, and the place in the list there."""

    source: Source
    place: int


@dataclass(frozen=True, slots=True)
class Document:
    """A rule set as written in one file or joined from two, and the origin of each entry."""

    source: Source
    table: Table
    origins: Mapping[str, tuple[Origin, ...]]

    def flaw(self, place: Path, around: Path, words: str) -> Flaw:
        """Return a flaw at `place`; the path `around` it is that in the file where it was written."""
        source, place = self._written(place)
        return Flaw(source.file, source.lines.line(place), path_text(self._written(around)[1]), words)

    def _written(self, path: Path) -> tuple[Source, Path]:
        match path:
            case (str(key), int(number), *rest) if key in self.origins:
                source, place = self.origins[key][number]
                return source, (key, place, *rest)
            case _:
                return self.source, path


def document_of(source: Source, table: Table) -> Document:
    """Return the document of one file."""
    lists = {key: entries for key in _IDENTIFIED_BY if isinstance(entries := table.get(key), list)}
    return Document(source, table, {key: _origins(source, entries) for key, entries in lists.items()})


def amend(base: Document, change: Document) -> Document:
    """Return `base`, which has no flaw, with the head and the entries of `change`.

    An entry of the same identity replaces the former one in its place; another is appended. Duplicates stay.
    """
    table, origins = {**change.table}, {**change.origins}
    for key, names in _IDENTIFIED_BY.items():
        if key in change.origins or (key in base.origins and key not in change.table):
            entries = _merged(base, change, key, names)
            table[key] = [entry for entry, _ in entries]
            origins[key] = tuple(origin for _, origin in entries)
    return Document(change.source, table, origins)


def _merged(base: Document, change: Document, key: str, names: tuple[str, ...]) -> list[tuple[Any, Origin]]:
    merged, added = _entries(base, key), _entries(change, key)
    places = {_identity(entry, names): place for place, (entry, _) in enumerate(merged)}
    for entry, origin in added:
        place = places.pop(_identity(entry, names), None)
        if place is None:
            merged.append((entry, origin))
        else:
            merged[place] = entry, origin
    return merged


def _entries(document: Document, key: str) -> list[tuple[Any, Origin]]:
    return list(zip(document.table.get(key, ()), document.origins.get(key, ()), strict=True))


def _identity(entry: object, names: tuple[str, ...]) -> str:
    """Return the identity of an entry; that of a sentence is its Danish words."""
    values = [entry.get(name) for name in names] if isinstance(entry, dict) else [entry]
    return repr([value.get("da") if isinstance(value, dict) else value for value in values])


def _origins(source: Source, entries: list[Any]) -> tuple[Origin, ...]:
    return tuple(Origin(source, place) for place in range(len(entries)))
