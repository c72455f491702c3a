import re
from pathlib import Path

import pytest

from tests.architecture.files import ROOT, files

# The halves are put together here, so that this file does not hold what it looks for.
REGISTRIES = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("docker", "io"),
]
PLACES = ("work", "root", "opt/pypi")


def found(pattern: str) -> list[str]:
    """Return where in the repository's text files `pattern` is met."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if re.search(pattern, line)
    ]


def text_of(path: Path) -> str:
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode()


@pytest.mark.parametrize(("name", "domain"), REGISTRIES)
def test_nothing_names_the_host_of_a_registry(name: str, domain: str) -> None:
    assert found(rf"\b{name}\.{domain}\b") == []


@pytest.mark.parametrize("place", PLACES)
def test_nothing_names_a_path_of_the_machine_it_was_written_on(place: str) -> None:
    assert found(rf"(?<![\w.<*-])/{place}\b/") == []


def test_nothing_holds_a_private_key() -> None:
    assert found(r"-----BEGIN [A-Z ]*PRIVATE" + " KEY") == []
