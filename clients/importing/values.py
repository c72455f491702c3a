"""Reads cells of a Danish spreadsheet: dates, numbers and yes or no, as people write them."""

import re
from datetime import date
from typing import Final

_DANISH_DAY: Final = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MIDNIGHT: Final = re.compile(r"[ T]0?0[:.]00([:.]00)?$")
_NUMBER: Final = re.compile(r"-?\d{1,7}")
_DECIMAL: Final = re.compile(r"(-?\d{1,7})[,.](\d{1,6})")
_TRUTH: Final = {"ja": True, "sand": True, "true": True, "yes": True}
_UNTRUTH: Final = {"nej": False, "falsk": False, "false": False, "no": False}

Value = bool | int | str


class CellError(ValueError):
    """An unreadable cell; the message is the remedy, in Danish and English."""


def day(text: str) -> str:
    """Return a date as ISO text; raises CellError for what is no date, or no date with four digits of year."""
    iso = _day(text)
    if iso is None:
        raise CellError(
            "Skriv en dato som 2026-03-09 eller 09-03-2026. / Write a date such as 2026-03-09 or 09-03-2026."
        )
    return iso


def truth(text: str) -> bool:
    """Return a yes or no as a bool; raises CellError."""
    words = _TRUTH | _UNTRUTH
    if text.lower() not in words:
        raise CellError("Skriv ja eller nej. / Write yes or no.")
    return words[text.lower()]


def value(text: str) -> Value:
    """Return a fact's value as the API takes it.

    Long numbers stay text, for they are numbers of companies and workplaces, and a zero in front counts there.
    """
    lowered = text.lower()
    if lowered in _TRUTH or lowered in _UNTRUTH:
        return truth(text)
    if _NUMBER.fullmatch(text):
        return int(text)
    if number := _DECIMAL.fullmatch(text):
        return f"{number[1]}.{number[2]}"
    return _day(text) or text


def _day(text: str) -> str | None:
    """Return the day of a cell; a spreadsheet gives some of them the time of midnight."""
    text = _MIDNIGHT.sub("", text)
    if _ISO_DAY.fullmatch(text):
        year, month, of_month = text.split("-")
    elif danish := _DANISH_DAY.fullmatch(text):
        of_month, month, year = danish.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(of_month)).isoformat()
    except ValueError:
        return None
