"""Which signs of what people write can be seen: hidden ones are shown by their names, and alone they are no text."""

import unicodedata
from functools import lru_cache
from typing import Final

_JOINERS: Final = "\u200c\u200d\u00ad"
"""Signs without a look inside words and emoji: the joiner, its opposite, and the soft hyphen."""
_BLANK: Final = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols by their category whose look is that of a space."""
_HIDDEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
_SEEN: Final = frozenset("LNPS")


def is_hidden(sign: str) -> bool:
    """Return whether a sign is a control, turns the direction of reading or begins a new line, and has no look."""
    return unicodedata.category(sign) in _HIDDEN and sign not in _JOINERS


def is_visible(text: str) -> bool:
    """Return whether there is anything in a text that a reader can see."""
    return any(unicodedata.category(sign)[0] in _SEEN and sign not in _BLANK for sign in text)


@lru_cache(maxsize=4096)
def name_of(sign: str) -> str:
    """Return the name of a sign in brackets, its number for one without a name."""
    return f"[{unicodedata.name(sign, f'U+{ord(sign):04X}').lower()}]"


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, in which each hidden sign but a tabulator is shown by its name."""
    return [line if line.isascii() and line.isprintable() else _with_names(line) for line in text.splitlines()]


def _with_names(line: str) -> str:
    return "".join(_shown(sign) for sign in line)


def _shown(sign: str) -> str:
    return name_of(sign) if is_hidden(sign) and sign != "\t" else sign
