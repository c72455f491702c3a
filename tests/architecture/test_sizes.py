import ast
from pathlib import Path

from tests.architecture.files import ROOT, files

LINES_OF_A_FILE = 250
LINES_OF_A_TEST_FILE = 400
LINES_OF_A_FUNCTION = 40


def test_every_file_can_be_read_in_one_sitting() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in files("*.py")}

    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines > limit(path)} == {}


def test_every_function_can_be_seen_at_a_glance() -> None:
    lengths = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": length(node)
        for path in files("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert lengths
    assert {function: lines for function, lines in lengths.items() if lines > LINES_OF_A_FUNCTION} == {}


def limit(path: Path) -> int:
    return LINES_OF_A_TEST_FILE if path.parts[0] == "tests" else LINES_OF_A_FILE


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1
