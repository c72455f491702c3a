"""Whatever was accepted can be read: every view of every state that random lives reach, in both languages (P8, P12)."""

from dataclasses import replace
from itertools import chain
from typing import Final
from uuid import UUID

import pytest

from api.appointments.icalendar import appointments_of, calendar_file
from api.briefings.changes import changes
from api.briefings.documents import as_pdf, as_text
from api.briefings.versions import BriefingVersion
from api.briefings.view import briefing_read
from api.courses.read.course import course_read
from api.http.negotiation import LANGUAGES
from api.inbox.sentences import inbox_text
from api.journal.sentences import JournalWords
from api.journal.statements import StatementIndex
from api.text.labels import Labels
from domain.events import EventBase, NoteAdded, NoticeRaised
from domain.state.facts import Audience, Note
from rules.engine.book import Book
from rules.explain.explain import explain
from rules.explain.models import Explanation
from rules.loading.library import shipped
from tests.api.lives import Life
from tests.api.vocabulary import item, parsed, records, seen
from tests.domain.alphabets import ALPHABETS
from tests.domain.vocabulary import COURSE, Story, plain_calendar, tiny_book

TINY: Final = "tiny"
BOOKS: Final = {f"{rules.id} {rules.version}": Book(rules) for rules in shipped()} | {TINY: tiny_book()}
EXPLORED: Final = tuple(chain.from_iterable(ALPHABETS.values()))
"""What the explorations do in every state of the tiny rules."""
LIVES: Final = 4
TURNS: Final = 80
NOT_OF_A_WAIT: Final = dict.fromkeys(("kind", "what", "roles", "until"))


class Reader:
    """Everybody who reads one course as it stands, in one language: with all notes, or with those for both."""

    def __init__(self, life: Life, explanation: Explanation, labels: Labels, notes: tuple[Note, ...]) -> None:
        self.story = life.story
        self.texts = life.texts
        self.explanation = explanation
        self.labels = labels
        self.beside = replace(records(life.story, life.texts), notes=notes)
        by_id = {note.id: note for note in notes}
        self.statements = replace(StatementIndex.of(life.story.events), notes=by_id, texts=life.texts)

    def reads_all(self, *, with_pdf: bool) -> None:
        """Read the course, its inbox, journal, appointments and briefings."""
        story, labels = self.story, self.labels
        assert course_read(seen(story), self.beside, self.explanation, labels, story.now).model_dump_json()
        assert parsed(calendar_file("x", "x", appointments_of(story.state, labels, {"1000000001": "Nord"})))
        assert all(self.inbox())
        assert all(self.journal())
        for visit in story.state.open_visits:
            if visit.briefing is not None:
                version, manifest = BriefingVersion(visit.briefing), visit.briefing.manifest
                read = briefing_read(seen(story), version, self.beside, self.statements, labels, story.now)
                before = manifest.model_copy(update={"facts": (), "notes": ()})
                since = changes(before, manifest, story.state, self.statements, labels)
                assert read.model_dump_json()
                assert as_text(read, labels, since)
                assert not with_pdf or as_pdf(read, "Kommune 0990", labels, story.now, since).startswith(b"%PDF")

    def inbox(self) -> list[str]:
        """Return what each wait and each of the last notices says."""
        of_a_wait = ("kind", "what", "visit", "roles", "until", "level")
        of_a_notice = ("about", "subject", "visit", "level")
        waits = [{name: getattr(wait, name) for name in of_a_wait} for wait in self.story.state.waiting]
        raised = [event for event in self.story.events[-30:] if isinstance(event, NoticeRaised)]
        told = [*waits, *({name: getattr(event, name) for name in of_a_notice} for event in raised)]
        return [
            inbox_text(item(self.story, **what), course, self.labels, self.story.now)
            for what in told
            for course in (self.story.state, None)
        ]

    def journal(self) -> list[str]:
        """Return what the journal says of the last events, with their words and when those are erased."""
        visits = {row.number: row for row in self.beside.visits}
        words = JournalWords(self.statements, visits, self.labels)
        return [
            words.of(event, written)
            for event in self.story.events[-20:]
            for written in (None, self.texts.get(_words_of(event)))
        ]


def _words_of(event: EventBase) -> UUID:
    """Return the id of the words that came with an event; one that none have for an event without."""
    return event.note.id if isinstance(event, NoteAdded) else getattr(event, "reason", None) or COURSE


def read_everything(life: Life, story: Story, *, with_pdf: bool) -> None:
    """Read a course as it stands, in both languages, and check that its explanation says what its gate says."""
    explanation = explain(life.book, story.state, story.now, plain_calendar())
    assert explanation.model_dump_json()
    outcomes = {v.visit: {r.id: r.outcome for r in v.requirements} for v in explanation.visits}
    assert outcomes == {visit.number: visit.judgement.outcomes for visit in story.state.open_visits}
    for_both = tuple(note for note in story.state.notes if note.audience is Audience.BOTH)
    for language in LANGUAGES:
        for notes in (story.state.notes, for_both):
            Reader(life, explanation, Labels(life.book, language), notes).reads_all(with_pdf=with_pdf)


@pytest.mark.parametrize(
    ("lives", "every"),
    [
        pytest.param(LIVES, 5, id="some"),
        pytest.param(40 * LIVES, 1, id="many", marks=[pytest.mark.verify, pytest.mark.timeout(1800)]),
    ],
)
@pytest.mark.parametrize("rules", BOOKS)
def test_whatever_was_accepted_can_be_read(rules: str, lives: int, every: int) -> None:
    visits = 0
    for seed in range(lives):
        life = Life(BOOKS[rules], seed, EXPLORED if rules == TINY else ())
        for turn, story in enumerate(life.goes_on(TURNS)):
            if turn % every == 0:
                try:
                    read_everything(life, story, with_pdf=turn % 35 == 0)
                except Exception as error:
                    raise AssertionError(f"life {seed}, turn {turn}: {story.events[-1]!r}") from error
        visits = max(visits, len(life.story.state.visits))
    assert visits > 1, "some life goes on beyond the first step"
