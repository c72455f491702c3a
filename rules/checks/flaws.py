"""Flaws of a rule set in plain words for the person who writes it: file, line, field and the remedy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

Path = tuple[str | int, ...]
"""The way to a value: keys of tables and places in arrays."""

Flaws = Iterator[tuple[Path, str]]
"""Flaws by their place, in words."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw, its place, and the remedy."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Return the flaw as one sentence."""
        place = f", {self.field}" if self.field else ""
        return f"{self.file}, line {self.line}{place}: {self.message}"


class UnreadableError(Exception):
    """A rule set that cannot be used, with all its flaws by file and line."""

    code = "rules-unreadable"

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        """Keep the flaws by file and line."""
        self.flaws = tuple(sorted(flaws, key=lambda flaw: (flaw.file, flaw.line, flaw.field, flaw.message)))
        super().__init__("\n".join(str(flaw) for flaw in self.flaws))


def path_text(path: Path) -> str:
    """Return a path as people write it, such as `steps[1].requirements[0].must`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def suggestion(name: str, names: Iterable[str]) -> str:
    """Return the remedy for an unknown name: the nearest of `names`, or all of them."""
    listed = sorted(names)
    close = get_close_matches(name, listed, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    return "use one of " + ", ".join(listed) if listed else "declare it or remove it"


def unknown_name(what: str, name: str, names: Iterable[str], path: Path) -> Flaws:
    """Yield the flaw that a name is none of `names`."""
    listed = set(names)
    if name not in listed:
        yield path, f"'{name}' is no {what}; {suggestion(name, listed)}"


def undeclared(what: str, name: str, names: Iterable[str], path: Path) -> Flaws:
    """Yield the flaw that a fact or parameter is not declared."""
    listed = set(names)
    if name not in listed:
        yield path, f"the {what} '{name}' is not declared; {suggestion(name, listed)}"
