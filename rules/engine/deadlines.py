"""The deadlines of a rule set, compiled once: each is the end of a day, and none is over before its wait began (P6)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from domain.calendar import NEVER, WORKING_UNITS, Calendar, Pause, Span, TimeUnit, danish_day, end_of_day
from rules.engine.compiler import Compiler
from rules.engine.operands import Value
from rules.engine.stated import day_of
from rules.engine.view import VisitView
from rules.language.facts import READERS, FactType
from rules.language.steps import COURSE_START, ENTERED, FACT_PREFIX, Deadline

Anchor = Callable[[VisitView], datetime | None]
Pauses = tuple[Pause, ...]

_REMEMBERED: Final = 1024
"""How many deadlines are remembered, so that one is reckoned once and not again in every verdict on its course."""


@dataclass(frozen=True, slots=True, eq=False)
class CompiledDeadline:
    """A deadline with its compiled anchor and amount, which `explain` reads too."""

    deadline: Deadline
    anchor: Anchor
    amount: Value

    def span(self, view: VisitView) -> Span | None:
        """Return the length, or None while the amount is not known."""
        amount = self.amount.get(view)
        return _span(amount, self.deadline.unit) if isinstance(amount, int) else None

    def due(self, view: VisitView, span: Span | None) -> datetime | None:
        """Return the deadline as reckoned, or later: not before a share of the length since the visit was entered."""
        anchor, course = self.anchor(view), view.course
        if anchor is None or span is None:
            return None
        return _due(self, course.calendar.offices, anchor, span.amount, view.visit.entered_at, course.state.pauses)

    def reckoned(self, view: VisitView, span: Span | None) -> datetime | None:
        """Return the end of the day on which `span` is reached, or None while it is not known or the clock stands."""
        anchor, course = self.anchor(view), view.course
        if anchor is None or span is None:
            return None
        return _reached(self, course.calendar.offices, anchor, span.amount, course.state.pauses)


@lru_cache(maxsize=_REMEMBERED)
def _reached(
    deadline: CompiledDeadline, calendar: Calendar, anchor: datetime, amount: int, pauses: Pauses
) -> datetime | None:
    """Return the end of the day on which so much is reached, or None while the clock stands."""
    span = _span(amount, deadline.deadline.unit)
    is_back = deadline.deadline.before is not None
    reached = calendar.before(anchor, span) if is_back else calendar.after(anchor, span, pauses=pauses)
    return end_of_day(danish_day(reached)) if reached < NEVER else None


@lru_cache(maxsize=_REMEMBERED)
def _due(
    deadline: CompiledDeadline, calendar: Calendar, anchor: datetime, amount: int, entered: datetime, pauses: Pauses
) -> datetime | None:
    reckoned = _reached(deadline, calendar, anchor, amount, pauses)
    if reckoned is None:
        return None
    span = _span(amount, deadline.deadline.unit)
    earliest = _earliest(deadline.deadline, calendar, anchor, span, entered, pauses)
    return max(reckoned, end_of_day(danish_day(earliest)))


def _earliest(
    deadline: Deadline, calendar: Calendar, anchor: datetime, span: Span, entered: datetime, pauses: Pauses
) -> datetime:
    """Return when a quarter of the length has passed since the visit was entered, so that nothing is late at birth.

    The length is `span`, or the time until the day from which it is counted back.
    """
    if deadline.before is None:
        return calendar.after(entered, span.quarter, pauses=pauses)
    if entered >= anchor:
        return entered
    quarter = entered + (anchor - entered) / 4
    if span.unit not in WORKING_UNITS:
        return quarter
    return min(anchor, calendar.after(quarter, _span(0, span.unit), pauses=pauses))


def compiled_deadline(compiler: Compiler, deadline: Deadline, entering: str | None) -> CompiledDeadline:
    """Compile a deadline of a requirement; `entering` is the step that it is asked before."""
    amount = compiler.operand(deadline.amount, READERS[FactType.INT], entering, deadline.dated_by)
    anchor, unit = deadline.anchor, deadline.unit
    if not anchor.startswith(FACT_PREFIX):
        return CompiledDeadline(deadline, _anchor(anchor, unit), amount)
    day = day_of(compiler.fact(anchor.removeprefix(FACT_PREFIX), entering))
    return CompiledDeadline(
        deadline,
        lambda view: None if (named := day(view)) is None else _over(view.course.calendar.offices, named, unit),
        amount,
    )


@lru_cache(maxsize=1024)
def _span(amount: int, unit: TimeUnit) -> Span:
    return Span(amount=amount, unit=unit)


def _anchor(anchor: str, unit: TimeUnit) -> Anchor:
    if anchor == COURSE_START:
        return lambda view: _begun(view, unit)
    return (lambda view: _entered(view, unit)) if anchor == ENTERED else _ready


def _begun(view: VisitView, unit: TimeUnit) -> datetime | None:
    """Return when the course started, for the first visit to a step; later ones run from their entering."""
    course = view.course.state
    if view.visit.ordinal > 1 or course.started_at is None or course.started_on is None:
        return _entered(view, unit)
    is_as_started = danish_day(course.started_at) == course.started_on
    return course.started_at if is_as_started else _over(view.course.calendar.offices, course.started_on, unit)


@lru_cache(maxsize=_REMEMBERED)
def _over(calendar: Calendar, day: date, unit: TimeUnit) -> datetime:
    """Return the end of a day: its last minute or, where working time counts, the latest closing of the office."""
    end = end_of_day(day)
    return calendar.before(end, _span(0, unit)) if unit in WORKING_UNITS else end


def _entered(view: VisitView, unit: TimeUnit) -> datetime:
    """Return when the visit was entered, or the end of the earlier day on which it began in reality (P11)."""
    visit = view.visit
    is_as_entered = danish_day(visit.entered_at) == visit.entered_on
    return visit.entered_at if is_as_entered else _over(view.course.calendar.offices, visit.entered_on, unit)


def _ready(view: VisitView) -> datetime | None:
    """Return when the current version of the briefing was issued."""
    return view.visit.briefing.issued_at if view.visit.briefing else None
