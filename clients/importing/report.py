"""Reports an import: its progress, the flaws line by line, and the totals."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from clients.importing.sending import Outcome, Result

MOST_SHOWN: Final = 40
_WORDS: Final = {
    Outcome.READY: "klar / ready",
    Outcome.TAKEN_OVER: "overtaget / taken over",
    Outcome.THERE_ALREADY: "fandtes i forvejen / there already",
    Outcome.REFUSED: "afvist / refused",
}
_UNKNOWN: Final = "personen kendes ikke, og ingen påmindes / the person is not known, and nobody is reminded"
_UNKNOWN_REMEDY: Final = "Ret id'et, eller opret personen. / Correct the id, or put the person into the directory."
_FORMULA: Final = (*"=+-@\t\r", *"\uff1d\uff0b\uff0d\uff20")
"""The signs that begin a formula in a spreadsheet, their wide forms too."""
_HEADER: Final = ("line", "reference", "outcome", "course", "field", "problem", "remedy")


def with_progress(results: Iterable[Result], total: int, title: str, console: Console) -> Iterator[Result]:
    """Yield the results and show their number."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task(title, total=total)
        for result in results:
            progress.advance(task)
            yield result


def print_results(results: list[Result], console: Console) -> None:
    """Print every refused line, each open course that differs, and the totals."""
    ordered = sorted(results, key=lambda result: result.line.number)
    lines = [line for result in ordered for line in _lines(result)]
    for line in lines[:MOST_SHOWN]:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if len(lines) > MOST_SHOWN:
        rest = len(lines) - MOST_SHOWN
        console.print(f"… og {rest} til i rapporten. / … and {rest} more in the report.", highlight=False)
    counted = Counter(result.outcome for result in results)
    console.print(", ".join(f"{counted[outcome]} {_WORDS[outcome]}" for outcome in Outcome if counted[outcome]))


def _lines(result: Result) -> Iterator[str]:
    head = f"linje / line {result.line.number} ({result.line.reference or '?'})"
    for flaw in result.flaws:
        yield f"{head}{f', {flaw.field}' if flaw.field else ''}: {flaw.problem} {flaw.remedy}"
    for person in result.unknown_persons:
        yield f"{head}, {person}: {_UNKNOWN}. {_UNKNOWN_REMEDY}"
    if result.outcome is Outcome.THERE_ALREADY and result.notes:
        yield f"{head}: afviger i / differs in {', '.join(result.notes)}"


def open_report(file: Path) -> TextIO:
    """Open a CSV that a spreadsheet opens; raises OSError."""
    return file.open("w", encoding="utf-8-sig", newline="")


def write_report(results: list[Result], opened: TextIO) -> None:
    """Write the result of each line; no cell is a formula to a spreadsheet."""
    report = csv.writer(opened, delimiter=";")
    report.writerow(_HEADER)
    for result in sorted(results, key=lambda result: result.line.number):
        head = (result.line.number, result.line.reference, result.outcome.value, result.course)
        unknown = (_UNKNOWN, _UNKNOWN_REMEDY) if result.unknown_persons else ("", "")
        said = ", ".join(part for part in (*result.notes, unknown[0]) if part)
        noted = [(", ".join(result.unknown_persons), said, unknown[1])]
        report.writerows([_as_text(cell) for cell in (*head, *cells)] for cells in (result.flaws or noted))


def _as_text(cell: object) -> str:
    written = str(cell)
    return f"'{written}" if written.startswith(_FORMULA) else written
