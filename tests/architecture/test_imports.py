"""Which module may import which, where import-linter cannot see: worker.py, which is no package, and the tests."""

import ast
from pathlib import Path

from tests.architecture.files import ROOT, files

PRODUCT = [path for path in files("*.py") if path.relative_to(ROOT).parts[0] != "tests"]
TESTS = [path for path in files("*.py") if path.relative_to(ROOT).parts[0] == "tests"]
OF_WORKER = {"activities", "domain", "infra", "rules", "workflows"}
OURS = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in PRODUCT}


def imports(path: Path) -> set[str]:
    """Return every module that a file imports, or takes a name from, and that name as if it were a module too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def roots(path: Path) -> set[str]:
    return {module.split(".")[0] for module in imports(path)}


def test_the_worker_imports_only_what_it_runs() -> None:
    assert roots(ROOT / "worker.py") & OURS <= OF_WORKER


def test_nobody_imports_the_worker() -> None:
    assert [path for path in PRODUCT + TESTS if "worker" in roots(path)] == [], "Run it by name, as `-m worker`."


def test_no_import_is_hidden_from_the_contracts() -> None:
    hidden = [
        path for path in PRODUCT if "typing.TYPE_CHECKING" in imports(path) or "TYPE_CHECKING" in path.read_text()
    ]

    assert hidden == [], "Break the circle that TYPE_CHECKING would hide."


def test_nothing_outside_tests_imports_tests() -> None:
    importing = [path for path in PRODUCT if "tests" in roots(path)]

    assert importing == [], "Move what both need to tools/town."


def test_no_test_imports_another_test() -> None:
    importing = [path for path in TESTS if any(".test_" in module for module in imports(path))]

    assert importing == [], "Move what both need to the vocabulary.py of their layer."
