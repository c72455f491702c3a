"""Reading the store changes nothing, and a command changes nothing but the rows of its course."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.files import ROOT

QUERIES = sorted((ROOT / "infra" / "store" / "queries").glob("*.py"))
RECORDING = ROOT / "migrations" / "versions" / "0001" / "7_recording.sql"
CHANGING = re.compile(r"(?<!DO )(?<!KEY )\b(?:UPDATE|DELETE FROM) \w+ AS .*?;", re.DOTALL)
WRITING = {"Delete", "Insert", "Update", "delete", "insert", "text", "update"}  # `text` could hold anything.


def writing_names(source: str) -> Iterator[str]:
    """Return each name that a module takes from SQLAlchemy, or uses of a table, and that would write."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            yield from (alias.name for alias in node.names if alias.name in WRITING)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("sqlalchemy"))
        if isinstance(node, ast.Attribute) and node.attr in WRITING:
            yield node.attr


def test_queries_write_nothing() -> None:
    assert QUERIES

    writers = {path.name: names for path in QUERIES if (names := list(writing_names(path.read_text())))}

    assert writers == {}, "Move what writes to infra/store/courses or infra/store/registers."


def test_whatever_a_command_changes_is_found_by_its_course() -> None:
    """Else the plan that is made while there is little may read all that a municipality comes to have."""
    changing = CHANGING.findall(RECORDING.read_text())
    assert changing

    strangers = [statement for statement in changing if "course_id = of_course" not in statement]

    assert strangers == [], "Say `course_id = of_course` too."
