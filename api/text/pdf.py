"""Documents as PDF/A-2a that screen readers can read (PDF/UA-1), set without network and without fonts of the machine.

What people wrote reaches the typesetter as data and is never read as its markup.
"""

from asyncio import get_running_loop, wait_for
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Final

from typst import Compiler, Fonts, TypstError

from api.http.codes import ApiCode
from api.http.problems import ProblemError
from api.http.signs import name_of
from api.text.glyphs import SIGNS

_ORDINARY_BELOW: Final = "\u0180"
"""All letters of the European languages that use the Latin alphabet come before it, and the fonts have them."""
_AT_ONCE: Final = 2
_LIMIT_SECONDS: Final = 20.0
_POOL: Final = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="pdf")
"""Documents are set beside the event loop, a few at a time, so that many of them delay each other and nothing else."""


async def in_turn(make: Callable[[], bytes]) -> bytes:
    """Return a document made in its turn; raises ProblemError when that has taken too long, the waiting included."""
    made = get_running_loop().run_in_executor(_POOL, make)
    try:
        return await wait_for(made, _LIMIT_SECONDS)
    except TimeoutError:
        raise ProblemError(ApiCode.DOCUMENT_LATE) from None


def typeset(template: str, inputs: Mapping[str, str], at: datetime) -> bytes:
    """Set a document of the instant `at` from JSON inputs; a character that no font has is shown by its name."""
    source = _template(template)
    try:
        return _compile(source, _screened(inputs, SIGNS.__contains__), at)
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
    names = {ord(char): name_of(char) for char in used if not is_shown(char)}
    return {name: text.translate(names) for name, text in inputs.items()}


def _is_ordinary(char: str) -> bool:
    return char < _ORDINARY_BELOW
