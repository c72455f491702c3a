"""The gates of a rule set, compiled once: what holds a visit, where it leads and by when (P1, P2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from domain.identity import GATE_ROLES, Role
from domain.verdict import CLOSING_OUTCOME, Outcome, RequirementVerdict
from domain.waiting import Span, TimeUnit
from rules.compiling import Compiled, Compiler, day_of
from rules.declarations import READERS, FactType
from rules.knowledge import View
from rules.model import RuleSet
from rules.operands import FactAt, Value, facts_in
from rules.steps import FACT_PREFIX, Before, Deadline, Level, Requirement, RouteRow
from rules.wall_time import NEVER, end_of, local_date

Anchor = Callable[[View], datetime | None]

_OUTCOMES: Final = {True: Outcome.MET, False: Outcome.UNMET, None: Outcome.UNKNOWN}


@dataclass(frozen=True, slots=True)
class CompiledDeadline:
    """From when a deadline runs and how long; the one who explains it reads both."""

    deadline: Deadline
    anchor: Anchor
    amount: Value

    def span(self, view: View) -> Span | None:
        """Return how long it runs, or None while the amount is not known."""
        amount = self.amount.get(view)
        return _span(amount, self.deadline.unit) if isinstance(amount, int) else None

    def due(self, view: View) -> datetime | None:
        """Return when it is reached (UTC), or None while that is not known or the clock stands still."""
        start, span = self.anchor(view), self.span(view)
        if start is None or span is None:
            return None
        due = view.knowledge.calendar.after(start, span, pauses=view.knowledge.state.pauses)
        return due if due < NEVER else None


@lru_cache(maxsize=1024)
def _span(amount: int, unit: TimeUnit) -> Span:
    return Span(amount=amount, unit=unit)


class CompiledRequirement:
    """A requirement of `step` as a question about a view."""

    __slots__ = ("_verdicts", "deadline", "must", "requirement", "step", "when")

    def __init__(self, compiler: Compiler, requirement: Requirement, step: str) -> None:
        """Compile both conditions and the deadline."""
        entering = step if requirement.before is Before.ENTER else None
        self.requirement = requirement
        self.step = step
        self.when = compiler.condition(requirement.when, entering) if requirement.when else None
        self.must = compiler.condition(requirement.must, entering)
        self.deadline = _deadline(compiler, requirement.deadline, entering) if requirement.deadline else None
        self._verdicts = {outcome: self._verdict(outcome, None) for outcome in Outcome}

    def judge(self, view: View) -> RequirementVerdict:
        """Return how the requirement stands; one whose `when` is not known applies (P2)."""
        outcome = self._outcome(view)
        if self.deadline is None or outcome in (Outcome.NOT_APPLICABLE, Outcome.WAIVED):
            return self._verdicts[outcome]
        return self._verdict(outcome, self.deadline.due(view))

    def _outcome(self, view: View) -> Outcome:
        if view.visit.waived and self.requirement.waivable and self.requirement.id in view.visit.waived:
            return Outcome.WAIVED
        if self.when is not None and self.when.ask(view) is False:
            return Outcome.NOT_APPLICABLE
        return _OUTCOMES[self.must.ask(view)]

    def _verdict(self, outcome: Outcome, due: datetime | None) -> RequirementVerdict:
        blocks = self.requirement.level is Level.BLOCK
        return RequirementVerdict(self.requirement.id, outcome, blocks, self.requirement.roles, due)


class CompiledRow:
    """A row of a route table as a question; a row that closes asks for the recorded outcome as well (P9)."""

    __slots__ = ("closing_outcome", "row", "when")

    def __init__(self, compiler: Compiler, row: RouteRow) -> None:
        """Compile the row's condition, if it has one."""
        self.row = row
        self.when: Compiled | None = compiler.condition(row.when, None) if row.when else None
        self.closing_outcome = compiler.fact(CLOSING_OUTCOME, None)

    def matches(self, view: View) -> bool | None:
        """Say whether the row matches; without a recorded outcome a row that closes does not."""
        if self.row.close and self.closing_outcome.get(view) is None:
            return False if self.closing_outcome.is_unspoken(view) else None
        return self.when.ask(view) if self.when else True

    def closing(self, view: View) -> str | None:
        """Return the recorded outcome when the row closes."""
        return str(self.closing_outcome.get(view)) if self.row.close else None

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
    """What stands before leaving and before entering one step, and where the step leads."""

    __slots__ = ("enter", "leave", "rows")

    def __init__(self, compiler: Compiler, rule_set: RuleSet, step: str) -> None:
        """Compile the step's requirements and routes."""
        declared = next(found for found in rule_set.steps if found.id == step)
        compiled = [CompiledRequirement(compiler, requirement, step) for requirement in declared.requirements]
        self.leave = tuple(found for found in compiled if found.requirement.before is Before.LEAVE)
        self.enter = tuple(found for found in compiled if found.requirement.before is Before.ENTER)
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
    return CompiledDeadline(deadline, _anchor(compiler, deadline.from_, entering), amount)


def _anchor(compiler: Compiler, anchor: str, entering: str | None) -> Anchor:
    if anchor.startswith(FACT_PREFIX):
        day = day_of(compiler.fact(anchor.removeprefix(FACT_PREFIX), entering))
        return lambda view: _end_of_known(day(view))
    return _entered if anchor == "entered" else _ready


def _end_of_known(day: date | None) -> datetime | None:
    return None if day is None else end_of(day)


def _entered(view: View) -> datetime:
    """Return when the visit was entered, or the end of the earlier day on which it began in reality (P11)."""
    visit = view.visit
    return visit.entered_at if local_date(visit.entered_at) == visit.entered_on else end_of(visit.entered_on)


def _ready(view: View) -> datetime | None:
    """Return when the current version of the briefing was issued."""
    return view.visit.briefing.issued_at if view.visit.briefing else None
