"""Flaws of a rule set for the person who writes it: file, line, field, and what is wrong with its remedy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from rules.language.phrases import Phrase, listed, phrase

Path = tuple[str | int, ...]
"""The way to a value: keys of tables and places in arrays."""

Flaws = Iterator[tuple[Path, Phrase]]
"""Flaws by their place."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw, its place, and the remedy."""

    file: str
    line: int
    field: str
    phrase: Phrase


class UnreadableError(Exception):
    """A rule set that cannot be used, with all its flaws by file and line."""

    code = "rules-unreadable"

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        """Keep the flaws by file and line."""
        self.flaws = tuple(sorted(flaws, key=lambda flaw: (flaw.file, flaw.line, flaw.field, str(flaw.phrase))))
        super().__init__(*self.flaws)


_FEW: Final = 12
"""How many names a remedy may list."""


def path_text(path: Path) -> str:
    """Return a path as people write it, such as `steps[1].requirements[0].must`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def suggestion(name: str, names: Iterable[str]) -> Phrase:
    """Return the remedy for an unknown name: the nearest of `names`, or all of them where they are not too many."""
    known = sorted(names)
    close = get_close_matches(name, known, n=1)
    if close:
        return phrase("did-you-mean", name=close[0])
    if len(known) > _FEW:
        return phrase("correct-or-remove")
    return phrase("use-one-of", names=listed(known)) if known else phrase("declare-or-remove")


def unknown_name(what: Phrase, name: str, names: Iterable[str], path: Path) -> Flaws:
    """Yield the flaw that a name is none of `names`."""
    known = set(names)
    if name not in known:
        yield path, phrase("unknown", what=what, name=name, remedy=suggestion(name, known))


def undeclared(what: Phrase, name: str, names: Iterable[str], path: Path) -> Flaws:
    """Yield the flaw that a fact or parameter is not declared."""
    known = set(names)
    if name not in known:
        yield path, phrase("undeclared", what=what, name=name, remedy=suggestion(name, known))
