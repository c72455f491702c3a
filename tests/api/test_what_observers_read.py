"""What the rules do not let a kind of observer read is in no answer to one, whatever the course holds (P14)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from api.courses.read.course import course_read
from api.courses.read.listing import Beside, course_line
from api.courses.read.load import CourseRecords, visits_read_by
from api.http.negotiation import LANGUAGES
from api.journal.lines import JournalText
from api.journal.observing import entries_read_by, statements_read_by
from api.journal.sentences import JournalWords
from api.journal.statements import StatementIndex
from domain import commands as cmd
from domain.identity import Role
from domain.state.observers import ObserverKind
from infra.security.tokens import Claims
from infra.store.courses.projection import course_row, visit_rows
from infra.store.queries.courses import VisibleCourse
from infra.store.queries.journal import JournalEntry
from infra.store.rows import CourseRow, VisitRow
from rules.engine.book import Book
from rules.engine.reads import reads_of
from rules.loading.library import shipped
from tests.api.lives import Life
from tests.api.observing import hidden_labels
from tests.domain.versions import versions_of
from tests.domain.vocabulary import SARA, Story
from wording.calendars import appointments_of, calendar_file
from wording.labels import Labels

BOOKS: Final = {f"{rules.id} {rules.version}": Book(rules) for rules in shipped()}
TURNS: Final = 60
OLGA: Final = Claims(person="olga", roles=frozenset({Role.OBSERVER}), municipality="0990", units=frozenset())


class Observed:
    """A course as it stands, for an observer of a kind, by the functions beneath the routes."""

    def __init__(self, story: Story, book: Book, kind: ObserverKind, texts: Mapping[Any, str]) -> None:
        self.story, self.book, self.texts = story, book, texts
        self.reads = reads_of(book.rule_set, kind, "olga")
        row = {**course_row(story.state), "citizen_text": None, "citizen_key": None, "observed_as": kind}
        whole = VisibleCourse(
            row=CourseRow.model_validate(row), whole=story.state, judged_at=story.now, roles=OLGA.roles
        )
        self.course = whole.read_by(self.reads)
        self.visits = tuple(VisitRow.model_validate(row) for row in visit_rows((story.state,)))

    def answers(self, labels: Labels) -> Iterator[str]:
        """Yield the course, its line in lists, its calendar file and its journal."""
        visits = tuple(visits_read_by(self.reads, self.visits))
        beside = CourseRecords(visits, {}, (), {}, self.course.state.notes, self.texts)
        yield course_read(self.course, beside, None, labels, self.story.now).model_dump_json()
        yield course_line(self.course.row, Beside({}, {}, {}), labels, self.story.now).model_dump_json()
        yield calendar_file("x", "x", appointments_of(self.course.state, labels, {})).decode()
        yield from self.journal(labels)

    def journal(self, labels: Labels) -> Iterator[str]:
        """Yield the journal, line by line and as one text."""
        statements = StatementIndex.of(self.story.events)
        statements = StatementIndex(
            statements.facts, statements.notes, statements.taken_back, statements.parties, texts=self.texts
        )
        statements = statements_read_by(self.reads, statements)
        entries = tuple(
            entries_read_by(self.reads, self.entries(), statements, {v.number: v.step for v in self.visits})
        )
        rows = {row.number: row for row in visits_read_by(self.reads, self.visits)}
        words = JournalWords(statements, rows, labels)
        text = JournalText(OLGA, self.course, statements, self.texts, words, labels, entries)
        yield from (text.line(entry).model_dump_json() for entry in entries)
        yield text.as_text(self.story.now)

    def entries(self) -> Iterator[JournalEntry]:
        """Yield what happened as the store has it."""
        for number, event in enumerate(self.story.events, 1):
            detail = event.model_dump(mode="json", exclude={"kind", "v", "at", "by", "visit"})
            place = {
                "position": number,
                "epoch": 1,
                "revision": 1,
                "seq": number,
                "visit": getattr(event, "visit", None),
            }
            envelope = {"kind": event.kind, "v": event.v, "at": event.at, "actor": event.by, "detail": detail}
            yield JournalEntry.model_validate({**place, **envelope})

    def hidden_words(self) -> set[str]:
        """Return the words of people and the values that are not the observer's to read."""
        notes = [event.note for event in self.story.events if event.kind == "note_added"]
        facts = [fact for event in self.story.events if event.kind == "facts_reported" for fact in event.facts]
        readable = {note.id for note in notes if self.reads.includes_note(note)}
        words = {f"words {number}" for number, text in enumerate(self.texts) if text not in readable}
        places = {str(fact.value) for fact in facts if not self.reads.includes_fact(fact) and "=" in str(fact.value)}
        return words | places


@pytest.mark.parametrize(
    ("lives", "every"), [pytest.param(1, 6, id="some"), pytest.param(4, 2, id="many", marks=pytest.mark.verify)]
)
@pytest.mark.parametrize("kind", ObserverKind)
@pytest.mark.parametrize("rules", BOOKS)
def test_no_answer_holds_what_is_not_to_be_read_in_any_state_of_a_life(
    rules: str, kind: ObserverKind, lives: int, every: int
) -> None:
    book, read, looked = BOOKS[rules], 0, 0
    for seed in range(lives):
        life = Life(versions_of(book), seed)
        life.does(cmd.AddObserver, SARA, person="olga", observer_kind=kind, reason=life.words())
        for turn, story in enumerate(life.goes_on(TURNS)):
            if turn % every:
                continue
            texts = {id_: f"»words {number}«" for number, id_ in enumerate(life.texts)}
            observed = Observed(story, book, kind, texts)
            for language in LANGUAGES:
                labels = Labels(book, language)
                hidden = hidden_labels(book, observed.reads, labels) | {f"»{w}«" for w in observed.hidden_words()}
                for answer in observed.answers(labels):
                    assert [word for word in hidden if word in answer] == [], f"life {seed}, turn {turn}: {answer}"
                    read, looked = read + 1, looked + len(hidden)
    assert read
    assert looked
