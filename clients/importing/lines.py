"""Reads the file: each line becomes the request that takes a course over, or has flaws."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Never

from clients.importing.columns import FREE, PASSED, REQUIRED, body_of, fixed_columns
from clients.importing.csv_rows import CsvTable, Flaw, Row

_BOM: Final = "﻿"


@dataclass
class Line:
    """One course of the file, by the number of its line."""

    number: int
    reference: str
    body: dict[str, Any]
    flaws: list[Flaw] = field(default_factory=list)


class UnreadableFileError(Exception):
    """A file that cannot be used; the message is the remedy, in Danish and English."""


def read(file: Path, defaults: Mapping[str, str]) -> list[Line]:
    """Return every course of a file; `defaults` are the municipality and unit of lines that name none.

    Raises UnreadableFileError for another encoding, another form, or columns that are not known.
    """
    text = _text(file)
    lines = list(_json_lines(text) if file.suffix in {".jsonl", ".ndjson"} else _csv_lines(text))
    if not lines:
        raise UnreadableFileError(f"{file} har ingen forløb. / {file} has no courses.")
    for line in lines:
        line.body = {**{name: value for name, value in defaults.items() if value}, **line.body}
        if "unit" not in line.body:
            line.flaws.append(
                Flaw("unit", "mangler / is missing", "Skriv den, eller brug --unit. / Write it, or use --unit.")
            )
    _expect_each_once(lines)
    return lines


def _text(file: Path) -> str:
    try:
        written = file.read_bytes()
    except OSError as error:
        reason = error.strerror
        raise UnreadableFileError(f"{file} kan ikke læses: {reason}. / {file} cannot be read: {reason}.") from None
    try:
        return written.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError(
            f"{file} er ikke UTF-8 (linje {line}). Gem den som »CSV UTF-8«.\n"
            f"{file} is not UTF-8 (line {line}). Save it as “CSV UTF-8”."
        ) from None


def _json_lines(text: str) -> Iterator[Line]:
    for number, written in enumerate(text.split("\n"), 1):
        if not written.strip():
            continue
        body = _json_object(written)
        if body is not None:
            yield Line(number, str(body.get("reference", "")), body)
        else:
            flaw = Flaw(
                "",
                "er ikke et JSON-objekt / is no JSON object",
                "Skriv ét objekt pr. linje. / Write one object a line.",
            )
            yield Line(number, "", {}, [flaw])


def _json_object(written: str) -> dict[str, Any] | None:
    """Return a JSON object that can be sent on as it is, or None; a name twice in one object would lose a value."""
    try:
        body = json.loads(written, parse_constant=_refuse_constant, object_pairs_hook=_each_name_once)
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _refuse_constant(name: str) -> Never:
    raise ValueError(name)


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) < len(pairs):
        raise ValueError("a name is there twice")
    return named


def _csv_lines(text: str) -> Iterator[Line]:
    table = CsvTable(text)
    _expect_valid_header(table.header, table.header_flaw)
    return (_line(row) for row in table.rows())


def _line(row: Row) -> Line:
    reference = row.cells.get("reference", "")
    if row.flaws:
        return Line(row.number, reference, {}, row.flaws)
    body, flaws = body_of(row.cells)
    return Line(row.number, reference, body, [Flaw(*flaw) for flaw in flaws])


def _expect_valid_header(header: list[str], flaw: Flaw | None) -> None:
    """Raise UnreadableFileError that names every column that is missing, met twice, or not known."""
    named = [name for name in header if name]
    problems = [f"{flaw.problem}. {flaw.remedy}"] if flaw else []
    problems += [f"{name}: mangler / is missing" for name in REQUIRED if name not in named]
    problems += [f"{name}: står to gange / is there twice" for name in sorted({n for n in named if named.count(n) > 1})]
    for name in named:
        if name not in fixed_columns() and not name.startswith((FREE, PASSED)):
            near = ", ".join(get_close_matches(name, fixed_columns(), 2)) or f"{FREE}<id>"
            problems.append(f"{name}: kendes ikke / is not known ({near}?)")
    if problems:
        raise UnreadableFileError("Overskriften kan ikke bruges. / The header cannot be used.\n" + "\n".join(problems))


def _expect_each_once(lines: list[Line]) -> None:
    """Note a reference that an earlier line has already, for the second would be taken for the first."""
    first: dict[str, int] = {}
    for line in lines:
        earlier = first.setdefault(line.reference, line.number)
        if line.reference and earlier != line.number:
            problem = f"står også på linje {earlier} / is on line {earlier} too"
            line.flaws.append(Flaw("reference", problem, "Slet den ene. / Delete one of them."))
