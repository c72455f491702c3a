"""Saves the event log in a file, piece by piece; a file is there only when it is whole."""

from pathlib import Path

import httpx
from rich.console import Console

from clients.caller import Caller

_REFUSED = 1


def save_event_log(caller: Caller, file: Path, console: Console) -> int:
    """Write what the API exports to a file and return the exit code; what it refuses is printed."""
    part = file.with_name(f"{file.name}.part")
    try:
        with caller.http.stream("GET", "/v1/export") as answer:
            if not answer.is_success:
                answer.read()
                console.print(answer.text, markup=False)
                return _REFUSED
            with part.open("wb") as written:
                for piece in answer.iter_bytes():
                    written.write(piece)
    except httpx.HTTPError as error:
        part.unlink(missing_ok=True)
        console.print(f"{type(error).__name__}: {caller.http.base_url}", markup=False)
        return _REFUSED
    part.replace(file)
    return 0
