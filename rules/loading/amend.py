"""A rule set written as what differs from another of its folder; every part keeps the file and place it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from rules.checks.flaws import Flaw, Path, named
from rules.loading.toml_lines import TomlLines

AMENDS: Final = "amends"
"""The key of the head that names the file which is amended; the whole rule set does not have it."""

Table = dict[str, Any]
"""A document, or a part of one, before anybody has judged it."""

_KNOWN_BY: Final[Mapping[str, tuple[str, ...]]] = {
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
"""The lists of which an amending file holds only what differs, and by what a part is known again."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file, and the lines on which its keys stand."""

    file: str
    lines: TomlLines


class Origin(NamedTuple):
    """Where one part of a list was written: the file, and the place in the same list there."""

    source: Source
    place: int


@dataclass(frozen=True, slots=True)
class Document:
    """A rule set as it is written, whole or put together of two files, and where each part of it was written."""

    source: Source
    table: Table
    origins: Mapping[str, tuple[Origin, ...]]

    def flaw(self, place: Path, around: Path, words: str) -> Flaw:
        """Return what is wrong at `place`, with the path `around` it as it is in the file where it was written."""
        source, place = self._written(place)
        return Flaw(source.file, source.lines.line(place), named(self._written(around)[1]), words)

    def _written(self, path: Path) -> tuple[Source, Path]:
        match path:
            case (str(key), int(number), *rest) if key in self.origins:
                source, place = self.origins[key][number]
                return source, (key, place, *rest)
            case _:
                return self.source, path


def document(source: Source, table: Table) -> Document:
    """Return what one file says by itself."""
    lists = {key: found for key in _KNOWN_BY if isinstance(found := table.get(key), list)}
    return Document(source, table, {key: _origins(source, found) for key, found in lists.items()})


def amended(ground: Document, change: Document) -> Document:
    """Return the whole of which `change` holds the head and those parts that differ from a sound `ground`.

    A part known already takes the place of the former; another comes behind. What is written twice stays twice.
    """
    table, origins = {**change.table}, {**change.origins}
    for key, names in _KNOWN_BY.items():
        if key in change.origins or (key in ground.origins and key not in change.table):
            parts = _merged(ground, change, key, names)
            table[key] = [part for part, _ in parts]
            origins[key] = tuple(origin for _, origin in parts)
    return Document(change.source, table, origins)


def _merged(ground: Document, change: Document, key: str, names: tuple[str, ...]) -> list[tuple[Any, Origin]]:
    merged, added = _parts(ground, key), _parts(change, key)
    places = {_name(part, names): place for place, (part, _) in enumerate(merged)}
    for part, origin in added:
        place = places.pop(_name(part, names), None)
        if place is None:
            merged.append((part, origin))
        else:
            merged[place] = part, origin
    return merged


def _parts(found: Document, key: str) -> list[tuple[Any, Origin]]:
    return list(zip(found.table.get(key, ()), found.origins.get(key, ()), strict=True))


def _name(part: object, names: tuple[str, ...]) -> str:
    """Return by what a part is known again; a sentence is known by its Danish words."""
    values = [part.get(name) for name in names] if isinstance(part, dict) else [part]
    return repr([value.get("da") if isinstance(value, dict) else value for value in values])


def _origins(source: Source, parts: list[Any]) -> tuple[Origin, ...]:
    return tuple(Origin(source, place) for place in range(len(parts)))
