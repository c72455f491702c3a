"""Documents as PDF/A-2a that screen readers can read (PDF/UA-1), set without network and without fonts of the machine.

What people wrote reaches the typesetter as data and is never read as its markup.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from typst import Compiler, Fonts, TypstError

_ORDINARY_BELOW: Final = "\u0180"
"""All letters of the European languages that use the Latin alphabet come before it, and the fonts have them."""

_PROBE: Final = b'#set document(title: "-")\n#json(bytes(sys.inputs.document))'


def typeset(template: str, inputs: Mapping[str, str], at: datetime) -> bytes:
    """Set a document of the instant `at` from JSON inputs; a character that no font has is shown by its name."""
    source = _template(template)
    try:
        return _compile(source, _screened(inputs, _can_be_set), at)
    except TypstError:
        # Characters may be in the fonts one by one, and not together.
        return _compile(source, _screened(inputs, _is_ordinary), at)


@cache
def _template(name: str) -> bytes:
    return resources.files("api").joinpath("templates", f"{name}.typ").read_bytes()


@cache
def _fonts() -> Fonts:
    return Fonts(include_system_fonts=False)


def _compile(source: bytes, inputs: Mapping[str, str], at: datetime | None = None) -> bytes:
    compiler = Compiler(source, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=dict(inputs))
    timestamp = at.replace(microsecond=0) if at else None
    made = compiler.compile(source, format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=timestamp)
    if not isinstance(made, bytes):
        raise TypeError(type(made))
    return made


def _screened(inputs: Mapping[str, str], is_shown: Callable[[str], bool]) -> dict[str, str]:
    """Return the inputs with the name in brackets for each character that cannot be shown."""
    used = {char for text in inputs.values() for char in text}
    names = {ord(char): _name_of(char) for char in used if not is_shown(char)}
    return {name: text.translate(names) for name, text in inputs.items()}


def _name_of(char: str) -> str:
    return f"[{unicodedata.name(char, f'U+{ord(char):04X}').lower()}]"


def _is_ordinary(char: str) -> bool:
    return char < _ORDINARY_BELOW


@lru_cache(maxsize=4096)
def _can_be_set(char: str) -> bool:
    if _is_ordinary(char):
        return True
    try:
        _compile(_PROBE, {"document": json.dumps(char)})
    except TypstError:
        return False
    return True
