"""Guides as programs: their shell blocks run in order, and what they print is what the page says they print.

A block of `sh` is run, one of `console` is only to be read. What follows it as `json` or `text` is its output, line by
line or document by document; `…` stands for anything, and a JSON object may have more than is shown.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.architecture.files import ROOT, files
from tools.town.town import Town

_BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_END: Final = "::: end of a block :::"
_ANYTHING: Final = "…"


@dataclass(frozen=True)
class Step:
    """One block to run, and what the page says it prints; None when the page does not say."""

    command: str
    shown: str | None


def steps(page: Path) -> list[Step]:
    """Return the blocks of a page that are to be run."""
    blocks = [(match[1], match[2]) for match in _BLOCK.finditer(page.read_text())]
    following = [*blocks, ("", "")][1:]
    return [
        Step(block, after if kind in {"json", "text"} else None)
        for (language, block), (kind, after) in zip(blocks, following, strict=True)
        if language == "sh"
    ]


def pages() -> list[Path]:
    """Return every page that has a block to run."""
    return [page for page in sorted(files("*.md")) if steps(page)]


def outputs(town: Town, page: Path, folder: Path) -> tuple[list[str], str]:
    """Run the blocks of a page in one shell against `town`; return what each printed, and why it stopped if it did."""
    bash, curl = shutil.which("bash"), shutil.which("curl")
    assert bash, "The guides need bash."
    assert curl, "The guides need curl; on Debian and Ubuntu: apt install curl"
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "rules").symlink_to(ROOT / "rules")
    shutil.copytree(ROOT / "docs", folder / "docs")
    script = "\n".join(f"{step.command}\necho; echo '{_END}'" for step in steps(page))
    environment = {
        **os.environ,
        "FODSLAG_JWT_KEY": town.keys["FODSLAG_JWT_KEY"],
        "FODSLAG_API_PORT": str(town.settings.api_port),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        [bash, "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    *printed, rest = [part.strip("\n") for part in done.stdout.split(_END)]
    return printed, "" if done.returncode == 0 else f"{rest}\n{done.stderr}"


def differences(shown: str, printed: str) -> list[str]:
    """Return where an output is not what the page shows, in words; nothing when it is."""
    expected, actual = list(_documents(shown)), list(_documents(printed))
    if len(expected) != len(actual):
        return [f"{len(expected)} are shown, {len(actual)} were printed: {printed[:2000]}"]
    return [
        difference for n, pair in enumerate(zip(expected, actual, strict=True)) for difference in _unlike(f"{n}", *pair)
    ]


def _documents(text: str) -> Iterator[Any]:
    """Yield the JSON objects and lists of a text, and each line that begins none as it is."""
    reader = json.JSONDecoder()
    text = text.strip()
    while text:
        line = text.partition("\n")[0]
        try:
            document, end = reader.raw_decode(text) if text.startswith(("{", "[")) else (line, len(line))
        except json.JSONDecodeError:
            document, end = line, len(line)
        yield document
        text = text[end:].strip()


def _unlike(where: str, shown: Any, printed: Any) -> Iterator[str]:
    match shown:
        case str() if _ANYTHING in shown:
            pattern = ".*".join(map(re.escape, shown.split(_ANYTHING)))
            if shown != _ANYTHING and not re.fullmatch(pattern, str(printed), re.DOTALL):
                yield f"{where}: {printed!r} is not like {shown!r}"
        case dict() if isinstance(printed, dict):
            yield from (f"{where}.{name} is missing" for name in shown if name not in printed)
            for name in shown.keys() & printed.keys():
                yield from _unlike(f"{where}.{name}", shown[name], printed[name])
        case list() if isinstance(printed, list) and len(shown) == len(printed):
            for index, (one, other) in enumerate(zip(shown, printed, strict=True)):
                yield from _unlike(f"{where}.{index}", one, other)
        case _ if shown != printed:
            yield f"{where}: {printed!r} is not {shown!r}"
