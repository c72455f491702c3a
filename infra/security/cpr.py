"""CPR numbers: found where they must not be, and a citizen recognised without keeping the number (P10)."""

import re
import unicodedata
from typing import Final

from infra.security.keyed_digest import keyed_digest

_DAY: Final = "(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"  # 61–91 are replacement numbers: the day plus 60.
_MONTH: Final = "(?:0[1-9]|1[0-2])"
_MARK: Final = "(?:[-./+ \u2010-\u2015\u2212]|%2[0DEFdef])"  # A number in a URL is escaped, and URLs are logged.
_BEFORE: Final = "(?:(?<![0-9A-Fa-f])|(?<=%[0-9A-Fa-f]{2}))"  # A hexadecimal neighbour means a UUID or a digest.
_AFTER: Final = "(?![0-9A-Fa-f])"
_DATE: Final = f"{_DAY}{_MONTH}[0-9]{{2}}{_MARK}{{0,3}}"
_DATE_WITH_MARKS: Final = f"(?<![0-9][-./]){_DAY}(?P<mark>{_MARK} ?){_MONTH}(?P=mark)[0-9]{{2}}{_MARK}{{1,3}}"
"""Two marks that are alike, and one before the last four digits, for else a day with a time would be a number."""
_CPR: Final = re.compile(f"{_BEFORE}(?:{_DATE}|{_DATE_WITH_MARKS})[0-9]{{2}} ?[0-9]{{2}}{_AFTER}")
_WRITTEN: Final = re.compile(f"({_DAY}{_MONTH}[0-9]{{2}})[- ]?([0-9]{{4}})")

REPLACEMENT: Final = "[cpr]"


def find_cpr(text: str) -> bool:
    """Return whether `text` holds what looks like a CPR number (P10).

    Modulus 11 is not checked, because numbers without it have been issued since 2007.
    Some P-numbers and Unix times therefore look like CPR numbers too.
    """
    return _CPR.search(_plain(text)) is not None


def scrub(text: str) -> str:
    """Return `text` with `[cpr]` in place of whatever looks like a CPR number, and in plain signs then (P10)."""
    scrubbed, count = _CPR.subn(REPLACEMENT, _plain(text))
    return scrubbed if count else text


def _plain(text: str) -> str:
    """Return a text as a reader sees it: wide digits as digits, and no signs that cannot be seen."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")


def citizen_key(hmac_key: bytes, municipality: str, cpr: str) -> str:
    """Return the key that recognises a citizen within one municipality; the number itself is never stored (P10).

    Raises ValueError, without the number in it, when `cpr` is not ten digits (a hyphen or space is allowed) that
    begin with a possible day and month.
    """
    written = _WRITTEN.fullmatch(cpr.strip())
    if written is None:
        raise ValueError("A CPR number is a day, a month and a year of two digits each, and four digits.")
    return keyed_digest(hmac_key, "citizen", municipality.encode(), "".join(written.groups()).encode())
