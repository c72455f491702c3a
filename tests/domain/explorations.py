"""Searches for all states that the moves of an alphabet reach, over the tiny rules without a clock."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from random import Random
from typing import Any
from uuid import UUID, uuid5

from domain import commands as cmd
from domain import events as ev
from domain.decide import decide
from domain.decide.decision import Decision
from domain.errors import RefusedError
from domain.state.course import CourseState, Visit
from tests.domain.alphabets import Move, Moves
from tests.domain.promises import check_left, check_transition
from tests.domain.versions import versions_of
from tests.domain.vocabulary import CASE_SYSTEM, COURSE, MONDAY, plain_calendar, tiny_book

CALENDAR = plain_calendar()
VERSIONS = versions_of(tiny_book())
MOST_VISITS = 3
MOST_VERSIONS = 2
MOST_HAND_OVERS = 3


def is_within_bounds(state: CourseState) -> bool:
    """Say whether a state is small enough to go on from; loops are endless, so their number is bounded."""
    return (
        len(state.visits) <= MOST_VISITS
        and all(visit.versions <= MOST_VERSIONS for visit in state.visits)
        and all(party.generation <= MOST_HAND_OVERS for party in state.parties)
        and len(state.pauses) <= 1
    )


def fingerprint(state: CourseState) -> int:
    """Return what makes two states the same course, whatever way led there.

    What was told ahead in a visit that then began anew is left out: it decides nothing any more. So is whether a note
    is heard: it decides only whether a correction needs a reason.
    """
    steps = {visit.number: visit.step for visit in state.visits}
    relevant = [f for f in state.facts if f.visit is None or f.step == steps[f.visit]]
    facts = frozenset((f.fact, f.value, f.visit, f.by_system) for f in relevant)
    waits = frozenset((w.key, w.level) for w in state.waiting)
    visits = tuple(
        (
            v.number,
            v.step,
            v.left_at,
            v.to,
            v.closing,
            v.withdrawn,
            v.versions,
            v.used_up,
            v.waived,
            v.asked_early,
            tuple((d.id, d.is_open, d.ended_because) for d in v.disputes),
            _briefing_of(v),
        )
        for v in state.visits
    )
    holders = frozenset((party.role, party.person, party.unit) for party in state.parties)
    observers = frozenset(observer.person for observer in state.observers)
    asked = (state.ask_next, state.rules_next_ask_left, tuple(visit.asks_left for visit in state.visits))
    followed = (asked, state.rules and state.rules.version, state.rules_next and state.rules_next.version)
    place = (state.status, len(state.pauses), state.ahead_of_informing, followed)
    notes = tuple(note.model_copy(update={"is_heard": False}) for note in state.notes)
    return hash((place, facts, waits, visits, holders, notes, observers))


def _briefing_of(visit: Visit) -> object:
    """Return the current version and its receipts, in no order."""
    if visit.briefing is None:
        return None
    receipts = frozenset((r.role, r.person, r.by, r.disputed) for r in visit.briefing.receipts)
    return visit.briefing.digest, receipts


@dataclass
class Exploration:
    """A search through all states that an alphabet reaches."""

    moves: list[Moves]
    beginning: list[Move]
    started: dict[str, Any]
    most: float = inf
    draw: Random | None = None
    seen: set[int] = field(default_factory=set)
    queue: deque[CourseState] = field(default_factory=deque)
    transitions: int = 0
    refused: int = 0
    branched_and_joined: set[str] = field(default_factory=set)

    def explore(self, deadline: float) -> None:
        """Follow every move from every state until none is left, or `most`, or the time is up.

        The nearest comes first, or, where a `draw` is given, whichever it draws.
        """
        self.queue.append(CourseState(course=COURSE, municipality="0990"))
        for move in (begin_course(tiny_book().reference.sha256, self.started), *self.beginning):
            self.follow(self.queue.pop(), move)
        while self.queue and len(self.seen) < self.most and time.monotonic() < deadline:
            if self.draw is not None:
                self.queue.rotate(self.draw.randrange(len(self.queue)))
            state = self.queue.popleft()
            for move in (move for moves in self.moves for move in moves(state)):
                self.follow(state, move)

    def follow(self, state: CourseState, move: Move) -> None:
        """Try one command in one state and check every promise in the transition."""
        kind, actor, what = move
        command = kind(id=_command(kind, what), actor=actor, **what)
        try:
            rules, next_rules = VERSIONS.followed(state), VERSIONS.next_of(state, kind, what)
            decision = decide(state, command, rules, now_in(state), CALENDAR, next_rules=next_rules)
        except RefusedError:
            self.refused += 1
            return
        events, after = decision.events, decision.state
        self.transitions += 1
        self.branched_and_joined |= {e.kind for e in events if isinstance(e, ev.VisitBranched)}
        self.branched_and_joined |= {e.kind for e in events if isinstance(e, ev.VisitLeft) and e.joined}
        try:
            check_transition(state, events, after)
            check_left(state, events, after, VERSIONS.followed(after))
        except AssertionError as broken:
            raise AssertionError(f"{broken}\nafter {kind.__name__} {what} by {actor.person}\nin {state!r}") from broken
        mark = fingerprint(after)
        if mark not in self.seen and is_within_bounds(after):
            self.seen.add(mark)
            self.queue.append(after)
            self.reached(decision)

    def reached(self, decision: Decision) -> None:
        """Take note of a state that was not seen before, and of what led to it."""


def now_in(state: CourseState) -> datetime:
    """Return when a command is given: all at once, but that what comes after a re-pin comes later."""
    return MONDAY if state.re_pinned_at is None else state.re_pinned_at + timedelta(minutes=1)


def begin_course(sha256: str, more: dict[str, Any]) -> Move:
    """Return the start of the explored course, with what `more` is said of it."""
    what = {
        "municipality": "0990",
        "unit": "job",
        "reference": "case-1",
        "citizen": "citizen-1",
        "rules": sha256,
        "started_on": MONDAY.date(),
        "target_group": "a",
        "caseworker": cmd.PartyClaim(person="anna"),
        "company_consultant": cmd.PartyClaim(person="bo"),
        **more,
    }
    return cmd.StartCourse, CASE_SYSTEM, what


def _command(kind: Callable[..., Any], what: dict[str, Any]) -> UUID:
    """Return the same id for the same command, so that the same statement makes the same state."""
    return uuid5(COURSE, f"{kind.__name__} {sorted(what.items(), key=str)}")
