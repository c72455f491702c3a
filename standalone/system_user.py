"""What PostgreSQL needs when we are root, whom it refuses: a system user who can reach what it reads."""

import fcntl
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Final

from standalone.errors import StandaloneError

_USER: Final = "pgserver"
_OWNERS_READ_AND_PASS: Final = stat.S_IRUSR | stat.S_IXUSR
_FROM_OWNER_TO_OTHERS: Final = 6  # Bits between the owner's permissions and the others'.


def is_root() -> bool:
    return os.geteuid() == 0


def give_to_system_user(*paths: Path) -> None:
    """Make the system user, created when missing, the owner of `paths`; raises StandaloneError."""
    with Path("/etc/passwd").open(encoding="utf-8") as users:
        fcntl.flock(users, fcntl.LOCK_EX)  # Of two who make the user at once, the later gives it another id.
        try:
            pwd.getpwnam(_USER)
        except KeyError:
            _create_user()
    for path in paths:
        shutil.chown(path, _USER, _USER)


def make_reachable(folder: Path, *programs: Path) -> None:
    """Let the unprivileged owner of `folder` reach it, and read and run what is in `programs`.

    Folders on the way become passable for others, never readable.
    """
    for ancestor in {*folder.parents, *(ancestor for path in programs for ancestor in path.parents)}:
        _permit(ancestor, stat.S_IXOTH)
    for installed in programs:
        if not installed.stat().st_mode & stat.S_IROTH:  # It was installed for its owner alone.
            for path in (*installed.rglob("*"), installed):
                _permit(path, (path.stat().st_mode & _OWNERS_READ_AND_PASS) >> _FROM_OWNER_TO_OTHERS)


def _permit(path: Path, permission: int) -> None:
    mode = path.stat().st_mode
    if mode & permission != permission:  # A read-only file system refuses even a change that changes nothing.
        path.chmod(mode | permission)


def _create_user() -> None:
    try:
        subprocess.run(
            [
                "useradd",
                "--system",
                "--user-group",
                "--no-create-home",
                "--shell",
                "/usr/sbin/nologin",
                _USER,
            ],
            check=True,
            capture_output=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise StandaloneError(
            f"PostgreSQL kan ikke køre som root, og brugeren {_USER} kan ikke oprettes. Kør som dig selv.\n"
            f"PostgreSQL cannot run as root, and the user {_USER} cannot be made. Run as yourself.\n"
            f"  {getattr(error, 'stderr', None) or error}"
        ) from error
