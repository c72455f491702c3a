"""What other rules would hold and free of recorded courses, courses with the same inputs decided once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from domain.calendar import Calendar
from domain.model import canonical, digest_of
from domain.state.course import CourseState
from domain.state.facts import Audience
from domain.state.verdict import Verdict, VisitVerdict
from rules.engine.book import Book

ROUTE: Final = "route"
"""What holds a visit of which nobody knows where it goes next; no requirement has this id alone."""

_OF_A_FACT: Final = ("fact", "value", "step", "visit", "occurred_on", "by_system")
_OF_A_VISIT: Final = ("number", "step", "follows", "withdrawn", "asks_left")


class Effect(NamedTuple):
    """What other rules do to a course: whether a visit that was ready is held, or one that was held is ready.

    `holding` and `no_longer` are the requirements that only the other rules hold a visit for, and only the former.
    """

    is_held: bool
    is_freed: bool
    holding: frozenset[str]
    no_longer: frozenset[str]


def equal_inputs(snapshot: Mapping[str, Any]) -> str:
    """Return the digest of what the outcomes of a stored course rest on; courses with the same come out alike.

    Of instants only their order counts: which statement is the newest, and which came after a visit was entered.
    """
    visits: Sequence[Mapping[str, Any]] = snapshot["visits"]
    entered = sorted(_instant(visit["entered_at"]) for visit in visits)
    facts = sorted(snapshot["facts"], key=_newness)
    shared = (note for note in snapshot["notes"] if note["audience"] == Audience.BOTH)
    inputs = [
        snapshot["started_on"],
        [_input_of_visit(visit, entered) for visit in visits],
        [_input_of_fact(fact, entered) for fact in facts],
        sorted([note["visit"], note["kind"], *note["by_roles"]] for note in shared),
    ]
    return digest_of(canonical(inputs))


def _newness(fact: Mapping[str, Any]) -> tuple[str, str, str]:
    """Order stored statements as `Fact.newness` orders them."""
    issued_at = fact["issued_at"]
    return fact["occurred_on"], _instant(issued_at or fact["recorded_at"]), fact["id"] if issued_at else ""


def _instant(stored: str) -> str:
    """Return a stored instant in UTC as a text in the order of time, with a part of a second or without one."""
    return stored.removesuffix("Z")


def _input_of_visit(visit: Mapping[str, Any], entered: Sequence[str]) -> list[Any]:
    waived = sorted(waiver["requirement"] for waiver in visit["waivers"])
    is_open, place = visit["left_at"] is None, bisect_left(entered, _instant(visit["entered_at"]))
    return [*(visit[name] for name in _OF_A_VISIT), waived, place, visit["entered_on"] if is_open else None]


def _input_of_fact(fact: Mapping[str, Any], entered: Sequence[str]) -> list[Any]:
    heard = _instant(fact["recorded_at"])
    return [*(fact[name] for name in _OF_A_FACT), bisect_left(entered, heard), bisect_right(entered, heard)]


def effect_of(state: CourseState, before: Book, after: Book, now: datetime, calendar: Calendar) -> Effect:
    """Return what it does to a course that it is judged by other rules than its own."""
    old, new = before.judge(state, now, calendar), after.judge(state, now, calendar)
    held_by, then_held_by = frozenset(_holding(old)), frozenset(_holding(new))
    ready = [(one.is_ready, other.is_ready) for one, other in zip(old.visits, new.visits, strict=True)]
    return Effect(
        is_held=(True, False) in ready,
        is_freed=(False, True) in ready,
        holding=frozenset(name for _, name in then_held_by - held_by),
        no_longer=frozenset(name for _, name in held_by - then_held_by),
    )


def _holding(verdict: Verdict) -> Iterator[tuple[int, str]]:
    for visit in verdict.visits:
        yield from ((visit.visit, name) for name in _holding_one(visit))


def _holding_one(visit: VisitVerdict) -> Iterator[str]:
    yield from (asked.requirement for asked in visit.requirements if asked.holds_back)
    if visit.route is None:
        yield ROUTE
