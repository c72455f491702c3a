"""Courses told in sentences, as the API finds them: the state, and what the store keeps beside it."""

from pathlib import Path
from typing import Final
from uuid import UUID

from api.courses.read.load import CourseRecords
from api.courses.visible import SeenCourse
from api.http.negotiation import Language
from api.text.labels import Labels
from infra.store.courses.projection import course_row, visit_rows
from infra.store.rows import CourseRow, VisitRow
from rules.engine.book import Book
from rules.loading.read_toml import read_rule_set
from tests.story import Story

_FILE: Final = Path(__file__).parent / "meeting.toml"
MEETING: Final = Book(read_rule_set(_FILE.read_text(), _FILE.name))
"""Rules with what heads a briefing, what is carried on, a meeting, a branch and a reminder."""


def begun() -> Story:
    """Return a course at the visit to a company, just started."""
    return Story(rules=MEETING).starts()


def labels(language: Language = "en") -> Labels:
    """Return the words for these rules."""
    return Labels(MEETING, language)


def seen(story: Story) -> SeenCourse:
    """Return the course as the store has it."""
    row = CourseRow.model_validate({**course_row(story.state), "citizen_text": None, "citizen_key": None})
    return SeenCourse(row, story.state)


def records(story: Story, texts: dict[UUID, str] | None = None) -> CourseRecords:
    """Return what stands beside the course for somebody who may read all of it."""
    return CourseRecords(
        visits=tuple(VisitRow.model_validate(row) for row in visit_rows((story.state,))),
        notices={},
        undone=(),
        people={},
        notes=story.state.notes,
        texts=texts or {},
    )
