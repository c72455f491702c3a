"""The gates of a rule set, compiled once: requirements, routes and deadlines of each step (P1, P2)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from domain.calendar import Span
from domain.identity import GATE_ROLES, Role
from domain.state.verdict import CLOSING_OUTCOME, Kind, Outcome, RequirementVerdict, Route, Task
from rules.engine.compiler import Compiled, Compiler
from rules.engine.deadlines import compiled_deadline
from rules.engine.operands import facts_in
from rules.engine.stated import FactAt
from rules.engine.three_valued import Answer, decided, opposite
from rules.engine.view import VisitView
from rules.language.conditions import All, AnyOf, Comparison, Condition, Not, NoteCount
from rules.language.rule_set import RuleSet
from rules.language.steps import COURSE_START, Before, Level, Requirement, RouteRow

_WITHOUT_DEADLINE: Final = (Outcome.NOT_APPLICABLE, Outcome.WAIVED, Outcome.REFUSED)
_OUTCOMES: Final = {True: Outcome.MET, False: Outcome.UNMET, None: Outcome.UNKNOWN}


class CompiledRequirement:
    """A compiled requirement of `step`."""

    __slots__ = (
        "_blocks",
        "_may_be_waived",
        "_reminds",
        "_verdicts",
        "deadline",
        "must",
        "refused",
        "requirement",
        "step",
        "when",
    )

    def __init__(self, compiler: Compiler, requirement: Requirement, step: str, *, has_ladder: bool) -> None:
        """Compile the conditions and the deadline; a warning with a ladder of its own reminds."""
        entering = step if requirement.before is Before.ENTER else None
        self._blocks = requirement.level is Level.BLOCK
        self._reminds = has_ladder and not self._blocks
        self._may_be_waived = bool(requirement.waivers)
        self.requirement = requirement
        self.step = step
        self.when = compiler.condition(requirement.when, entering) if requirement.when else None
        self.must = compiler.condition(requirement.must, entering)
        self.refused = compiler.condition(requirement.refused.when, entering) if requirement.refused else None
        self.deadline = compiled_deadline(compiler, requirement.deadline, entering) if requirement.deadline else None
        self._verdicts = {outcome: self._verdict(outcome) for outcome in Outcome}

    def judge(self, view: VisitView) -> RequirementVerdict:
        """Judge the requirement; one whose `when` is unknown applies (P2)."""
        outcome = self._outcome(view)
        if self.deadline is None or outcome in _WITHOUT_DEADLINE:
            return self._verdicts[outcome]
        span = self.deadline.span(view)
        due = self.deadline.due(view, span)
        since = self.deadline.anchor(view) if self.deadline.deadline.from_ == COURSE_START else None
        return self._verdict(outcome, due, span, since)

    def refuses(self, view: VisitView) -> bool:
        """Return whether the visit is held because what is asked was refused."""
        return self._blocks and self._outcome(view) is Outcome.REFUSED

    def _outcome(self, view: VisitView) -> Outcome:
        if view.waived and self._may_be_waived and self.requirement.id in view.waived:
            return Outcome.WAIVED
        if self.when is not None and self.when.answer(view) is False:
            return Outcome.NOT_APPLICABLE
        if self.refused is not None and self.refused.answer(view):
            return Outcome.REFUSED
        return _OUTCOMES[self.must.answer(view)]

    def _verdict(
        self, outcome: Outcome, due: datetime | None = None, span: Span | None = None, since: datetime | None = None
    ) -> RequirementVerdict:
        written = self.requirement
        refused = written.refused if outcome is Outcome.REFUSED else None
        roles = (refused.roles if refused else ()) or written.roles
        is_law, is_back = written.kind is Kind.LAW, written.deadline is not None and written.deadline.before is not None
        return RequirementVerdict(
            written.id, outcome, self._blocks, roles, due, span, is_back, self._reminds, is_law, since
        )


def unless_refused(entered: tuple[CompiledRequirement, ...], view: VisitView) -> tuple[CompiledRequirement, ...]:
    """Return what is asked before entering; once any of it is refused, that alone, for the way leads elsewhere."""
    return tuple(requirement for requirement in entered if requirement.refuses(view)) or entered


class CompiledRow:
    """A compiled row of a route table; a row that closes needs the recorded outcome as well (P9)."""

    __slots__ = ("_facts", "closing_outcome", "row", "when")

    def __init__(self, compiler: Compiler, row: RouteRow) -> None:
        """Compile the row's condition, if it has one."""
        self.row = row
        self.when: Compiled | None = compiler.condition(row.when, None) if row.when else None
        self._facts = tuple(facts_of(self.when))
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
        recorded = [statement.recorded_at for fact in self._facts for statement in fact.statements(view)]
        return max(recorded, default=entered[-1]) <= max(entered)

    def route(self, view: VisitView) -> Route:
        """Return the route of the row, with the recorded outcome when it closes."""
        closing = str(self.closing_outcome.get(view)) if self.row.close else None
        return Route(self.row.to, closing, self.row.stay, self.row.join)

    def roles(self, view: VisitView) -> tuple[Role, ...]:
        """Return the gate roles that may report the unknown facts of the row; both when neither in particular may."""
        unknown = [fact for fact in self._facts if fact.get(view) is None]
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

    __slots__ = ("close", "enter", "holding", "leave", "rows", "tasks")

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
        self.holding = tuple(r.requirement.id for r in self.leave if r.requirement.level is Level.BLOCK)
        own = frozenset(fact.id for fact in rule_set.facts if fact.step == step)
        holding = (written for written in declared.requirements if _is_task(written, own))
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


def _is_task(requirement: Requirement, own: frozenset[str]) -> bool:
    """Say whether a requirement holds its step from the beginning, and not only after something was said there."""
    if requirement.before is not Before.LEAVE or requirement.level is not Level.BLOCK:
        return False
    return requirement.when is None or _at_first(requirement.when, own) is not False


def _at_first(condition: Condition, own: frozenset[str]) -> Answer:
    """Return whether a condition holds while nothing was said of a step, whose `own` facts these are (P2)."""
    match condition:
        case All(all=parts):
            return decided((_at_first(part, own) for part in parts), decisive=False)
        case AnyOf(any=parts):
            return decided((_at_first(part, own) for part in parts), decisive=True)
        case Not(not_=part):
            return opposite(_at_first(part, own))
        case Comparison(operator="is_missing", subject=str(fact)) if fact in own:
            return True
        case NoteCount():
            return False
        case _:
            return None
