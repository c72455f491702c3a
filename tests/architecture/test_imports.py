"""Which module may import which, where import-linter cannot see: worker.py, which is no package, and the tests."""

import ast
from functools import cache
from pathlib import Path

from tests.architecture.files import ROOT, files, must_be_none, place, text_of, tree

PRODUCT = [path for path in files("*.py") if path.relative_to(ROOT).parts[0] != "tests"]
TESTS = [path for path in files("*.py") if path.relative_to(ROOT).parts[0] == "tests"]
OF_WORKER = {"activities", "domain", "infra", "rules", "workflows"}
OURS = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in PRODUCT}


@cache
def imports(path: Path) -> set[str]:
    """Return every module that a file imports, or takes a name from, and that name as if it were a module too."""
    modules: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return modules


def roots(path: Path) -> set[str]:
    return {module.split(".")[0] for module in imports(path)}


def test_the_worker_imports_only_what_it_runs() -> None:
    must_be_none((roots(ROOT / "worker.py") & OURS) - OF_WORKER, "Let worker.py import only what a worker runs.")


def test_nobody_imports_the_worker() -> None:
    must_be_none(
        (place(path) for path in PRODUCT + TESTS if "worker" in roots(path)), "Run worker.py by name, as `-m worker`."
    )


def test_no_import_is_hidden_from_the_contracts() -> None:
    must_be_none(
        (place(path) for path in PRODUCT if "TYPE_CHECKING" in text_of(path)),
        "Break the circle that TYPE_CHECKING would hide.",
    )


def test_nothing_outside_tests_imports_tests() -> None:
    must_be_none((place(path) for path in PRODUCT if "tests" in roots(path)), "Move what both need to tools/town.")


def test_no_test_imports_another_test() -> None:
    must_be_none(
        (f"{place(path)} imports {module}" for path in TESTS for module in imports(path) if ".test_" in module),
        "Move what both need to the vocabulary.py of their layer.",
    )
