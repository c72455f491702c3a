"""The gates of a rule set, compiled once: requirements, routes and deadlines of each step (P1, P2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final

from domain.calendar import NEVER, WORKING_UNITS, Span, TimeUnit, danish_day, danish_instant
from domain.identity import GATE_ROLES, Role
from domain.state.briefing import Task
from domain.state.verdict import CLOSING_OUTCOME, Outcome, RequirementVerdict, Route
from rules.engine.compiler import Compiled, Compiler, day_of
from rules.engine.operands import FactAt, Value, facts_in
from rules.engine.view import VisitView
from rules.language.facts import READERS, FactType
from rules.language.rule_set import RuleSet
from rules.language.steps import COURSE_START, FACT_PREFIX, Before, Deadline, Level, Requirement, RouteRow

Anchor = Callable[[VisitView], datetime | None]

_LAST_MINUTE: Final = time(23, 59)
"""From when a time limit is counted that begins on a date."""

_OUTCOMES: Final = {True: Outcome.MET, False: Outcome.UNMET, None: Outcome.UNKNOWN}


@dataclass(frozen=True, slots=True)
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
        """Return when `span` is reached (UTC), or None while that is not known or the clock stands still."""
        anchor, calendar = self.anchor(view), view.course.calendar
        if anchor is None or span is None:
            return None
        if self.deadline.before is not None:
            return max(calendar.before(anchor, span), self._earliest(view, anchor))
        due = calendar.after(anchor, span, pauses=view.course.state.pauses)
        return due if due < NEVER else None

    def _earliest(self, view: VisitView, end: datetime) -> datetime:
        """Return the first quarter of the time from the entering until `end`, before which nothing counted back is due.

        So what is planned at short notice is not late before anybody could have done it.
        """
        entered = _entered(view, self.deadline.unit)
        if entered >= end:
            return end
        quarter = entered + (end - entered) / 4
        is_worked = self.deadline.unit in WORKING_UNITS
        return min(end, view.course.calendar.after(quarter, _span(0, self.deadline.unit))) if is_worked else quarter


@lru_cache(maxsize=1024)
def _span(amount: int, unit: TimeUnit) -> Span:
    return Span(amount=amount, unit=unit)


class CompiledRequirement:
    """A compiled requirement of `step`."""

    __slots__ = ("_blocks", "_reminds", "_verdicts", "deadline", "must", "requirement", "step", "when")

    def __init__(self, compiler: Compiler, requirement: Requirement, step: str, *, has_ladder: bool) -> None:
        """Compile both conditions and the deadline; a warning with a ladder of its own reminds."""
        entering = step if requirement.before is Before.ENTER else None
        self._blocks = requirement.level is Level.BLOCK
        self._reminds = has_ladder and not self._blocks
        self.requirement = requirement
        self.step = step
        self.when = compiler.condition(requirement.when, entering) if requirement.when else None
        self.must = compiler.condition(requirement.must, entering)
        self.deadline = _deadline(compiler, requirement.deadline, entering) if requirement.deadline else None
        self._verdicts = {outcome: self._verdict(outcome) for outcome in Outcome}

    def judge(self, view: VisitView) -> RequirementVerdict:
        """Judge the requirement; one whose `when` is unknown applies (P2)."""
        outcome = self._outcome(view)
        if self.deadline is None or outcome in (Outcome.NOT_APPLICABLE, Outcome.WAIVED):
            return self._verdicts[outcome]
        written, span = self.deadline.deadline, self.deadline.span(view)
        due = self.deadline.due(view, span)
        since = self.deadline.anchor(view) if written.from_ == COURSE_START else None
        return replace(self._verdicts[outcome], due=due, span=span if written.before is None else None, since=since)

    def _outcome(self, view: VisitView) -> Outcome:
        if view.visit.waived and self.requirement.waivable and self.requirement.id in view.visit.waived:
            return Outcome.WAIVED
        if self.when is not None and self.when.answer(view) is False:
            return Outcome.NOT_APPLICABLE
        return _OUTCOMES[self.must.answer(view)]

    def _verdict(self, outcome: Outcome) -> RequirementVerdict:
        written = self.requirement
        return RequirementVerdict(written.id, outcome, self._blocks, written.roles, reminds=self._reminds)


class CompiledRow:
    """A compiled row of a route table; a row that closes needs the recorded outcome as well (P9)."""

    __slots__ = ("closing_outcome", "row", "when")

    def __init__(self, compiler: Compiler, row: RouteRow) -> None:
        """Compile the row's condition, if it has one."""
        self.row = row
        self.when: Compiled | None = compiler.condition(row.when, None) if row.when else None
        self.closing_outcome = compiler.fact(CLOSING_OUTCOME, None)

    def matches(self, view: VisitView) -> bool | None:
        """Return whether the row matches.

        A row that closes needs a recorded outcome. A row that stays matches neither while a step that it opens is
        open, nor again for statements older than the visit that it led to.
        """
        if self.row.close and self.closing_outcome.get(view) is None:
            return False if self.closing_outcome.is_missing(view) else None
        if self.row.stay and (not view.open_beside.isdisjoint(self.row.to) or self._is_used_up(view)):
            return False
        return self.when.answer(view) if self.when else True

    def _is_used_up(self, view: VisitView) -> bool:
        """Return whether the row was followed from this visit and none of its facts was stated since."""
        visits = [visit for visit in view.course.state.visits if visit.follows == view.visit.number]
        entered = [visit.entered_at for visit in visits if visit.step in self.row.to and not visit.withdrawn]
        if not entered:
            return False
        recorded = [statement.recorded_at for fact in facts_of(self.when) for statement in fact.statements(view)]
        return max(recorded, default=entered[-1]) <= max(entered)

    def route(self, view: VisitView) -> Route:
        """Return the route of the row, with the recorded outcome when it closes."""
        closing = str(self.closing_outcome.get(view)) if self.row.close else None
        return Route(self.row.to, closing, self.row.stay, self.row.join)

    def roles(self, view: VisitView) -> tuple[Role, ...]:
        """Return the gate roles that may report the unknown facts of the row; both when neither in particular may."""
        unknown = [fact for fact in facts_of(self.when) if fact.get(view) is None]
        reporters = {role for fact in unknown for role in fact.declaration.reporters}
        return tuple(role for role in GATE_ROLES if role in reporters) or GATE_ROLES


def facts_of(compiled: Compiled | None) -> Iterator[FactAt]:
    """Yield every fact on which the answer of a condition depends."""
    if compiled is not None:
        for side in compiled.sides:
            yield from facts_in(side)
        for part in compiled.parts:
            yield from facts_of(part)


class Gate:
    """The compiled requirements of one step, before leaving, entering and closing, its route table and its tasks."""

    __slots__ = ("close", "enter", "leave", "rows", "tasks")

    def __init__(self, compiler: Compiler, rule_set: RuleSet, step: str) -> None:
        """Compile the step's requirements and routes."""
        declared = next(declared for declared in rule_set.steps if declared.id == step)
        climbed = {ladder.requirement for ladder in rule_set.ladders}
        compiled: dict[Before, list[CompiledRequirement]] = {before: [] for before in Before}
        for written in declared.requirements:
            requirement = CompiledRequirement(compiler, written, step, has_ladder=written.id in climbed)
            compiled[written.before].append(requirement)
        self.leave = tuple(compiled[Before.LEAVE])
        self.enter = tuple(compiled[Before.ENTER])
        self.close = tuple(compiled[Before.CLOSE])
        holding = (entry.requirement for entry in self.leave if entry.requirement.level is Level.BLOCK)
        self.tasks = tuple(Task(step=step, requirement=written.id, roles=written.roles) for written in holding)
        self.rows = tuple(CompiledRow(compiler, row) for row in declared.routes)

    def hit(self, view: VisitView) -> tuple[CompiledRow | None, tuple[Role, ...]]:
        """Return the first row that matches, or the roles to ask while none does; an unknown row is a hold (P2)."""
        for row in self.rows:
            answer = row.matches(view)
            if answer:
                return row, ()
            if answer is None:
                return None, row.roles(view)
        return None, GATE_ROLES


def _deadline(compiler: Compiler, deadline: Deadline, entering: str | None) -> CompiledDeadline:
    amount = compiler.operand(deadline.amount, READERS[FactType.INT], entering, deadline.dated_by)
    return CompiledDeadline(deadline, _anchor(compiler, deadline, entering), amount)


def _anchor(compiler: Compiler, deadline: Deadline, entering: str | None) -> Anchor:
    anchor, unit = deadline.anchor, deadline.unit
    if anchor.startswith(FACT_PREFIX):
        day = day_of(compiler.fact(anchor.removeprefix(FACT_PREFIX), entering))
        return lambda view: None if (named := day(view)) is None else _over(view, named, unit)
    if anchor == COURSE_START:
        return lambda view: _begun(view, unit)
    return (lambda view: _entered(view, unit)) if anchor == "entered" else _ready


def _begun(view: VisitView, unit: TimeUnit) -> datetime | None:
    """Return when the course started, for the first visit to a step; later ones run from their entering."""
    course = view.course.state
    if view.visit.ordinal > 1 or course.started_at is None or course.started_on is None:
        return _entered(view, unit)
    is_as_started = danish_day(course.started_at) == course.started_on
    return course.started_at if is_as_started else _over(view, course.started_on, unit)


def _over(view: VisitView, day: date, unit: TimeUnit) -> datetime:
    """Return the end of a day: midnight or, where working time counts, the latest closing of the office."""
    midnight = danish_instant(day, _LAST_MINUTE)
    return view.course.calendar.before(midnight, _span(0, unit)) if unit in WORKING_UNITS else midnight


def _entered(view: VisitView, unit: TimeUnit) -> datetime:
    """Return when the visit was entered, or the end of the earlier day on which it began in reality (P11)."""
    visit = view.visit
    is_as_entered = danish_day(visit.entered_at) == visit.entered_on
    return visit.entered_at if is_as_entered else _over(view, visit.entered_on, unit)


def _ready(view: VisitView) -> datetime | None:
    """Return when the current version of the briefing was issued."""
    return view.visit.briefing.issued_at if view.visit.briefing else None
