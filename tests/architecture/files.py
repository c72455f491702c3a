"""The repository's own files, each read and parsed once, and how a broken rule is told."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from os import walk
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What git ignores and what git keeps for itself.
NOT_OURS = {"var", "build", "dist", "node_modules", "__pycache__"}
OURS_THOUGH_HIDDEN = {".ci", ".github"}


def files(pattern: str = "*") -> Iterator[Path]:
    """Walk the repository's own files, also where there is no git."""
    for folder, subfolders, names in walk(ROOT):
        subfolders[:] = [name for name in subfolders if is_ours(name)]
        # In a working tree beside another, `.git` is a file.
        yield from (path for name in names if name != ".git" and (path := Path(folder, name)).match(pattern))


def is_ours(folder: str) -> bool:
    hidden = folder.startswith(".") and folder not in OURS_THOUGH_HIDDEN
    return not hidden and folder not in NOT_OURS and not folder.endswith(".egg-info")


@cache
def text_of(path: Path) -> str:
    """Return the text of a file, nothing of one that is no text."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode()


@cache
def tree(path: Path) -> ast.Module:
    """Return a file of Python as its syntax tree."""
    return ast.parse(text_of(path))


def place(path: Path, line: int | None = None) -> str:
    """Return where something is, as an editor opens it."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


def must_be_none(places: Iterable[str], remedy: str) -> None:
    """Fail with every place at which a rule is broken, and with what to do about it."""
    broken = sorted(places)
    assert not broken, "\n".join([remedy, *(f"  {where}" for where in broken)])
