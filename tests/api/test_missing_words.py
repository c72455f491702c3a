"""What is missing takes down nothing but its own line: a text, a step or a fact is shown by its id (P12)."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from io import BytesIO
from typing import Final

import pytest
from pypdf import PdfReader

from api.http.negotiation import LANGUAGES
from rules.engine.book import Book
from rules.explain.explain import explain
from rules.language.formats import Language
from rules.loading.library import shipped
from tests.api.lives import Life
from tests.api.readers import Stand
from tests.domain.versions import versions_of
from tests.domain.vocabulary import plain_calendar, tiny_book
from wording.catalog import catalog
from wording.labels import Labels

SECTIONS: Final = ("terms", "inbox", "briefing", "journal", "calendar", "findings")
JOBFIRST: Final = next(Book(rules) for rules in shipped() if rules.id == "jobfirst")
INSTANTS: Final = ("0001-01-01T00:00", "2026-03-29T02:30", "2026-10-25T02:30", "9999-12-31T23:59:59")
EVERY: Final = 12
"""Each so-manieth text is taken away while a change waits; verify takes each."""
ONE: Final = "_one"
"""What ends the name of a unit in the singular; without it the plural is written."""


@cache
def stands() -> tuple[Stand, ...]:
    """Return courses late in their lives, with all that happened to them as news."""
    found = []
    for book, seed in ((JOBFIRST, 1), (tiny_book(), 3)):
        *_, story = (life := Life(versions_of(book), seed)).goes_on(90)
        found.append(Stand(book, story.state, story.now, story.events, story.events, life.texts))
    return tuple(found)


def rendered(stand: Stand, book: Book | None = None) -> list[str]:
    """Return all views and lists of a course in Danish, in the words of its own rules or of others."""
    explanation = explain(stand.book, stand.state, stand.now, plain_calendar())
    labels = Labels(book or stand.book, "da")
    return [*stand.views(explanation, labels, stand.state.notes), *stand.lists(labels)]


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str | None], None]:
    """Take one text of a section away, or all of them."""

    def take(section: str, key: str | None) -> None:
        whole = catalog("da")
        words = getattr(whole, section)
        left = type(words)({name: text for name, text in words.items() if key is not None and name != key})
        lacking = whole.model_copy(update={section: left})
        monkeypatch.setattr("wording.labels.catalog", lambda _language: lacking)

    return take


def texts() -> Iterator[tuple[str, str]]:
    """Yield the section and the name of every text that views show."""
    for section in SECTIONS:
        yield from ((section, key) for key in getattr(catalog("da"), section) if not key.endswith(ONE))


@cache
def whole() -> list[list[str]]:
    """Return the views of each course with all texts."""
    return [rendered(stand) for stand in stands()]


@pytest.mark.parametrize("every", [pytest.param(EVERY, id="some"), pytest.param(1, id="all", marks=pytest.mark.verify)])
def test_a_text_that_is_missing_is_shown_by_its_name_and_changes_nothing_else(
    every: int, without: Callable[[str, str | None], None]
) -> None:
    shown = set()
    before = whole()
    for section, key in list(texts())[::every]:
        without(section, key)
        for stand, views in zip(stands(), before, strict=True):
            for view, lacking in zip(views, rendered(stand), strict=True):
                written = lacking.casefold()  # A line begins with a capital letter.
                said = key in written or catalog("da").term(key).casefold() in written
                assert lacking == view or said, (section, key, lacking)
                shown |= {(section, key)} if lacking != view else set()
    assert len(shown) >= 45 // every, "the courses show many of the texts"


@pytest.mark.parametrize("section", [*SECTIONS, "document"])
def test_a_section_without_any_text_leaves_every_view_readable(
    section: str, without: Callable[[str, str | None], None]
) -> None:
    without(section, None)

    for stand, views in zip(stands(), whole(), strict=True):
        assert len(rendered(stand)) == len(views)
        explanation = explain(stand.book, stand.state, stand.now, plain_calendar())
        for pdf in stand.pdfs(explanation, Labels(stand.book, "da"), stand.state.notes):
            assert section != "document" or "heading" in PdfReader(BytesIO(pdf)).pages[0].extract_text()


def test_rules_that_know_nothing_of_a_course_leave_it_readable_by_its_ids() -> None:
    for stand, views in zip(stands(), whole(), strict=True):
        strange = rendered(stand, Book(next(rules for rules in shipped() if rules.id == "ips")))

        assert len(strange) == len(views)
        assert all(visit.step in strange[0] for visit in stand.state.visits)


def test_no_sentence_has_a_dash_where_something_is_not_known() -> None:
    said = [line for views in whole() for view in views for line in view.splitlines()]

    assert [line for line in said if re.search(r": –|–\.|\(–|–;|→ –|– →", line)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_and_instants_at_the_ends_of_the_calendar_are_written(language: Language) -> None:
    labels = Labels(JOBFIRST, language)
    zones = (UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=12)))

    for instant in map(datetime.fromisoformat, INSTANTS):
        for zone in zones:
            assert labels.moment(instant.replace(tzinfo=zone))
            assert labels.day(instant.replace(tzinfo=zone))
    for day in ("0001-01-01", "9999-12-31", "2026-02-30", "", "\u0660\u0661"):
        assert labels.day(day) is not None
        assert labels.value("visit_held_on", day) is not None
    assert labels.value("nothing_of_the_rules", "2026=\u2028") == "2026=\u2028"


@pytest.mark.parametrize("text", ["{", "{0}", "{}", "{who.name}", "{who[0]}", "{who!x}"])
def test_a_text_whose_placeholders_are_spoilt_is_shown_as_it_is(text: str) -> None:
    assert catalog("da").fill(text, {"who": "Anna"})
