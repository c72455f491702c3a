import ast
from pathlib import Path

from tests.architecture.files import files, must_be_none, place, text_of, tree

LINES_OF_A_FILE = 250
LINES_OF_A_TEST_FILE = 400
LINES_OF_A_FUNCTION = 40


def test_every_file_can_be_read_in_one_sitting() -> None:
    lengths = {path: len(text_of(path).splitlines()) for path in files("*.py")}

    assert lengths
    must_be_none(
        (f"{place(path)} has {lines} lines of {limit(path)}" for path, lines in lengths.items() if lines > limit(path)),
        "Part a file that has two subjects, by subject.",
    )


def test_every_function_can_be_seen_at_a_glance() -> None:
    lengths = {
        f"{place(path, node.lineno)} {node.name}": length(node)
        for path in files("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert lengths
    must_be_none(
        (f"{function} has {lines} lines" for function, lines in lengths.items() if lines > LINES_OF_A_FUNCTION),
        f"Name the parts of a function of more than {LINES_OF_A_FUNCTION} lines, as functions of their own.",
    )


def limit(path: Path) -> int:
    return LINES_OF_A_TEST_FILE if place(path).startswith("tests/") else LINES_OF_A_FILE


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1
