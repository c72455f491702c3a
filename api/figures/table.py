"""The figures as a table that a spreadsheet opens: the same numbers, with the words of who reads them."""

import csv
import io
from typing import Final

from api.figures.models import StatisticsRead
from rules.language.formats import Language
from wording.catalog import catalog

_MARK: Final = "\ufeff"
"""The mark by which spreadsheets know that the text is UTF-8."""
_COLUMNS: Final = ("rule_set", "figure", "unit", "first", "last", "number", "median", "p90", "percent")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(read: StatisticsRead, language: Language) -> str:
    """Return one line for each number, separated by semicolons, as Danish spreadsheets expect."""
    words = catalog(language).figures
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\r\n")
    table.writerow([words[f"column_{column}"] for column in _COLUMNS])
    for figure in read.figures:
        for value in figure.values:
            unit = words["together"] if value.unit is None else value.unit_name or value.unit
            names = (figure.rule_set.title, figure.label, unit, value.period.first, value.period.last)
            numbers = (value.number, value.median, value.p90, value.percent)
            table.writerow([*map(_no_formula, names), *("" if number is None else number for number in numbers)])
    return _MARK + written.getvalue()


def _no_formula(name: str) -> str:
    """Return a name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(_FORMULA) else name
