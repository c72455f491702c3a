"""The commands that workflows give, read from their source; `python -m tests.architecture.fingerprint` renews them."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from standalone.temporal import SEARCH_ATTRIBUTES
from tests.architecture.files import ROOT
from workflows import messages, options

COMMITTED: Final = Path(__file__).with_name("fingerprint.json")

Fingerprint = dict[str, dict[str, list[str]]]

# What becomes a command in history, or decides which one does.
_COMMANDS: Final = frozenset(
    {
        "continue_as_new",
        "create_task",
        "deprecate_patch",
        "execute_activity",
        "execute_child_workflow",
        "execute_local_activity",
        "patched",
        "sleep",
        "start_activity",
        "start_child_workflow",
        "start_local_activity",
        "upsert_memo",
        "upsert_search_attributes",
        "wait_condition",
    }
)
_NAMED_BY_FIRST_ARGUMENT: Final = ("activity", "child_workflow", "patch")
_HANDLERS: Final = frozenset({"defn", "init", "query", "run", "signal", "update"})


def current() -> Fingerprint:
    """Return the fingerprint of the code."""
    sources = sorted((ROOT / "workflows").glob("*.py"))
    modules = {path.stem: ast.parse(path.read_text()) for path in sources}
    commanding = _commanding(list(modules.values()))
    commands = {name: list(_of_module(module, commanding)) for name, module in modules.items()}
    return {"commands": {name: lines for name, lines in commands.items() if lines}, "names": _names()}


def _commanding(modules: list[ast.Module]) -> frozenset[str]:
    """Return the methods that give commands, by themselves or by calling one that does."""
    methods = [
        m for module in modules for m in ast.walk(module) if isinstance(m, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    names: frozenset[str] = frozenset()
    while True:
        more = frozenset(method.name for method in methods if any(_commands(method, names)))
        if more == names:
            return names
        names = more


def committed() -> Fingerprint:
    """Return the fingerprint that running courses were started under."""
    fingerprint: Fingerprint = json.loads(COMMITTED.read_text())
    return fingerprint


def _names() -> dict[str, list[str]]:
    """Return the names that Temporal has stored, and the length at which a run continues as new."""
    return {
        "queues": [messages.COURSE_QUEUE, messages.COURIER_QUEUE],
        "update": [messages.COMMAND_UPDATE],
        "query": [messages.COURSE_QUERY],
        "search attributes": [f"{name}: {kind}" for name, kind in SEARCH_ATTRIBUTES.items()],
        "events per run": [str(options.EVENTS_PER_RUN)],
    }


def _of_module(module: ast.Module, commanding: frozenset[str]) -> Iterator[str]:
    """Yield handlers and commands in the order of the source, each with its method."""
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            yield from _decorations(node.name, node)
            for part in node.body:
                yield from _of_part(node.name, part, commanding)
        else:
            yield from _of_part("", node, commanding)


def _of_part(owner: str, part: ast.stmt, commanding: frozenset[str]) -> Iterator[str]:
    if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
        place = f"{owner}.{part.name}".lstrip(".")
        yield from _decorations(place, part)
        yield from (f"{place}: {command}" for command in _commands(part, commanding))


def _decorations(place: str, part: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Yield what a class or method is to Temporal, with its stored name where it has one."""
    for decoration in part.decorator_list:
        call = decoration.func if isinstance(decoration, ast.Call) else decoration
        keywords = decoration.keywords if isinstance(decoration, ast.Call) else []
        if isinstance(call, ast.Attribute) and call.attr in _HANDLERS:
            name = "".join(f" {ast.unparse(k.value)}" for k in keywords if k.arg == "name")
            yield f"{place} is {ast.unparse(call)}{name}"


def _commands(part: ast.AST, commanding: frozenset[str]) -> Iterator[str]:
    """Yield the commands below a node, and the calls of methods that give some, in the order of the source."""
    for child in ast.iter_child_nodes(part):
        yield from _commands(child, commanding)
    if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
        if part.func.attr in _COMMANDS:
            yield _command(part, part.func.attr)
        elif part.func.attr in commanding:
            yield f"calls {ast.unparse(part.func)}"


def _command(call: ast.Call, name: str) -> str:
    if any(kind in name for kind in _NAMED_BY_FIRST_ARGUMENT) and call.args:
        return f"{name} {ast.unparse(call.args[0])}"
    if name == "wait_condition":
        has_timeout = any(keyword.arg == "timeout" for keyword in call.keywords)
        return f"{name} {'with' if has_timeout else 'without'} timeout"
    return name


def renew() -> None:
    """Write the fingerprint of the code."""
    COMMITTED.write_text(json.dumps(current(), indent=2) + "\n")


if __name__ == "__main__":
    renew()
