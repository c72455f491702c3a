"""When that begins which a visit's briefing is for, and the working day before it (P1, P6)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from domain.calendar import Calendar, Span, TimeUnit, danish_day, iso_day, start_of_day
from domain.rules_port import RuleBook
from domain.state.course import CourseState, Visit
from domain.state.facts import FactValue

_A_DAY: Final = timedelta(days=1)
_OPEN: Final = Span(amount=0, unit=TimeUnit.WORKING_HOURS)
_AN_HOUR: Final = Span(amount=1, unit=TimeUnit.WORKING_HOURS)


def beginnings(visit: Visit, state: CourseState, rules: RuleBook) -> Iterator[date]:
    """Yield the days on which something begins that a visit's briefing is for: its meetings, and the steps to come.

    A step begins on the earliest of the days that are said of it ahead, a schedule on its first.
    """
    yield from (meeting.on for meeting in visit.appointments if not meeting.cancelled)
    days: defaultdict[str, set[date]] = defaultdict(set)
    for name in {fact.fact for fact in state.facts if fact.visit is None and fact.step}:
        rule, on_record = rules.fact(name), state.on_record(name)
        on = _first_day(on_record.fact.value) if on_record is not None else None
        if on is not None and rule is not None and rule.step is not None and not rule.has_come:
            days[rule.step].add(on)
    yield from (min(days[step]) for step in visit.judgement.to or () if step in days)


def next_working_day(today: date, calendar: Calendar) -> date:
    """Return the first day after today on which the office is open."""
    return danish_day(calendar.after(start_of_day(today + _A_DAY), _OPEN))


def eve_of(day: date, calendar: Calendar) -> datetime:
    """Return when the office opens on the last working day before a day."""
    eve = danish_day(calendar.before(start_of_day(day), _AN_HOUR))
    return calendar.after(start_of_day(eve), _OPEN)


def _first_day(value: FactValue) -> date | None:
    """Return the day of a date, and the first one of a schedule, which is written `2026-10-05=5 2026-11-02=8`."""
    return iso_day(str(value).partition("=")[0])
