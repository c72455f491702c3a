import json
import re
from pathlib import Path

from tests.architecture.files import files, must_be_none, place, text_of

LOCKS = sorted(files("package-lock.json"))
EXACT = re.compile(r"\d+\.\d+\.\d+")


def packages(lock: Path) -> dict[str, dict[str, object]]:
    """Return what a lock says of each package but the one it belongs to."""
    locked: dict[str, dict[str, object]] = json.loads(text_of(lock))["packages"]
    return {name: package for name, package in locked.items() if name}


def test_there_are_packages() -> None:
    assert [name for lock in LOCKS for name in packages(lock)]


def test_every_package_is_known_by_its_digest_and_by_no_address() -> None:
    must_be_none(
        (
            f"{place(lock)}: {name}"
            for lock in LOCKS
            for name, package in packages(lock).items()
            if "integrity" not in package or "resolved" in package
        ),
        "Renew the lock by `make lock`, which leaves addresses out.",
    )


def test_no_package_has_anything_to_run_when_it_is_installed_and_none_may() -> None:
    must_be_none(
        (
            f"{place(lock)}: {name}"
            for lock in LOCKS
            for name, package in packages(lock).items()
            if "hasInstallScript" in package
        ),
        "Take another package: none may run anything when it is installed.",
    )
    must_be_none(
        (
            place(lock.parent)
            for lock in LOCKS
            if "ignore-scripts=true" not in text_of(lock.parent / ".npmrc").splitlines()
        ),
        "Write ignore-scripts=true into .npmrc beside the lock.",
    )


def test_what_is_asked_for_is_one_version() -> None:
    asked = [(lock.parent / "package.json", json.loads(text_of(lock.parent / "package.json"))) for lock in LOCKS]
    versions = [
        (file, name, version)
        for file, package in asked
        for kind in ("dependencies", "devDependencies")
        for name, version in package.get(kind, {}).items()
    ]

    assert versions
    must_be_none(
        (f"{place(file)}: {name} {version}" for file, name, version in versions if not EXACT.fullmatch(version)),
        "Ask for one version, such as 1.2.3.",
    )
