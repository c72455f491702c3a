"""The vocabulary of courses under the wider rules: a talk that leads to a trial."""

from pathlib import Path
from typing import Any, Final

from rules.engine.book import Book
from rules.loading.read_toml import read_rule_set
from tests.domain.vocabulary import ANNA, BO, TINY, Story

WIDER: Final = Path(__file__).with_name("wider.toml")
BOOK: Final = Book(read_rule_set(WIDER.read_text(), WIDER.name, {TINY.name: TINY.read_text()}))


def wider(target_group: str = "a", **what: Any) -> Story:
    """Return a course that has just begun."""
    return Story(rules=BOOK).starts(target_group, **what)


def at_trial() -> Story:
    """Return a course whose second visit is a trial that was just entered."""
    story = wider()
    story.reports(ANNA, agreed=True, way="trial")
    both_acknowledge(story)
    return story


def both_acknowledge(story: Story, visit: int | None = None) -> None:
    """Let Anna and Bo acknowledge what a visit tells now; nothing may advance before the second of them has."""
    before = story.state.visits
    story.acknowledges(ANNA, visit=visit)
    assert len(story.state.visits) == len(before)
    story.acknowledges(BO, visit=visit)
