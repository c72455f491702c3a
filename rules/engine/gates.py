"""The gates of a rule set, compiled once: what holds a visit, where it leads and by when (P1, P2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final

from domain.calendar import NEVER, WORKING_UNITS, Span, TimeUnit, danish_day, danish_instant
from domain.identity import GATE_ROLES, Role
from domain.state.verdict import CLOSING_OUTCOME, Outcome, RequirementVerdict, Route
from rules.engine.compiler import Compiled, Compiler, day_of
from rules.engine.operands import FactAt, Value, facts_in
from rules.engine.view import View
from rules.language.facts import READERS, FactType
from rules.language.rule_set import RuleSet
from rules.language.steps import COURSE_START, FACT_PREFIX, Before, Deadline, Level, Requirement, RouteRow

Anchor = Callable[[View], datetime | None]

_LAST_MINUTE: Final = time(23, 59)
"""From when a time limit is counted that begins on a date."""

_OUTCOMES: Final = {True: Outcome.MET, False: Outcome.UNMET, None: Outcome.UNKNOWN}


@dataclass(frozen=True, slots=True)
class CompiledDeadline:
    """From when a deadline runs, or back from when, and how long; the one who explains it reads both."""

    deadline: Deadline
    anchor: Anchor
    amount: Value

    def span(self, view: View) -> Span | None:
        """Return how long it runs, or None while the amount is not known."""
        amount = self.amount.get(view)
        return _span(amount, self.deadline.unit) if isinstance(amount, int) else None

    def due(self, view: View, span: Span | None) -> datetime | None:
        """Return when `span` is reached (UTC), or None while that is not known or the clock stands still."""
        anchor, calendar = self.anchor(view), view.knowledge.calendar
        if anchor is None or span is None:
            return None
        if self.deadline.before is not None:
            return calendar.before(anchor, span)
        due = calendar.after(anchor, span, pauses=view.knowledge.state.pauses)
        return due if due < NEVER else None


@lru_cache(maxsize=1024)
def _span(amount: int, unit: TimeUnit) -> Span:
    return Span(amount=amount, unit=unit)


class CompiledRequirement:
    """A requirement of `step` as a question about a view."""

    __slots__ = ("_blocks", "_reminds", "_verdicts", "deadline", "must", "requirement", "step", "when")

    def __init__(self, compiler: Compiler, requirement: Requirement, step: str, *, has_ladder: bool) -> None:
        """Compile both conditions and the deadline; a warning that has a ladder of its own is asked for."""
        entering = step if requirement.before is Before.ENTER else None
        self._blocks = requirement.level is Level.BLOCK
        self._reminds = has_ladder and not self._blocks
        self.requirement = requirement
        self.step = step
        self.when = compiler.condition(requirement.when, entering) if requirement.when else None
        self.must = compiler.condition(requirement.must, entering)
        self.deadline = _deadline(compiler, requirement.deadline, entering) if requirement.deadline else None
        self._verdicts = {outcome: self._verdict(outcome) for outcome in Outcome}

    def judge(self, view: View) -> RequirementVerdict:
        """Return how the requirement stands; one whose `when` is not known applies (P2)."""
        outcome = self._outcome(view)
        if self.deadline is None or outcome in (Outcome.NOT_APPLICABLE, Outcome.WAIVED):
            return self._verdicts[outcome]
        written, span = self.deadline.deadline, self.deadline.span(view)
        due = self.deadline.due(view, span)
        since = self.deadline.anchor(view) if written.from_ == COURSE_START else None
        return replace(self._verdicts[outcome], due=due, span=span if written.before is None else None, since=since)

    def _outcome(self, view: View) -> Outcome:
        if view.visit.waived and self.requirement.waivable and self.requirement.id in view.visit.waived:
            return Outcome.WAIVED
        if self.when is not None and self.when.ask(view) is False:
            return Outcome.NOT_APPLICABLE
        return _OUTCOMES[self.must.ask(view)]

    def _verdict(self, outcome: Outcome) -> RequirementVerdict:
        written = self.requirement
        return RequirementVerdict(written.id, outcome, self._blocks, written.roles, reminds=self._reminds)


class CompiledRow:
    """A row of a route table as a question; a row that closes asks for the recorded outcome as well (P9)."""

    __slots__ = ("closing_outcome", "row", "when")

    def __init__(self, compiler: Compiler, row: RouteRow) -> None:
        """Compile the row's condition, if it has one."""
        self.row = row
        self.when: Compiled | None = compiler.condition(row.when, None) if row.when else None
        self.closing_outcome = compiler.fact(CLOSING_OUTCOME, None)

    def matches(self, view: View) -> bool | None:
        """Say whether the row matches.

        One that closes does not without a recorded outcome; one that stays not while what it opens is open, nor
        again for what was said before it was followed.
        """
        if self.row.close and self.closing_outcome.get(view) is None:
            return False if self.closing_outcome.is_unspoken(view) else None
        if self.row.stay and (not view.open_beside.isdisjoint(self.row.to) or self._is_used_up(view)):
            return False
        return self.when.ask(view) if self.when else True

    def _is_used_up(self, view: View) -> bool:
        """Say whether the row was followed from this visit and nothing that it asks for was said since."""
        visits = [visit for visit in view.knowledge.state.visits if visit.follows == view.visit.number]
        entered = [visit.entered_at for visit in visits if visit.step in self.row.to and not visit.withdrawn]
        if not entered:
            return False
        said = [statement.recorded_at for fact in facts_of(self.when) for statement in fact.statements(view)]
        return max(said, default=entered[-1]) <= max(entered)

    def route(self, view: View) -> Route:
        """Return where the row leads, with the recorded outcome when it closes."""
        closing = str(self.closing_outcome.get(view)) if self.row.close else None
        return Route(self.row.to, closing, self.row.stay, self.row.join)

    def roles(self, view: View) -> tuple[Role, ...]:
        """Return the gate roles that may say what the row does not know yet; both when nobody in particular may."""
        unknown = [fact for fact in facts_of(self.when) if fact.get(view) is None]
        reporters = {role for fact in unknown for role in fact.declaration.reporters}
        return tuple(role for role in GATE_ROLES if role in reporters) or GATE_ROLES


def facts_of(compiled: Compiled | None) -> Iterator[FactAt]:
    """Yield every fact on which the answer to a condition depends."""
    if compiled is not None:
        for side in compiled.sides:
            yield from facts_in(side)
        for part in compiled.parts:
            yield from facts_of(part)


class Gate:
    """What stands before leaving one step, before entering it and before closing from it, and where it leads."""

    __slots__ = ("close", "enter", "leave", "rows")

    def __init__(self, compiler: Compiler, rule_set: RuleSet, step: str) -> None:
        """Compile the step's requirements and routes."""
        declared = next(found for found in rule_set.steps if found.id == step)
        climbed = {ladder.requirement for ladder in rule_set.ladders}
        compiled: dict[Before, list[CompiledRequirement]] = {before: [] for before in Before}
        for written in declared.requirements:
            found = CompiledRequirement(compiler, written, step, has_ladder=written.id in climbed)
            compiled[written.before].append(found)
        self.leave = tuple(compiled[Before.LEAVE])
        self.enter = tuple(compiled[Before.ENTER])
        self.close = tuple(compiled[Before.CLOSE])
        self.rows = tuple(CompiledRow(compiler, row) for row in declared.routes)

    def hit(self, view: View) -> tuple[CompiledRow | None, tuple[Role, ...]]:
        """Return the first row that matches, or who is asked while none does; an unknown row is a hold (P2)."""
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
        return lambda view: None if (known := day(view)) is None else _over(view, known, unit)
    if anchor == COURSE_START:
        return lambda view: _begun(view, unit)
    return (lambda view: _entered(view, unit)) if anchor == "entered" else _ready


def _begun(view: View, unit: TimeUnit) -> datetime | None:
    """Return when the course started, for the first visit to a step; later ones run from their entering."""
    course = view.knowledge.state
    if view.visit.ordinal > 1 or course.started_at is None or course.started_on is None:
        return _entered(view, unit)
    is_as_started = danish_day(course.started_at) == course.started_on
    return course.started_at if is_as_started else _over(view, course.started_on, unit)


def _over(view: View, day: date, unit: TimeUnit) -> datetime:
    """Return when a day is over: at midnight or, where working time counts, when the office closed last."""
    midnight = danish_instant(day, _LAST_MINUTE)
    return view.knowledge.calendar.before(midnight, _span(0, unit)) if unit in WORKING_UNITS else midnight


def _entered(view: View, unit: TimeUnit) -> datetime:
    """Return when the visit was entered, or the end of the earlier day on which it began in reality (P11)."""
    visit = view.visit
    is_as_entered = danish_day(visit.entered_at) == visit.entered_on
    return visit.entered_at if is_as_entered else _over(view, visit.entered_on, unit)


def _ready(view: View) -> datetime | None:
    """Return when the current version of the briefing was issued."""
    return view.visit.briefing.issued_at if view.visit.briefing else None
