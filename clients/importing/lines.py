"""Reads the file: each line becomes the request that takes a course over, or has flaws."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, NamedTuple

from clients.importing.columns import FREE, PASSED, REQUIRED, body_of, known_columns

_BOM: Final = "﻿"
_SEPARATORS: Final = ";,\t"


class Flaw(NamedTuple):
    """One flaw of a line: the column or field, the problem, and the remedy."""

    field: str
    problem: str
    remedy: str


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
        return file.read_bytes().decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{file} er ikke UTF-8 (byte {error.start}). Gem den som »CSV UTF-8«.\n"
            f"{file} is not UTF-8 (byte {error.start}). Save it as “CSV UTF-8”."
        ) from None


def _json_lines(text: str) -> Iterator[Line]:
    for number, written in enumerate(text.splitlines(), 1):
        if not written.strip():
            continue
        try:
            body = json.loads(written)
        except ValueError:
            body = None
        if isinstance(body, dict):
            yield Line(number, str(body.get("reference", "")), body)
        else:
            flaw = Flaw(
                "",
                "er ikke et JSON-objekt / is no JSON object",
                "Skriv ét objekt pr. linje. / Write one object a line.",
            )
            yield Line(number, "", {}, [flaw])


def _csv_lines(text: str) -> Iterator[Line]:
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    header = [name.strip() for name in next(rows, [])]
    _expect_known(header)
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        yield _line(rows.line_num, header, row)


def _line(number: int, header: list[str], row: list[str]) -> Line:
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=False) if cell.strip()}
    reference = cells.get("reference", "")
    if len(row) != len(header):
        problem = f"{len(row)} felter, overskriften har {len(header)} / {len(row)} cells, the header has {len(header)}"
        remedy = "Sæt felter med skilletegn i anførselstegn. / Quote cells that hold the separator."
        return Line(number, reference, {}, [Flaw("", problem, remedy)])
    body, flaws = body_of(cells)
    return Line(number, reference, body, [Flaw(*flaw) for flaw in flaws])


def _expect_known(header: list[str]) -> None:
    """Raise UnreadableFileError that names every column that is missing, met twice, or not known."""
    problems = [f"{name}: mangler / is missing" for name in REQUIRED if name not in header]
    problems += [
        f"{name}: står to gange / is there twice" for name in sorted({n for n in header if header.count(n) > 1})
    ]
    for name in header:
        if name not in known_columns() and not name.startswith((FREE, PASSED)):
            near = ", ".join(get_close_matches(name, known_columns(), 2)) or f"{FREE}<id>"
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
