"""What a course has a date for in some days: meetings, deadlines, check-ins, first and last days of a step (P5)."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from domain.calendar import Calendar, danish_day, end_of_day, iso_day, start_of_day
from domain.model import Model
from domain.rules_port import RuleBook
from domain.state.course import CourseState, Status, Visit
from domain.state.waiting import WaitingKind

_OPEN_FOR: Final = timedelta(days=28)
_MOST_CHANGES: Final = 30
"""How often it is judged anew, at most, how a course stands on the days that are looked at."""
_OF_RULES: Final = frozenset({WaitingKind.REQUIREMENT, WaitingKind.DECISION, WaitingKind.SILENCE})


class DueKind(StrEnum):
    """What kind of thing is on a day."""

    MEETING = "meeting"
    DEADLINE = "deadline"
    ASKED = "asked"
    WAIT = "wait"
    DAY = "day"


class FallingDue(Model):
    """Something that is on a day: `what` is a meeting, a requirement, a kind of wait, or the fact that names the day.

    A requirement has its deadline then, or is `asked` from then on.
    """

    on: date
    kind: DueKind
    what: str
    visit: int | None


def window(since: date, until: date | None, today: date) -> tuple[date, date]:
    """Return the days of an absence that are looked at: those left of it, or four weeks of one without an end."""
    begins = max(since, today)
    return begins, until or begins + _OPEN_FOR


def falling_due(
    state: CourseState, rules: RuleBook, calendar: Calendar, since: date, until: date
) -> tuple[FallingDue, ...]:
    """Return what is on the days from `since` to `until`, both included, the earliest first, if nobody acts until then.

    A paused or completed course has no dates; what was held, called off or left is none any more.
    """
    if state.status is not Status.OPEN:
        return ()
    every = [*_required(state, rules, calendar, since, until), *_waits(state)]
    every += [one for visit in state.open_visits for one in _of_visit(state, visit, rules)]
    inside = (one for one in every if since <= one.on <= until)
    return tuple(sorted(inside, key=lambda one: (one.on, one.kind, one.what)))


def _required(
    state: CourseState, rules: RuleBook, calendar: Calendar, since: date, until: date
) -> Iterator[FallingDue]:
    """Yield the deadlines of what will be required, and what is asked for from one of the days on."""
    at, ends = start_of_day(since), end_of_day(until)
    due: dict[tuple[int, str], FallingDue] = {}
    asked: set[tuple[int, str]] | None = None
    for _ in range(_MOST_CHANGES):
        verdict = rules.judge(state, at, calendar)
        waited = {(v.visit, r.requirement): r for v in verdict.visits for r in v.requirements if r.is_waited_for}
        for (visit, what), requirement in waited.items():
            if requirement.due is not None:
                on, kind = danish_day(requirement.due), DueKind.DEADLINE
            elif asked is not None and (visit, what) not in asked:
                on, kind = danish_day(at), DueKind.ASKED
            else:
                continue
            due.setdefault((visit, what), FallingDue(on=on, kind=kind, what=what, visit=visit))
        asked = (asked or set()) | waited.keys()
        if verdict.changes_at is None or not at < verdict.changes_at <= ends:
            break
        at = verdict.changes_at
    yield from due.values()


def _waits(state: CourseState) -> Iterator[FallingDue]:
    """Yield until when it is waited for what no requirement asks, such as a receipt or an answer."""
    for wait in state.shown_waits:
        if wait.until is not None and wait.kind not in _OF_RULES:
            yield FallingDue(on=danish_day(wait.until), kind=DueKind.WAIT, what=wait.kind, visit=wait.visit)


def _of_visit(state: CourseState, visit: Visit, rules: RuleBook) -> Iterator[FallingDue]:
    """Yield the meetings of a visit, and the days that its facts name as still to come."""
    planned = {rule.appointment: rule for rule in rules.appointments(visit.step)}
    for meeting in visit.appointments:
        rule = planned.get(meeting.id)
        held = state.on_record(rule.held, visit.number) if rule is not None and rule.held else None
        if not meeting.cancelled and (held is None or iso_day(held.fact.value) != meeting.on):
            yield FallingDue(on=meeting.on, kind=DueKind.MEETING, what=meeting.id, visit=visit.number)
    of_meetings = {rule.day for rule in planned.values()}
    for name in dict.fromkeys(fact.fact for fact in state.facts if fact.visit == visit.number):
        stated, declared = state.on_record(name, visit.number), rules.fact(name)
        on = iso_day(stated.fact.value) if stated is not None else None
        if on is not None and declared is not None and not declared.has_come and declared.fact not in of_meetings:
            yield FallingDue(on=on, kind=DueKind.DAY, what=name, visit=visit.number)
