"""One `fodslag run` per folder: two would write the same files."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from standalone.errors import AlreadyRunningError


@contextmanager
def lock_folder(var: Path) -> Iterator[None]:
    """Lock the folder `var`, made when missing, until the block ends or the process dies.

    Raises AlreadyRunningError, naming the process that holds it.
    """
    var.mkdir(parents=True, mode=0o700, exist_ok=True)
    with os.fdopen(os.open(var / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(var, lock.read().strip() or "unknown") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
