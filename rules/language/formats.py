"""How days, instants and numbers are written in each language; the words around them are in `locales/`."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from domain.calendar import danish_time

Language = Literal["da", "en"]
_LOCALES: Final = MappingProxyType({"da": "da", "en": "en_GB"})
_AT: Final = MappingProxyType({"da": "{day} kl. {at:%H.%M}", "en": "{day} at {at:%H:%M}"})


@lru_cache(maxsize=4096)
def written_day(day: date, language: Language) -> str:
    """Return a day as `5. november 2026` or `5 November 2026`."""
    return str(format_date(day, "long", locale=_LOCALES[language]))


@lru_cache(maxsize=1024)
def written_month(month: str, language: Language) -> str:
    """Return a month, given as `2026-11`, as `nov. 2026` or `Nov 2026`."""
    return str(format_skeleton("yMMM", date.fromisoformat(f"{month}-01"), locale=_LOCALES[language]))


def labelled(label: str, value: str) -> str:
    """Return a value behind its label; a label that asks needs no colon."""
    return f"{label} {value}" if label.endswith("?") else f"{label}: {value}"


def written_moment(at: datetime, language: Language) -> str:
    """Return an instant as Danish clocks show it."""
    local = danish_time(at)
    return _AT[language].format(day=written_day(local.date(), language), at=local)


def written_time(at: str, language: Language) -> str:
    """Return a wall time, given as `10:00`, as `kl. 10.00` or `10:00`."""
    return f"kl. {at.replace(':', '.')}" if language == "da" else at


def written_list(texts: Iterable[str], language: Language) -> str:
    """Return texts as `one, another og a third`."""
    return str(format_list(list(texts), locale=_LOCALES[language]))


def written_choice(texts: Iterable[str], language: Language) -> str:
    """Return texts as `one, another eller a third`."""
    return str(format_list(list(texts), style="or", locale=_LOCALES[language]))


def written_number(value: object, language: Language) -> str:
    """Return a number as `12,5` or `12.5`; what is none is shown as it is."""
    try:
        return str(format_decimal(Decimal(str(value)), locale=_LOCALES[language], decimal_quantization=False))
    except InvalidOperation:
        return str(value)
