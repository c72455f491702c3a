"""The guides of each role name only what is on a page or in a mail, and every picture is made, shown and described."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.files import ROOT, files, must_be_none, place, text_of
from tools.pictures import FOLDER, PICTURES

ROLES = ("sagsbehandler", "virksomhedskonsulent", "leder", "driftsansvarlig", "change-the-rules")
SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
NAMED = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
IN_WORDS = ("pages", "mail", "figures", "rule_book")
SHORTEST_DESCRIPTION = 15
MOST_BYTES = 120_000


def guide(role: str) -> Path:
    return ROOT / "docs" / "guides" / f"{role}.md"


def words_of_pages() -> re.Pattern[str]:
    """Return what matches any one text of the pages and mails, with anything in the place of what is filled in."""
    catalogue = tomllib.loads((ROOT / "locales" / "da.toml").read_text(encoding="utf-8"))
    texts = [text for part in IN_WORDS for text in catalogue[part].values()]
    return re.compile("|".join(".+".join(map(re.escape, re.split(r"\{\w+\}", text))) for text in texts if text))


def pictures() -> Iterator[tuple[Path, str, Path]]:
    """Yield each picture of each page, with the page and the words for who does not see it."""
    for page in files("*.md"):
        yield from ((page, words, (page.parent / named).resolve()) for words, named in SHOWN.findall(text_of(page)))


@pytest.mark.parametrize("role", ROLES)
def test_what_a_guide_puts_in_italics_is_on_a_page_or_in_a_mail(role: str) -> None:
    named = NAMED.findall(re.sub(r"`[^`]*`", "", text_of(guide(role))))

    assert named
    known = words_of_pages()
    must_be_none(
        (f"{role}.md names »{text}«" for text in named if not known.fullmatch(text)),
        "Name buttons, links and headings as `locales/da.toml` words them.",
    )


def test_every_picture_is_made_by_the_tool_and_shown_with_words_for_who_does_not_see_it() -> None:
    made = {(ROOT / FOLDER / f"{picture.name}.webp").resolve() for picture in PICTURES}

    assert {path for _, _, path in pictures()} == made == set((ROOT / FOLDER).resolve().iterdir())
    must_be_none(
        (f"{place(page)}: {path.name}" for page, words, path in pictures() if len(words) < SHORTEST_DESCRIPTION),
        "Say in some words what is seen.",
    )
    must_be_none((path.name for path in made if path.stat().st_size > MOST_BYTES), "Show a smaller part.")


def test_the_first_page_begins_with_a_picture_and_leads_to_every_guide() -> None:
    first = text_of(ROOT / "README.md")

    assert first.splitlines()[2].startswith("![")
    assert [role for role in ROLES if f"docs/guides/{role}.md" not in first] == []
