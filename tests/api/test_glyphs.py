"""Documents of any accepted text: which signs the fonts have is known once, and documents are made in turn (P12)."""

import json
import re
import unicodedata
from collections.abc import Iterable
from threading import Event
from typing import Any, Final

import pytest
from typst import Compiler, Fonts

from api.briefings.documents import as_pdf
from api.http.problems import ProblemError
from api.http.signs import is_hidden
from api.text import pdf
from api.text.glyphs import SIGNS
from tests.api.vocabulary import informed, labels, read_briefing

PAGE: Final = b"""#set page(width: 200pt, height: auto, margin: 0pt)
#set text(font: "Libertinus Serif", size: 10pt)
#for sign in json(bytes(sys.inputs.document)) { block(height: 12pt, spacing: 0pt, box(sign)) }"""
NO_FONT_HAS: Final = "\u4e2d"
UNASSIGNED: Final = {"Cn", "Co", "Cs"}


def in_a_font(signs: list[str]) -> list[str]:
    """Return those of some signs that are not drawn as the sign in the place of a missing one."""
    document = json.dumps([NO_FONT_HAS, *signs])
    fonts = Fonts(include_system_fonts=False)
    compiler = Compiler(PAGE, font_paths=fonts, ignore_system_fonts=True, sys_inputs={"document": document})
    drawn = compiler.compile(PAGE, format="svg")
    assert isinstance(drawn, bytes)
    rows = re.split(r'<g transform="translate\(0 \d+\)">', drawn.decode().partition("<defs>")[0])
    missing, *glyphs = [set(re.findall(r'href="#(\w+)"', row)) for row in rows]
    assert len(glyphs) == len(signs)
    return [sign for sign, drawn_by in zip(signs, glyphs, strict=True) if not missing & drawn_by]


def ranges(signs: Iterable[str]) -> str:
    """Return signs as `api.text.glyphs` writes them."""
    bounds: list[list[int]] = []
    for code in sorted(map(ord, signs)):
        if bounds and bounds[-1][1] == code - 1:
            bounds[-1][1] = code
        else:
            bounds.append([code, code])
    return " ".join(f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in bounds)


@pytest.mark.verify
def test_the_signs_of_the_fonts_are_known() -> None:
    every = [chr(code) for code in range(0x20, 0x110000)]
    shown = [sign for sign in every if unicodedata.category(sign) not in UNASSIGNED and not is_hidden(sign)]
    found = [sign for start in range(0, len(shown), 2000) for sign in in_a_font(shown[start : start + 2000])]

    assert ranges(SIGNS) == ranges(found), "write these ranges into api/text/glyphs.py"


def test_every_sign_that_is_said_to_be_there_can_be_set() -> None:
    story, statements = informed("\n".join(sorted(SIGNS)))

    assert as_pdf(read_briefing(story, statements), "Kommune 0990", labels("da"), story.now).startswith(b"%PDF")
    assert set(in_a_font(sorted(SIGNS)[::16])) == set(sorted(SIGNS)[::16])


def test_nine_thousand_signs_that_no_font_has_are_shown_by_name_with_one_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story, statements = informed("".join(map(chr, range(0x4E00, 0x4E00 + 9400))))
    settings = []

    def counted(*what: Any, **how: Any) -> Compiler:
        settings.append(what)
        return Compiler(*what, **how)

    monkeypatch.setattr("api.text.pdf.Compiler", counted)

    as_pdf(read_briefing(story, statements), "Kommune 0990", labels("da"), story.now)

    assert len(settings) == 1


async def test_a_document_that_takes_too_long_is_a_problem_and_keeps_nobody_else_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    free = Event()
    monkeypatch.setattr(pdf, "_LIMIT_SECONDS", 0.01)

    for _ in range(4):
        with pytest.raises(ProblemError) as late:
            await pdf.in_turn(lambda: b"%PDF" if free.wait() else b"")
        assert late.value.code == "document-late"

    free.set()
    monkeypatch.setattr(pdf, "_LIMIT_SECONDS", 60.0)
    assert await pdf.in_turn(lambda: b"%PDF") == b"%PDF"
