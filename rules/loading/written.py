"""TOML as tables that know where they were written, so that whatever is made of them has a file, a line and a field."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from rules.checks.flaws import Flaw, Path, UnreadableError, path_text
from rules.language.phrases import Phrase, Place, phrase
from rules.loading.toml_lines import TomlLines
from rules.loading.toml_slips import first_slip

_WRITTEN_TWICE: Final = re.compile(r"Cannot (overwrite|declare|mutate)|Duplicate")
_SYNTAX_PLACE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


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
    """Where something was written: the file, and the path in it."""

    source: Source
    path: Path

    def inner(self, part: str | int) -> "Origin":
        """Return the origin of a key or an element within."""
        return Origin(self.source, (*self.path, part))

    @property
    def place(self) -> Place:
        """Return the file and the line."""
        return Place(self.source.file, self.source.lines.line(self.path))

    def flaw(self, words: Phrase) -> Flaw:
        """Return a flaw at this place."""
        return Flaw(*self.place, path_text(self.path), words)


_ALONE: Final[Mapping[str, Origin]] = MappingProxyType({})


class Entry(dict[str, Any]):
    """A table, or what a shorter way of writing stands for, and its origin.

    `keys` are the origins of keys that are written elsewhere or by another name. The other keys are written within
    the origin when the entry is `exact`, else the origin is theirs too.
    """

    def __init__(
        self, content: Mapping[str, Any], origin: Origin, keys: Mapping[str, Origin] = _ALONE, *, exact: bool = True
    ) -> None:
        """Keep the content and where it was written."""
        super().__init__(content)
        self.origin, self.keys_elsewhere, self.exact = origin, keys, exact

    def at(self, key: str | int) -> Origin:
        """Return the origin of a key."""
        moved = self.keys_elsewhere.get(str(key))
        return moved or (self.origin.inner(key) if self.exact else self.origin)

    def having(self, content: Mapping[str, Any], keys: Mapping[str, Origin] = _ALONE) -> "Entry":
        """Return the entry with further or other keys."""
        return Entry({**self, **content}, self.origin, {**self.keys_elsewhere, **keys}, exact=self.exact)

    def without(self, *names: str) -> "Entry":
        """Return the entry without some of its keys."""
        content = {key: value for key, value in self.items() if key not in names}
        return Entry(content, self.origin, self.keys_elsewhere, exact=self.exact)


def is_text(value: object) -> bool:
    """Return whether a text was made of written words, and not written as a table."""
    return isinstance(value, Entry) and not value.exact


def parsed(source: Source) -> Entry:
    """Return the content of a file; raises UnreadableError when it is no TOML."""
    try:
        table = tomllib.loads(source.toml, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError([_no_toml(source, str(error))]) from None
    origin = Origin(source, ())
    return Entry({key: _located(value, origin.inner(key)) for key, value in table.items()}, origin)


def _no_toml(source: Source, message: str) -> Flaw:
    """Return the flaw of a file that is no TOML: the slip that people make, else what the parser says of its line."""
    slip = first_slip(source.toml)
    if slip is not None:
        return Flaw(source.file, slip.line, "", slip.phrase)
    place = _SYNTAX_PLACE.search(message)
    line = int(place[1]) if place and place[1] else source.toml.count("\n") + 1
    code = "key-twice" if _WRITTEN_TWICE.match(message) else "no-toml"
    return Flaw(source.file, line, "", phrase(code, message=_SYNTAX_PLACE.sub("", message)))


def _located(value: Any, origin: Origin) -> Any:  # noqa: ANN401 - the content of the file before it is checked
    """Return a TOML value with its origin, and with dates and decimals as text, the form in which facts are stored."""
    match value:
        case dict():
            return Entry({key: _located(inner, origin.inner(key)) for key, inner in value.items()}, origin)
        case list():
            return [_located(inner, origin.inner(number)) for number, inner in enumerate(value)]
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value


def written_at(document: Entry, path: Path) -> Origin:
    """Return where the value of a path was written, or would be."""
    here: Any = document
    origin, exact = document.origin, document.exact
    for part in path:
        if isinstance(here, Entry):
            origin, exact = here.at(part), here.exact or str(part) in here.keys_elsewhere
        elif exact:
            origin = origin.inner(part)
        here = _within(here, part)
        if isinstance(here, Entry):
            origin, exact = here.origin, here.exact
    return origin


def _within(value: object, part: str | int) -> object:
    match value, part:
        case dict(), str():
            return value.get(part)
        case list(), int() if part < len(value):
            return value[part]
        case _:
            return None
