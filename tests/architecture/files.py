from collections.abc import Iterator
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
