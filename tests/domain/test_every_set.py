"""Every shipped set along its straight way: whatever is done in each state there, the promises hold."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

import pytest

from domain import commands as cmd
from domain.calendar import danish_instant
from domain.decide import decide
from domain.errors import RefusedError
from domain.identity import ENGINE_ACTOR
from domain.state.course import CourseState, Visit
from domain.state.verdict import LeftRequirement
from rules.burden.course import AT, PlayedCourse
from rules.burden.player import play, usual_group
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.loading.library import shipped
from tests.domain.acts import Acts, given
from tests.domain.alphabets import Move
from tests.domain.promises import (
    Advance,
    check_births,
    check_left,
    check_promises,
    check_re_pinned,
    check_rungs,
    check_waits,
)
from tests.domain.versions import Versions, versions_of

BOOKS: Final = {f"{rules.id} {rules.version}": Book(rules) for rules in shipped()}
DANISH_DAYS: Final = WorkingTime(customary())
SHARE: Final = 1
"""So many of up to six hundred acts are drawn in each state while a change waits; another follows each.

Then both are informed at once, whatever is still missing.
Neighbouring states allow much the same acts, so drawing more of them tries nearly every act somewhere.
"""
LARGE_SHARE: Final = 60


class WatchedCourse(PlayedCourse):
    """A straight course that remembers every state it passes through, and when."""

    def __init__(self, book: Book) -> None:
        """Start the course in the usual target group."""
        self.passed: list[tuple[CourseState, datetime]] = []
        super().__init__(book, DANISH_DAYS, usual_group(book.rule_set))

    def give(self, command: cmd.Command) -> None:
        """Give a command, and remember what came of it."""
        super().give(command)
        self.passed.append((self.state, danish_instant(self.today, AT)))


@pytest.mark.parametrize(
    "share",
    [
        pytest.param(SHARE, id="some"),
        pytest.param(LARGE_SHARE, id="many", marks=[pytest.mark.verify, pytest.mark.timeout(1800)]),
    ],
)
@pytest.mark.parametrize("rules", BOOKS)
def test_every_promise_holds_whatever_is_done_along_the_straight_way(rules: str, share: int) -> None:
    book, draw = BOOKS[rules], Random(rules)  # noqa: S311 - It draws acts, and guards nothing.
    versions = versions_of(book)
    course, acts = WatchedCourse(book), Acts(versions)
    play(course)
    accepted = set[str]()

    for state, now in course.passed:
        for first in (acts.one_of(state, now, draw) for _ in range(share)):
            walk = followed(versions, state, first, now)
            then = now + timedelta(days=draw.choice((0, 0, 1, 30)))
            walk = followed(versions, walk, (cmd.TimePassed, ENGINE_ACTOR, {}), then)
            walk = followed(versions, walk, acts.one_of(walk, then, draw), then)
            for move in acts.informs(walk):
                before, walk = walk, followed(versions, walk, move, then)
                accepted |= {move[0].__name__} if walk is not before else set()

    assert {visit.step for visit in course.state.visits} == set(book.steps)
    assert accepted == {"BriefNow", "Acknowledge"}


def asked_of_left(state: CourseState) -> Iterator[LeftRequirement]:
    """Yield what is asked, or will be, of steps that are left."""
    yield from state.ask_next
    yield from (left for visit in state.visits for left in visit.asks_left)


def followed(versions: Versions, state: CourseState, move: Move, now: datetime) -> CourseState:
    """Return the course after one command, every promise checked; the same where it is refused."""
    book, command = versions.followed(state), given(move, state)

    def way(before: CourseState, visit: Visit, event: Advance) -> list[str] | None:
        gate = next(
            v for v in versions.followed(before).judge(before, now, DANISH_DAYS).visits if v.visit == visit.number
        )
        if gate.route is None or not gate.is_ready or gate.route.to != event.to:
            return None
        beside = {other.step for other in before.open_visits if other.number != visit.number}
        return [step for step in event.to if not (gate.route.joins and step in beside)]

    try:
        decision = decide(state, command, book, now, DANISH_DAYS, next_rules=versions.next_of(state, move[0], move[2]))
    except RefusedError:
        return state
    after = decision.state
    try:
        check_promises(state, decision.events, after, way)
        check_rungs(state, after, now)
        check_waits(after, now)
        check_births(state, after, now, versions.law)
        check_left(state, decision.events, after, versions.followed(after))
        if not getattr(command, "ask_left", False) and not state.rules_next_ask_left:
            assert {*asked_of_left(after)} <= {*asked_of_left(state)}, "P3: asked of a left step by nobody's choice"
        if isinstance(command, cmd.RePinCourse) and after.rules != state.rules:
            check_re_pinned(state, after, versions.followed(after), now, DANISH_DAYS)
        assert CourseState.model_validate_json(after.model_dump_json()) == after
    except AssertionError as broken:
        raise AssertionError(f"{broken}\nafter {move} at {now}\nin {state!r}") from broken
    return after.model_copy(update={"revision": state.revision + bool(decision.events)})
