"""Deciding how a course that ran elsewhere begins here: where it stands in reality, with nobody informed of it yet.

It is a recorded human statement and no advance: there is no receipt for anything before, and the first briefing of
each visit that is taken over is due before it is left (P1, P11).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from datetime import time as wall_time
from typing import Final

from domain import events as ev
from domain.calendar import DANISH_TIME
from domain.decide.turn import Turn
from domain.errors import Code, Problem, RefusedError
from domain.state.takeover import StandingVisit, TakenOver

QUIET_AT_MOST: Final = timedelta(days=62)
"""How long nobody is reminded at most, so that a slip of the pen silences no course (P6)."""

_FIELD: Final = "taken_over"


def enter_taken_over(turn: Turn, taken_over: TakenOver) -> None:
    """Enter every visit as it stands in reality; those that were left there are left.

    Raises RefusedError naming each step, day or instant that cannot be.
    """
    problems = tuple(_problems(turn, taken_over))
    if problems:
        raise RefusedError(*problems)
    met: Counter[str] = Counter()
    before: int | None = None
    for number, visit in enumerate(taken_over.visits, 1):
        met[visit.step] += 1
        turn.happen(
            ev.VisitEntered,
            visit=number,
            step=visit.step,
            ordinal=met[visit.step],
            entered_on=visit.entered_on,
            follows=before,
            left_at=_end_of(turn, visit),
        )
        before = number if visit.left_on is not None else before


def _end_of(turn: Turn, visit: StandingVisit) -> datetime | None:
    """Return the instant at which a visit was left: as its day ended, or now when that is today."""
    if visit.left_on is None:
        return None
    midnight = datetime.combine(visit.left_on + timedelta(days=1), wall_time(), DANISH_TIME)
    return min(midnight.astimezone(turn.now.tzinfo), turn.now)


def _problems(turn: Turn, taken_over: TakenOver) -> Iterator[Problem]:
    """Yield what is wrong with where the course is said to stand."""
    still_open = [visit.step for visit in taken_over.visits if visit.left_on is None]
    if not still_open:
        yield Problem(code=Code.TAKEN_OVER_NOWHERE, field=f"{_FIELD}.visits")
    for index, visit in enumerate(taken_over.visits):
        yield from _problems_of_visit(turn, visit, f"{_FIELD}.visits.{index}")
        if visit.left_on is None and still_open.count(visit.step) > 1:
            yield Problem(code=Code.TAKEN_OVER_TWICE, field=f"{_FIELD}.visits.{index}.step")
    if not turn.now < taken_over.quiet_until <= turn.now + QUIET_AT_MOST:
        params = {"days": str(QUIET_AT_MOST.days)}
        yield Problem(code=Code.QUIET_PERIOD, field=f"{_FIELD}.quiet_until", params=params)


def _problems_of_visit(turn: Turn, visit: StandingVisit, field: str) -> Iterator[Problem]:
    known = turn.rules.steps
    if visit.step not in known:
        yield Problem(code=Code.STEP_UNKNOWN, field=f"{field}.step", params={"known": ", ".join(known)})
    if visit.entered_on > turn.today:
        yield Problem(code=Code.IN_THE_FUTURE, field=f"{field}.entered_on")
    if turn.state.started_on is not None and visit.entered_on < turn.state.started_on:
        yield Problem(code=Code.BEFORE_THE_START, field=f"{field}.entered_on")
    if visit.left_on is not None and visit.left_on > turn.today:
        yield Problem(code=Code.IN_THE_FUTURE, field=f"{field}.left_on")
    if visit.left_on is not None and visit.left_on < visit.entered_on:
        yield Problem(code=Code.BEFORE_THE_START, field=f"{field}.left_on")
