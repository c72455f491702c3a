"""Knowledge that a reader has acknowledged already is marked in the data and folded in text, but never left out."""

from dataclasses import replace
from typing import Any

import pytest

from api.briefings.documents import as_text
from api.briefings.models import BriefingRead
from api.briefings.since import Since
from api.briefings.versions import BriefingVersion
from api.briefings.view import briefing_read
from api.journal.statements import StatementIndex
from clients.caller import Caller
from domain.commands import RetractNote
from rules.language.formats import Language
from tests.api.vocabulary import case, current, labels, records, seen, visited
from tests.domain.vocabulary import ANNA, BO, COURSE, Story
from tests.journeys.vocabulary import both_acknowledge, complete_intake


@pytest.fixture
def story() -> Story:
    """A course at its trial, with one barrier from the visit before and one that is new."""
    story, _ = visited()
    story.reports(BO, also_work=True)
    return story


def read(story: Story, since: Since, language: Language = "da") -> BriefingRead:
    """Return the briefing as somebody reads it."""
    texts = {note.id: f"Notat {number}." for number, note in enumerate(story.state.notes)}
    statements = replace(StatementIndex.of(story.events), texts=texts)
    version = BriefingVersion(current(story))
    return briefing_read(seen(story), version, records(story), statements, labels(language), story.now, since)


def test_what_the_reader_has_acknowledged_is_marked_until_it_changes(story: Story) -> None:
    (barrier,) = current(story).manifest.knowledge

    assert [note.is_unchanged for note in read(story, Since()).knowledge] == [False]
    assert [note.is_unchanged for note in read(story, Since((), frozenset({barrier}))).knowledge] == [True]


def test_what_was_taken_back_is_not_unchanged(story: Story) -> None:
    (barrier,) = current(story).manifest.knowledge
    shown = BriefingVersion(current(story))
    story.command(RetractNote, ANNA, note=barrier, reason=COURSE)

    statements = StatementIndex.of(story.events)
    since = Since((), frozenset({barrier}))
    briefing = briefing_read(seen(story), shown, records(story), statements, labels(), story.now, since)

    assert [(note.is_unchanged, note.taken_back_on is None) for note in briefing.knowledge] == [(False, False)]


@pytest.mark.parametrize(
    ("language", "folded", "heading"),
    [
        ("da", "Uændret siden sidst: 1. Det står sidst i orienteringen.", "Uændret siden sidst (1):"),
        ("en", "Unchanged since last time: 1. It stands at the end of the briefing.", "Unchanged since last time (1):"),
    ],
)
def test_a_document_counts_what_both_knew_and_shows_it_whole_at_its_end(
    story: Story, language: Language, folded: str, heading: str
) -> None:
    (barrier,) = current(story).manifest.knowledge
    since = Since((), frozenset({barrier}))

    text = as_text(read(story, Since(), language), labels(language), since)

    assert text.index(folded) < text.index(heading) < text.rindex("Notat 2.")
    assert labels(language).catalog.briefing["knowledge"] not in text


def test_nothing_is_folded_that_is_new_to_both(story: Story) -> None:
    text = as_text(read(story, Since()), labels("da"))

    assert "Det gælder stadig:" in text
    assert "Uændret" not in text


def knowledge(reader: Caller, course: str) -> dict[str, Any]:
    """Return by its words whether each piece of knowledge is unchanged to a reader."""
    return {note["text"]: note["is_unchanged"] for note in reader.get(f"{course}/briefing")["knowledge"]}


def as_read_by(reader: Caller, course: str) -> str:
    """Return the briefing as text."""
    return reader.http.get(f"{course}/briefing", headers={"Accept": "text/plain", "Accept-Language": "en"}).text


def test_the_text_says_what_is_new_since_the_readers_own_receipt_as_the_data_does(
    system: Caller, anna: Caller, bo: Caller
) -> None:
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    anna.does(f"{course}/briefings")
    anna.does(f"{course}/acknowledgements", briefing=1, version=1)
    anna.does(f"{course}/notes", kind="barrier", text="Kan ikke stå længe.")
    bo.does(f"{course}/acknowledgements", briefing=1, version=2)
    anna.does(f"{course}/notes", kind="barrier", text="Kan ikke løfte.")

    for reader, version, changed in ((anna, 1, 2), (bo, 2, 1)):
        text, changes = as_read_by(reader, course), reader.get(f"{course}/briefing", version=3)["changes"]
        assert f"Changed since version {version}, which you acknowledged:" in text
        assert [line in text for line in changes] == [True] * changed


def test_each_reader_sees_what_is_unchanged_since_the_own_receipt(
    system: Caller, anna: Caller, bo: Caller, sara: Caller
) -> None:
    course = f"/v1/courses/{system.does('/v1/courses', **case())['course']}"
    complete_intake(course, anna, bo)
    both_acknowledge(course, anna, bo)
    known = knowledge(anna, course)

    assert len(known) > 1
    assert set(known.values()) == set(knowledge(bo, course).values()) == {True}
    assert set(knowledge(sara, course).values()) == {False}
    assert "Unchanged" not in as_read_by(sara, course)
    text = as_read_by(anna, course)
    assert f"Unchanged since last time ({len(known)}):" in text
