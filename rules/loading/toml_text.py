"""Writes tables as TOML: what a form changes in a municipality's document is kept as people write it by hand.

The order of keys is kept, for it is the order of a fact's answers; the libraries that write TOML put tables last.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_DELETE: Final = "\x7f"


def toml_text(document: Mapping[str, Any]) -> str:
    """Return the TOML of a document: its own values first, then each table, and each entry of a list of tables."""
    tables = {key: value for key, value in document.items() if _is_table(value)}
    lines = [*_pairs({key: value for key, value in document.items() if key not in tables})]
    for key, value in tables.items():
        entries, heading = (value, f"[[{_key(key)}]]") if isinstance(value, list) else ([value], f"[{_key(key)}]")
        for entry in entries:
            lines += ["", heading, *_pairs(entry)]
    return "\n".join(lines) + "\n"


def _is_table(value: object) -> bool:
    is_list = isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value)
    return isinstance(value, dict) or bool(is_list)


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{_key(key)} = {_written(value)}" for key, value in table.items())


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _written(value: Any) -> str:  # noqa: ANN401 - whatever TOML holds
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _quoted(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(_written, value))}]"
        case dict():
            pairs = ", ".join(_pairs(value))
            return f"{{ {pairs} }}" if pairs else "{}"
        case _:
            return str(value)


def _quoted(text: str) -> str:
    """Return a text as TOML has it, which escapes what JSON does, and DEL besides."""
    return json.dumps(text, ensure_ascii=False).replace(_DELETE, "\\u007f")
