"""What can keep the standalone system from running, with what to do about it."""

from pathlib import Path
from typing import ClassVar


class StandaloneError(Exception):
    """Something the person at the keyboard must know; `exit_code` is 2 when nothing was started."""

    exit_code: ClassVar[int] = 1


class PortBusyError(StandaloneError):
    """Another program listens on a port that one of ours needs."""

    exit_code = 2

    def __init__(self, program: str, port: int, setting: str) -> None:
        super().__init__(
            f"Port {port} på 127.0.0.1 er optaget, og {program} skal bruge den. "
            f"Stop det, der bruger den, eller vælg en anden med {setting}.\n"
            f"Port {port} on 127.0.0.1 is busy, and {program} needs it. "
            f"Stop what uses it, or choose another one with {setting}.\n"
            f"  {setting}={port + 1} fodslag run"
        )


class AlreadyRunningError(StandaloneError):
    """Another `fodslag run` has this folder."""

    exit_code = 2

    def __init__(self, var: Path, pid: str) -> None:
        super().__init__(
            f"Mappen {var} bruges af en anden `fodslag run` (proces {pid}). "
            "Stop den først, eller vælg en anden mappe med FODSLAG_VAR og andre porte.\n"
            f"The folder {var} is in use by another `fodslag run` (process {pid}). "
            "Stop that one first, or choose another folder with FODSLAG_VAR and other ports."
        )


class KeyLostError(StandaloneError):
    """A key is missing although there is something that only it can open."""

    exit_code = 2

    def __init__(self, key: Path, var: Path) -> None:
        super().__init__(
            f"Nøglen {key} mangler, men {var} har forløb, der ikke kan læses uden den. "
            "Hent den fra din sikkerhedskopi, eller flyt mappen for at begynde forfra.\n"
            f"The key {key} is missing, but {var} holds courses that cannot be read without it. "
            "Restore it from your backup, or move the folder away to begin with an empty system."
        )


class ProcessFailedError(StandaloneError):
    """A process ended by itself, or did not get ready; the end of its log says why."""

    def __init__(self, what: str, log: Path, last_lines: list[str]) -> None:
        shown = "\n".join(f"  | {line}" for line in last_lines) or "  | –"
        super().__init__(f"{what}\n{log}:\n{shown}")
