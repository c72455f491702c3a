"""Whatever was accepted can be read: every view and list of every state that lives and explorations reach (P8, P12)."""

import time
from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import Final

import pytest

from domain.decide.decision import Decision
from rules.engine.book import Book
from rules.loading.library import shipped
from tests.api.lives import Life
from tests.api.readers import Stand
from tests.domain.alphabets import ALPHABETS, BEGINNINGS, STARTED
from tests.domain.explorations import VERSIONS, Exploration
from tests.domain.versions import versions_of
from tests.domain.vocabulary import tiny_book

TINY: Final = "tiny"
BOOKS: Final = {f"{rules.id} {rules.version}": Book(rules) for rules in shipped()} | {TINY: tiny_book()}
EXPLORED: Final = tuple(chain.from_iterable(ALPHABETS.values()))
"""What the explorations do in every state of the tiny rules."""
LIVES: Final = 4
TURNS: Final = 80
DRAWN: Final = 25
"""So many states of each exploration are read while a change waits, and in verify as many as below."""
DRAWN_IN_VERIFY: Final = 1000
MANY: Final = [pytest.mark.verify, pytest.mark.timeout(1800)]


@pytest.mark.parametrize(
    ("lives", "every"), [pytest.param(LIVES, 10, id="some"), pytest.param(10 * LIVES, 2, id="many", marks=MANY)]
)
@pytest.mark.parametrize("rules", BOOKS)
def test_whatever_was_accepted_in_a_life_can_be_read(rules: str, lives: int, every: int) -> None:
    visits = 0
    for seed in range(lives):
        life = Life(versions_of(BOOKS[rules]), seed, EXPLORED if rules == TINY else ())
        read = 0
        for turn, story in enumerate(life.goes_on(TURNS)):
            if turn % every == 0:
                events, news = story.events, story.events[read:]
                stand = Stand(life.book, story.state, story.now, events, news, life.texts)
                try:
                    stand.is_read_by_all(with_pdf=turn % 35 == 0, with_rehearsal=turn % 20 == 0)
                except Exception as error:
                    raise AssertionError(f"life {seed}, turn {turn}: {story.events[-1]!r}") from error
                read = len(story.events)
        visits = max(visits, len(life.story.state.visits))
    assert visits > 1, "some life goes on beyond the first step"


@dataclass
class ReadExploration(Exploration):
    """An exploration whose states are all read."""

    def reached(self, decision: Decision) -> None:
        """Read the course as it stands now, with what has just happened to it."""
        events = tuple(decision.events)
        book = VERSIONS.followed(decision.state)
        Stand(book, decision.state, decision.now, events, events).is_read_by_all(
            with_rehearsal=len(self.seen) % DRAWN == 0
        )


@pytest.mark.parametrize("most", [pytest.param(DRAWN, id="some"), pytest.param(DRAWN_IN_VERIFY, id="many", marks=MANY)])
@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_every_state_that_an_exploration_reaches_can_be_read(alphabet: str, most: int) -> None:
    draw = Random(alphabet)  # noqa: S311 - It draws states, and guards nothing.
    exploration = ReadExploration(
        ALPHABETS[alphabet], BEGINNINGS.get(alphabet, []), STARTED.get(alphabet, {}), most, draw
    )

    exploration.explore(time.monotonic() + 3600)

    assert len(exploration.seen) >= DRAWN
