"""What Temporal's own pages show of a course follows its state and names nobody, in whatever life (P10)."""

import re
from typing import Any, Final

import pytest
from temporalio.common import SearchAttributeUpdate

from domain.calendar import danish_day
from domain.identity import GATE_ROLES
from domain.state.course import CourseState, Status
from domain.state.waiting import WaitingKind
from rules.engine.book import Book
from tests.api.lives import Life
from tests.domain.versions import versions_of
from tests.domain.vocabulary import default_book, tiny_book
from workflows.describe import details, search_attributes

MOST_BYTES: Final = 2_000
"""A little less than Temporal takes of one attribute."""


def described(state: CourseState) -> dict[str, Any]:
    """Return the attributes of a course by name, without those that it has not."""
    updates: list[SearchAttributeUpdate[Any]] = search_attributes(state)
    return {update.key.name: update.value for update in updates if update.value is not None}


def nameable(book: Book) -> set[str]:
    """Return every word by which a course may be described: of the engine, of the rule set, and its unit."""
    steps = {step.id for step in book.rule_set.steps}
    requirements = {entry.id for step in book.rule_set.steps for entry in step.requirements}
    return {*steps, *requirements, *GATE_ROLES, *WaitingKind, *Status, "0990", "job"}


def words(value: object) -> list[str]:
    """Return each word of an attribute; an instant and a boolean have none."""
    entries = value if isinstance(value, list) else [value]
    return [
        word for entry in entries if isinstance(entry, str) for part in entry.split("/") for word in part.split(", ")
    ]


@pytest.mark.parametrize("book", [default_book(), tiny_book()], ids=["jobfirst", "tiny"])
def test_a_course_is_described_by_the_words_of_its_rules_alone(book: Book) -> None:
    versions = versions_of(book)
    allowed = frozenset().union(*map(nameable, versions.books))

    for seed in range(5):
        for story in Life(versions, seed).goes_on(40):
            for name, value in described(story.state).items():
                assert set(words(value)) <= allowed, name
                assert len(str(value).encode()) < MOST_BYTES, name
            for line in waits(story.state):
                assert {*line["what"].split("/"), *line["roles"].split(", ")} - {""} <= allowed


LINE: Final = re.compile(
    r"- \*\*(?P<what>[^*]+)\*\* (?P<roles>.*?)(?:, )?since (?P<since>\S{10})"
    r"(?:, due (?P<due>\S{10}))?(?:, supervisors told \S{10})?"
)


def waits(state: CourseState) -> list[dict[str, str]]:
    """Return what the details say a course waits for; each of their lines is one that they may have."""
    _, blank, *lines = details(state).split("\n")
    assert blank == ""
    found = [LINE.fullmatch(line) for line in lines]
    assert None not in found, lines
    return [line.groupdict("") for line in found if line]


def test_what_is_waited_for_comes_first_by_its_deadline_and_ends_with_the_course() -> None:
    life = Life(versions_of(tiny_book()), 1)
    shown = life.story.state.shown_waits

    lines = waits(life.story.state)
    over = waits(life.story.state.model_copy(update={"status": Status.COMPLETED, "waiting": ()}))

    assert [line["due"] for line in lines] == sorted(
        f"{danish_day(wait.until):%Y-%m-%d}" for wait in shown if wait.until
    )
    assert {(line["what"], line["roles"]) for line in lines} == {
        (f"{wait.kind}/{wait.what}" if wait.what else wait.kind, ", ".join(wait.roles)) for wait in shown
    }
    assert over == []
