"""A decider's docstring names the codes it refuses with: those that it and its helpers in `domain.decide` raise."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import domain.decide
from domain.errors import Code

ROOM: Final = Path(domain.decide.__file__).parent
Function = tuple[str, str]
"""A module of the room and the name of a function in it, or of a method of its class."""


@cache
def tree_of(module: str) -> ast.Module:
    """Return the code of a module of the room."""
    return ast.parse((ROOM / f"{module.replace('.', '/')}.py").read_text())


@cache
def functions() -> dict[Function, ast.FunctionDef]:
    """Return every function and method of the room."""
    modules = [".".join(path.relative_to(ROOM).with_suffix("").parts) for path in ROOM.rglob("*.py")]
    return {
        (module, node.name): node
        for module in modules
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.FunctionDef)
    }


def imported(module: str) -> dict[str, Function]:
    """Return what a module imports from the room by name."""
    head = f"{domain.decide.__name__}."
    froms = [node for node in tree_of(module).body if isinstance(node, ast.ImportFrom)]
    return {
        alias.asname or alias.name: (str(node.module).removeprefix(head), alias.name)
        for node in froms
        if str(node.module).startswith(head)
        for alias in node.names
    }


def called(function: Function) -> Iterator[Function]:
    """Yield the functions of the room that a function names."""
    module, _ = function
    names = imported(module)
    for node in ast.walk(functions()[function]):
        if isinstance(node, ast.Name):
            yield names.get(node.id, (module, node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "decision":
            yield "decision", node.attr


def raised(function: Function) -> set[str]:
    """Return the codes that a function may raise, by itself or by the functions of the room that it calls."""
    open_ends, seen, codes = [function], {function}, set()
    while open_ends:
        here = open_ends.pop()
        for node in ast.walk(functions()[here]):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Code":
                codes.add(Code[node.attr].value)
        fresh = {each for each in called(here) if each in functions()} - seen
        seen |= fresh
        open_ends += fresh
    return codes


def named(function: Function) -> set[str]:
    """Return the codes that a docstring names."""
    words = re.findall(r"`([a-z-]+)`", ast.get_docstring(functions()[function]) or "")
    return set(words) & {code.value for code in Code}


def deciders() -> list[Function]:
    """Return the functions that decide about a command."""
    return sorted(
        function
        for function, node in functions().items()
        if any(isinstance(d, ast.Call) and getattr(d.func, "id", "") == "decides" for d in node.decorator_list)
    )


@pytest.mark.parametrize("decider", deciders(), ids=".".join)
def test_a_docstring_names_the_codes_that_its_decider_refuses_with(decider: Function) -> None:
    assert named(decider) == raised(decider)
