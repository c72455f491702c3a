"""A rule set in a folder of files, joined to the one document that a single file is."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from rules.checks.flaws import Flaw, UnreadableError
from rules.language.phrases import phrase
from rules.loading.written import Entry, Source, parsed

HEAD: Final = "set.toml"
"""The file of a folder that holds the head of the set."""

ENGLISH: Final = "english"
"""The key of the English texts, and the name of their file."""

STEP: Final = "step"
"""The table that makes a file one of a step."""

_LEADING: Final = re.compile(r"[0-9]+")


def names_of_sets(files: Mapping[str, str]) -> frozenset[str]:
    """Return the names of the rule sets: a single file with its ending, a folder without a slash."""
    return frozenset(name.partition("/")[0] for name in files if name.endswith(".toml"))


def document_of(name: str, files: Mapping[str, str]) -> Entry:
    """Return what a file or a folder holds; raises UnreadableError when a file is no TOML or is missing."""
    if name.endswith(".toml"):
        return parsed(Source(name, files[name]))
    if f"{name}/{HEAD}" not in files:
        words = phrase("head-missing", file=HEAD)
        raise UnreadableError([Flaw(f"{name}/{HEAD}", 1, "", words)])
    return _joined([parsed(Source(file, files[file])) for file in members(name, files)])


def members(name: str, files: Mapping[str, str]) -> list[str]:
    """Return the files of a folder: that of the head first, then by the numbers with which they begin, and by name."""
    inside = [file for file in files if file.startswith(f"{name}/") and file.endswith(".toml")]
    return sorted(inside, key=lambda file: _order(file.partition("/")[2]))


def _order(file: str) -> tuple[bool, int, str]:
    leading = _LEADING.match(file)
    return file != HEAD, int(leading[0]) if leading else 0, file


def _joined(tables: list[Entry]) -> Entry:
    document, flaws = tables[0], list[Flaw]()
    steps = document.get("steps", [])
    for table in tables[1:]:
        if table.origin.source.file.endswith(f"/{ENGLISH}.toml"):
            document = document.having({ENGLISH: table})
        elif STEP in table:
            steps = [*steps, _step(table, flaws)] if isinstance(steps, list) else steps
        else:
            document = _with(document, table, flaws)
    if flaws:
        raise UnreadableError(flaws)
    return document.having({"steps": steps}) if steps else document


def _with(document: Entry, table: Entry, flaws: list[Flaw]) -> Entry:
    """Return the document with what another file holds; lists go on, and everything else is written once."""
    content: dict[str, Any] = {}
    for key, value in table.items():
        former = document.get(key)
        if not isinstance(value, list | Entry):
            flaws.append(table.at(key).flaw(phrase("write-in-head", key=key, file=HEAD)))
        elif isinstance(former, list) and isinstance(value, list):
            content[key] = former + value
        elif former is None:
            content[key] = value
        else:
            there = document.at(key).source.file
            flaws.append(table.at(key).flaw(phrase("written-in-two-files", key=key, file=there)))
    return document.having(content, {key: table.at(key) for key in content if key not in document})


def _step(table: Entry, flaws: list[Flaw]) -> Any:  # noqa: ANN401 - the content of the file before it is checked
    step = table[STEP]
    if not isinstance(step, Entry):
        return step
    if next(iter(table)) != STEP:
        flaws.append(step.origin.flaw(phrase("step-first", key=STEP)))
    inside = table.without(STEP)
    twice = step.keys() & inside.keys()
    flaws += [inside.at(key).flaw(phrase("written-in-step", key=key, step=STEP)) for key in twice]
    return step.having(inside, {key: inside.at(key) for key in inside})


def joined_text(name: str, files: Mapping[str, str]) -> str:
    """Return a folder as one file, as it is sent over the API: the same tables, those of a step under `steps`."""
    return "\n".join("\n".join(_lines_of(Source(file, files[file]))) for file in members(name, files))


def _lines_of(source: Source) -> Iterator[str]:
    table, headers = parsed(source), source.lines.headers
    is_english = source.file.endswith(f"/{ENGLISH}.toml")
    if is_english:
        yield f"[{ENGLISH}]"
    for number, line in enumerate(source.toml.splitlines(), 1):
        if number not in headers or not (is_english or STEP in table):
            yield line
        elif is_english:
            yield line.replace("[", f"[{ENGLISH}.", 1)
        elif line.split("#")[0].strip() == f"[{STEP}]":
            yield "[[steps]]"
        else:
            yield re.sub(rf"^(\s*\[+\s*)(?:{STEP}\.)?", r"\1steps.", line)
