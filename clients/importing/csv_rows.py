"""Reads the rows of a CSV file: one line is one row, so a stray quote costs its own line and never the next (P7)."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_SEPARATORS: Final = ";,\t"
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_SEPARATOR_LINE: Final = re.compile(r"(?i)sep=([;,\t])")
_FIRST: Final = 1

_QUOTE: Final = "et anførselstegn står forkert / a quotation mark is out of place"
_QUOTE_REMEDY: Final = (
    "Fjern det, eller skriv det to gange i et felt med anførselstegn om; et felt står på én linje. / "
    "Remove it, or write it twice in a quoted cell; a cell stands on one line."
)
_NAMELESS: Final = "et felt står under en tom overskrift / a cell stands below an empty header"
_NAMELESS_REMEDY: Final = "Slet det, eller giv kolonnen en overskrift. / Delete it, or give the column a header."


class Flaw(NamedTuple):
    """One flaw of a line: the column or field, the problem, and the remedy."""

    field: str
    problem: str
    remedy: str


@dataclass
class Row:
    """One line of the file; `cells` are those that hold something, by their columns."""

    number: int
    cells: dict[str, str]
    flaws: list[Flaw] = field(default_factory=list)


class CsvTable:
    """A header and its rows, separated by `;`, `,` or tabulators; a first line such as `sep=;` says by which."""

    def __init__(self, text: str) -> None:
        """Read the header; the columns without a name at its right are no columns."""
        self._lines = list(enumerate(_LINE_END.split(text), _FIRST))
        separator_line = _SEPARATOR_LINE.fullmatch(self._lines[0][1].strip(" "))
        if separator_line:
            self._lines = self._lines[1:]
        head = self._lines[0][1] if self._lines else ""
        self._separator = separator_line[1] if separator_line else max(_SEPARATORS, key=head.count)
        names, self.header_flaw = self._cells(head)
        self._width = len(names)
        self.header = _without_empty_end([name.strip() for name in names])

    def rows(self) -> Iterator[Row]:
        """Yield every line that holds something."""
        for number, line in self._lines[1:]:
            if line.replace(self._separator, "").replace('"', "").strip():
                yield self._row(number, line)

    def _row(self, number: int, line: str) -> Row:
        cells, flaw = self._cells(line)
        written = _without_empty_end([cell.strip() for cell in cells])
        named = {name: cell for name, cell in zip(self.header, written, strict=False) if cell}
        if flaw is not None:
            column = self.header[len(cells)] if len(cells) < len(self.header) else ""
            return Row(number, named, [flaw._replace(field=column)])
        if "" in named:
            return Row(number, named, [Flaw("", _NAMELESS, _NAMELESS_REMEDY)])
        if len(cells) > self._width or len(written) > len(self.header):
            problem = (
                f"{len(cells)} felter, overskriften har {len(self.header)} / "
                f"{len(cells)} cells, the header has {len(self.header)}"
            )
            remedy = "Sæt felter med skilletegn i anførselstegn. / Quote cells that hold the separator."
            return Row(number, named, [Flaw("", problem, remedy)])
        return Row(number, named)

    def _cells(self, line: str) -> tuple[list[str], Flaw | None]:
        """Return the cells of a line; before a quotation mark that is out of place, with the flaw."""
        try:
            return next(csv.reader([line], delimiter=self._separator, strict=True), []), None
        except csv.Error:
            return self._cells_before_the_flaw(line), Flaw("", _QUOTE, _QUOTE_REMEDY)

    def _cells_before_the_flaw(self, line: str) -> list[str]:
        """Return the longest beginning of a line that is made of whole cells."""
        ends = [at for at, sign in enumerate(line) if sign == self._separator]
        for end in reversed(ends):
            try:
                return next(csv.reader([line[:end]], delimiter=self._separator, strict=True), [])
            except csv.Error:
                continue
        return []


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells
