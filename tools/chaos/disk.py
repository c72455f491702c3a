"""A disk that can be full: a file system of its own, shrunk to what is on it, so that the machine's own never fills."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_WHOLE: Final = "size=8g"
_LEFT: Final = 65_536
"""How many bytes a full disk still has."""
_ATTEMPTS: Final = 20


@dataclass(frozen=True)
class Disk:
    """Where the servers and programs write; where it could not be laid, it cannot be filled either."""

    folder: Path
    can_be_filled: bool

    def fill(self) -> None:
        """Leave next to nothing free; raises OSError when those who write are quicker, again and again."""
        for _ in range(_ATTEMPTS):
            stands = os.statvfs(self.folder)
            used = (stands.f_blocks - stands.f_bfree) * stands.f_frsize
            if _mount(self.folder, f"remount,size={used + _LEFT}"):
                return
        raise OSError(f"{self.folder} could not be filled.")

    def empty(self) -> None:
        """Let there be room again."""
        _mount(self.folder, f"remount,{_WHOLE}")


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Lay a file system over a folder where this user may."""
    is_laid = _mount(folder, _WHOLE)
    try:
        yield Disk(folder, is_laid)
    finally:
        if is_laid and (umount := shutil.which("umount")):
            subprocess.run([umount, "--lazy", folder], check=True)


def _mount(folder: Path, options: str) -> bool:
    mount = shutil.which("mount")
    if mount is None:
        return False
    laid = [mount, "-t", "tmpfs", "-o", options, "fodslag-chaos", str(folder)]
    return subprocess.run(laid, check=False, capture_output=True).returncode == 0
