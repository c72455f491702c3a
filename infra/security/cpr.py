"""CPR numbers: found where they must not be, and a citizen recognised without keeping the number (P10)."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from infra.security.keyed_digest import keyed_digest


def _day_and_month(gap: str = "") -> str:
    """Return the pattern of four digits with `gap` between them; the days 61 to 91 are replacement numbers."""
    days = ("0{}[1-9]", "[12]{}[0-9]", "3{}[01]", "6{}[1-9]", "[78]{}[0-9]", "9{}[01]")
    months = ("0{}[1-9]", "1{}[0-2]")
    day, month = ("|".join(way.format(gap) for way in ways) for ways in (days, months))
    return f"(?:{day}){gap}(?:{month})"


_HEX: Final = "[0-9A-Fa-f]"
_NAME: Final = f"(?<![0-9A-Za-z])(?:{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}|{_HEX}{{32,}})(?![0-9A-Za-z])"
"""A whole UUID or digest, which nobody has written; digits beside any other sign are judged."""
_SIGN: Final = r"[\W_]"
_MARK: Final = r"[-./+_\s\u00b7]"
_DASH: Final = r"[-\s]"
_DAY, _MONTH = "(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])", "(?:0[1-9]|1[0-2])"
_BORN: Final = "(?:18[0-9]{2}|19[0-9]{2}|200[0-9]|201[0-5])"
"""The years of birth known before a month and a day: numbers by the day on which they are given begin later."""
_LAST: Final = r"[0-9]{2}[-_\s]?[0-9]{2}"
_TWO_MARKS: Final = (
    f"{_MONTH}(?P<after_month>{_MARK})[0-9]{{2}}(?P=after_month)|(?P<after_day>{_MARK}){_MONTH}[0-9]{{2}}(?P=after_day)"
)
_WAYS: Final = (
    f"{_day_and_month()}[0-9]{{2}}{_SIGN}{{0,9}}{_LAST}",
    f"(?<![0-9][-./]){_DAY}(?P<mark>{_MARK} ?){_MONTH}(?P=mark)[0-9]{{2}}{_MARK}{{1,5}}{_LAST}",
    f"(?<![0-9][-./])(?<![+]){_DAY}(?:{_TWO_MARKS}){_LAST}",
    f"{_day_and_month()}(?:18|19|20)[0-9]{{2}}{_DASH}{{1,3}}[0-9]{{4}}",
    rf"(?<![0-9][-./]){_DAY}(?P<between>[-./]){_MONTH}(?P=between)(?:18|19|20)[0-9]{{2}}-[0-9]{{4}}",
    f"{_BORN}{_MONTH}{_DAY}{_DASH}{{1,3}}[0-9]{{4}}",
    rf"(?<![0-9][-./]){_BORN}(?P<inside>[-./]){_MONTH}(?P=inside){_DAY}-[0-9]{{4}}",
    f"{_day_and_month(f'{_SIGN}{{1,2}}')}(?:{_SIGN}{{1,2}}[0-9]){{6}}",
)
"""How people write it: the day as one, with two marks that are alike, with the whole year last or
first, or digit by digit.

A day with a time of day is none: after a day with marks the last four digits stand alone, in pairs at most.
"""
_CPR: Final = re.compile(f"(?P<name>{_NAME})|(?<![0-9])(?:{'|'.join(_WAYS)})(?![0-9])")
_WRITTEN: Final = re.compile(f"({_day_and_month()}[0-9]{{2}})[- ]?([0-9]{{4}})")

REPLACEMENT: Final = "[cpr]"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Mn", "Me"})
"""The categories of signs that take no place of their own: they are invisible, or stand over or under another one."""
_BLANK: Final = "\u115f\u1160\u2800"
"""Letters and symbols by their category whose look is that of a space."""
_HYPHENS: Final = "\u02d7\u2043\u2212\u2796"
"""Signs that are no dash by their category and look like one."""


def find_cpr(text: str) -> bool:
    """Return whether `text` holds what looks like a CPR number (P10).

    Modulus 11 is not checked, because numbers without it have been issued since 2007.
    Some P-numbers and Unix times therefore look like CPR numbers too.
    """
    return any(_scrubbed(reading) != reading for reading in _readings(text))


def scrub(text: str) -> str:
    """Return `text` with `[cpr]` in place of whatever looks like a CPR number, and in plain signs then (P10)."""
    for reading in _readings(text):
        scrubbed = _scrubbed(reading)
        if scrubbed != reading:
            return scrub(scrubbed)
    return text


def _scrubbed(text: str) -> str:
    return _CPR.sub(lambda found: found["name"] or REPLACEMENT, text)


def _readings(text: str) -> Iterator[str]:
    """Yield a text as a reader sees it, and as a URL with escaped signs means it; URLs are logged."""
    plain = _plain(text)
    yield plain
    if "%" in plain:
        yield _plain(unquote(plain))


def _plain(text: str) -> str:
    """Return a text as a reader sees it: digits, hyphens and spaces as plain ones, and no signs that cannot be seen."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_plain_sign, unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=4096)
def _plain_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if sign.isspace() or sign in _BLANK:
        return sign if sign.isascii() else " "
    if category == "Pd" or sign in _HYPHENS:
        return "-"
    return "" if category in _UNSEEN else str(unicodedata.digit(sign, sign))


def citizen_key(hmac_key: bytes, municipality: str, cpr: str) -> str:
    """Return the key that recognises a citizen within one municipality; the number itself is never stored (P10).

    Raises ValueError, without the number in it, when `cpr` is not ten digits (a hyphen or space is allowed) that
    begin with a possible day and month.
    """
    written = _WRITTEN.fullmatch(_plain(cpr).strip())
    if written is None:
        raise ValueError("A CPR number is a day, a month and a year of two digits each, and four digits.")
    return keyed_digest(hmac_key, "citizen", municipality.encode(), "".join(written.groups()).encode())
