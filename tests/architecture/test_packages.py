import json
import re
from pathlib import Path

import pytest

from tests.architecture.files import ROOT, files

LOCKS = sorted(files("package-lock.json"))
each_lock = pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.parent.relative_to(ROOT)))


def packages(lock: Path) -> dict[str, dict[str, object]]:
    """Return what a lock says of each package but the one it belongs to."""
    locked: dict[str, dict[str, object]] = json.loads(lock.read_text())["packages"]
    return {name: said for name, said in locked.items() if name}


def test_there_are_packages() -> None:
    assert LOCKS


@each_lock
def test_every_package_is_known_by_its_digest_and_by_no_address(lock: Path) -> None:
    assert packages(lock)
    assert [name for name, said in packages(lock).items() if "integrity" not in said or "resolved" in said] == []


@each_lock
def test_no_package_has_anything_to_run_when_it_is_installed_and_none_may(lock: Path) -> None:
    assert [name for name, said in packages(lock).items() if "hasInstallScript" in said] == []
    assert "ignore-scripts=true" in (lock.parent / ".npmrc").read_text().splitlines()


@each_lock
def test_what_is_asked_for_is_one_version(lock: Path) -> None:
    asked = json.loads((lock.parent / "package.json").read_text())
    versions = {**asked.get("dependencies", {}), **asked.get("devDependencies", {})}

    assert versions
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
