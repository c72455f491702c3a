"""The briefing as a document: PDF/A that can be kept and read by everybody, with the words of the text (P1, P3)."""

import re
from dataclasses import replace
from datetime import timedelta
from importlib import resources
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from api.briefings.documents import as_pdf, as_text
from api.briefings.models import BriefingRead
from api.briefings.versions import BriefingVersion, VersionStanding
from api.briefings.view import briefing_read
from api.courses.read.models import FormerEntryRead
from api.http.negotiation import LANGUAGES
from api.journal.statements import StatementIndex
from domain.commands import RetractFact, RetractNote
from rules.language.formats import Language
from tests.api.vocabulary import current, informed, labels, read_briefing, records, seen
from tests.domain.vocabulary import BO, Story

HOSTILE = '*fed* #kontor $x$ <l> @ref \\ `kode` "citat" // #read("/etc/passwd") #import "@preview/x:1.0.0" {day} [æøå]'
AUTHORITY = "Eksempelkøbing Kommune · job"
SIGNS = re.compile(r"[\s()*·:,;–-]+")


def set_in(printed: BriefingRead, story: Story, language: Language = "da") -> PdfReader:
    """Return the document of a briefing."""
    return PdfReader(BytesIO(as_pdf(printed, AUTHORITY, labels(language), story.now)))


def words_of(reader: PdfReader) -> str:
    """Return the text of a document in one line."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_can_be_kept_for_good(language: Language) -> None:
    story, statement_index = informed()
    made = set_in(read_briefing(story, statement_index, language), story, language)

    root: Any = made.trailer["/Root"]
    packet = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert not made.is_encrypted
    assert {"/OpenAction", "/AA", "/AcroForm", "/Names"}.isdisjoint(root)
    assert list(fonts(made))
    assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts(made))


def fonts(made: PdfReader) -> list[Any]:
    """Return what describes each font of a document."""
    used = [font.get_object() for page in made.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    return [font["/DescendantFonts"][0]["/FontDescriptor"] for font in used]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_can_be_read_aloud(language: Language) -> None:
    story, statement_index = informed()
    made = set_in(read_briefing(story, statement_index, language), story, language)

    root: Any = made.trailer["/Root"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data().decode()
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_a_document_says_what_it_is() -> None:
    story, statement_index = informed()
    printed = read_briefing(story, statement_index)
    about = set_in(printed, story).metadata

    assert about is not None
    assert (about.title, about.author) == (f"Orientering – citizen-1 – Praktik, version {printed.version}", AUTHORITY)
    assert about.subject == (
        f"Sag {printed.reference}, forløb {printed.course}, Praktik (trin 2), orientering version {printed.version};"
        f" SHA-256 {printed.digest}"
    )
    assert {printed.reference, str(printed.course), "current"} <= set((about.keywords or "").split(", "))
    assert about.creation_date == story.now


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_has_the_words_of_the_text(language: Language) -> None:
    story, statement_index = informed()
    printed = read_briefing(story, statement_index, language)

    shown = set(SIGNS.split(words_of(set_in(printed, story, language)).lower()))

    text = as_text(printed, labels(language)).lower()
    verbs = {"kvitterede", "acknowledged"}
    assert set(SIGNS.split(text)) - {""} - verbs - shown == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_kept_from_a_former_course_is_told_with_who_wrote_it_there_and_when(language: Language) -> None:
    story, statement_index = informed()
    printed = read_briefing(story, statement_index, language)
    kept = FormerEntryRead(course=printed.course, id=printed.notes[0].id, by="olga", by_name="Olga Ravn", at=story.now)
    notes = [note.model_copy(update={"former": kept}) for note in printed.notes]

    shown = words_of(set_in(printed.model_copy(update={"notes": notes}), story, language))

    fill = labels(language).catalog
    assert (
        fill.fill(fill.briefing["former"], {"by": "Olga Ravn", "on": labels(language).day(story.now.date())}) in shown
    )


def test_the_templates_take_no_word_but_by_its_name() -> None:
    source = resources.files("api").joinpath("templates", "briefing.typ").read_text()
    functions = re.findall(r"#let ([a-z-]+)\(", source)

    assert functions
    assert re.findall(rf"(?<![\w.-])(?:{'|'.join(functions)})\.(?!with\b)[a-z]\w*", source) == []


def test_what_people_wrote_is_never_read_as_markup() -> None:
    story, statement_index = informed(HOSTILE)

    shown = words_of(set_in(read_briefing(story, statement_index), story))

    assert HOSTILE.replace(" ", "") in shown.replace(" ", "")


def test_lines_stay_lines() -> None:
    story, statement_index = informed("Den ene.\nDen anden.")

    lines = [
        line
        for page in set_in(read_briefing(story, statement_index), story).pages
        for line in page.extract_text().splitlines()
    ]

    assert [line.strip() for line in lines if line.strip() in ("Den ene.", "Den anden.")] == ["Den ene.", "Den anden."]


@pytest.mark.parametrize(
    ("written", "printed"),
    [("Fint 👍", "[thumbs up sign]"), ("中", "[cjk unified ideograph-4e2d]"), ("\ue000", "[u+e000]"), ("Ω→☐", "Ω→☐")],
)
def test_a_character_that_no_font_has_is_told_by_its_name(written: str, printed: str) -> None:
    story, statement_index = informed(written)

    assert printed in words_of(set_in(read_briefing(story, statement_index), story))


@pytest.mark.parametrize(
    ("standing", "mark"),
    [
        (VersionStanding.CURRENT, "Udkast – ikke endelig: den gælder"),
        (VersionStanding.REPLACED, "Ikke endelig: den blev afløst"),
        (VersionStanding.WITHDRAWN, "Ikke endelig: trinnet var begyndt ved en fejl"),
        (VersionStanding.FINAL, "Endelig: forløbet gik videre"),
    ],
)
def test_what_is_not_final_is_marked_on_the_page_and_in_the_text(standing: VersionStanding, mark: str) -> None:
    story, statement_index = informed()
    printed = read_briefing(story, statement_index, standing=standing, ended_at=story.now)

    shown = words_of(set_in(printed, story))

    assert mark in shown
    assert mark in as_text(printed, labels("da"))
    assert ("UDKAST" in shown) == (standing is not VersionStanding.FINAL)


def test_who_acted_on_behalf_of_whom_is_in_the_document() -> None:
    story, statement_index = informed()
    receipts = tuple(
        receipt.model_copy(update={"by": "sara", "on_behalf": "absent"}) for receipt in current(story).receipts
    )
    version = BriefingVersion(current(story).model_copy(update={"receipts": receipts}))
    printed = briefing_read(seen(story), version, records(story), statement_index, labels("da"), story.now)

    shown = words_of(set_in(printed, story))

    assert "sara på vegne af anna (fraværende)" in shown
    assert "endnu ikke" in shown


def test_what_was_taken_back_after_a_version_was_told_stays_in_it_and_is_marked() -> None:
    story, statement_index = informed()
    version = BriefingVersion(current(story), VersionStanding.REPLACED, story.now)
    (note,) = version.briefing.manifest.notes[-1:]
    story.now += timedelta(days=1)
    (match,) = [fact for fact in story.state.facts if fact.fact == "match"]
    story.command(RetractNote, BO, note=note, reason=note)
    story.command(RetractFact, BO, fact=match.id, reason=note)
    later = replace(StatementIndex.of(story.events), texts=statement_index.texts)

    printed = briefing_read(seen(story), version, records(story), later, labels("en"), story.now)

    text = as_text(printed, labels("en"))
    assert "Kom til tiden. (bo, 7 September 2026) – taken back 8 September 2026" in text
    assert "Match: yes (7 September 2026) – taken back 8 September 2026" in text
    assert "taken back 8 September 2026" in words_of(set_in(printed, story, "en"))
    assert printed.day == 1, "it is told as it was"
