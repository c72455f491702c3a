"""Documents as PDF/A-2a that screen readers can read (PDF/UA-1), set without network and without fonts of the machine.

What people wrote reaches the typesetter as data and is never read as its markup.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

from typst import Compiler, Fonts, TypstError

_ORDINARY_BELOW: Final = "\u0180"
"""All letters of the European languages that use the Latin alphabet come before it, and the fonts have them."""

_PROBE: Final = b'#set document(title: "-")\n#json(bytes(sys.inputs.document))'


def typeset(template: str, document: Mapping[str, Any], at: datetime) -> bytes:
    """Return a document, made at the instant `at`; a character that no font has is told by its name in brackets."""
    source = _template(template)
    text = json.dumps(document, ensure_ascii=False)
    try:
        return _compiled(source, _told(text, _can_be_set), at)
    except TypstError:
        # Characters may be in the fonts one by one, and not together.
        return _compiled(source, _told(text, _is_ordinary), at)


@cache
def _template(name: str) -> bytes:
    return resources.files("api").joinpath("templates", f"{name}.typ").read_bytes()


@cache
def _fonts() -> Fonts:
    return Fonts(include_system_fonts=False)


def _compiled(source: bytes, document: str, at: datetime | None = None) -> bytes:
    compiler = Compiler(source, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"document": document})
    timestamp = at.replace(microsecond=0) if at else None
    made = compiler.compile(source, format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=timestamp)
    if not isinstance(made, bytes):
        raise TypeError(type(made))
    return made


def _told(text: str, is_shown: Callable[[str], bool]) -> str:
    """Return JSON with the characters that cannot be shown told by their names."""
    hidden = {char: f"[{unicodedata.name(char, f'U+{ord(char):04X}').lower()}]" for char in set(text)}
    return text.translate({ord(char): name for char, name in hidden.items() if not is_shown(char)})


def _is_ordinary(char: str) -> bool:
    return char < _ORDINARY_BELOW


@lru_cache(maxsize=4096)
def _can_be_set(char: str) -> bool:
    if _is_ordinary(char):
        return True
    try:
        _compiled(_PROBE, json.dumps(char))
    except TypstError:
        return False
    return True
