"""Rehearsing a course: who will be told what, and when, if nobody acts; decided as it would be, and nothing is kept."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from domain import events as ev
from domain.address import AddressKind
from domain.calendar import Calendar
from domain.commands import TimePassed
from domain.decide import Decision, decide
from domain.identity import ENGINE_ACTOR, Role, command_id
from domain.rules_port import RuleBook
from domain.state.course import CourseState
from domain.state.waiting import Waiting

MOST_WAKEUPS: Final = 400
"""How often a rehearsed course is woken at most."""


class RehearsedNotice(NamedTuple):
    """A notice that would be raised, the wait it would tell of, if any, and who would cover for its recipient."""

    notice: ev.NoticeRaised
    waiting: Waiting | None
    cover: str | None


class Rehearsal(NamedTuple):
    """What would be told until an instant, which is sooner than asked for when too much would happen."""

    until: datetime
    notices: tuple[RehearsedNotice, ...]


def rehearse(
    state: CourseState,
    rules: RuleBook,
    calendar: Calendar,
    now: datetime,
    until: datetime,
    unknown: Collection[tuple[Role, str]] = (),
) -> Rehearsal:
    """Return who will be told what from `now` until `until` if nobody acts (P5, P6).

    Pure: the course is woken whenever it would wake, by the same rules, working time and decisions.
    `unknown` are the holders of a role whom the directory does not know in it.
    What an absence or other rules would change later is not foreseen.
    """
    raised: list[RehearsedNotice] = []
    for _ in range(MOST_WAKEUPS):
        if state.wakeup is None or state.wakeup > until:
            return Rehearsal(until, tuple(raised))
        now = max(now, state.wakeup)
        cause = f"rehearsal/{state.revision}/{now.isoformat()}"
        passed = TimePassed(id=command_id(state.course, cause), actor=ENGINE_ACTOR)
        decision = decide(state, passed, rules, now, calendar, unknown=unknown)
        raised += _raised_by(decision)
        state = decision.state
    return Rehearsal(now, tuple(raised))


def _raised_by(decision: Decision) -> Iterator[RehearsedNotice]:
    waits = {waiting.key: waiting for state in (decision.before, decision.state) for waiting in state.waiting}
    for event in decision.events:
        if isinstance(event, ev.NoticeRaised):
            is_holder = event.recipient.kind is AddressKind.PERSON and event.recipient.name in decision.holders()
            cover = decision.cover(event.recipient.name) if is_holder else None
            yield RehearsedNotice(event, waits.get(event.waiting) if event.waiting else None, cover)
