"""A rule set as the course asks it: pure, total and compiled once, with no clock inside (P2, P8)."""

from datetime import datetime
from typing import Final

from domain.course import CourseState
from domain.errors import Code, Problem
from domain.identity import GATE_ROLES
from domain.verdict import (
    CLOSING_OUTCOME,
    TARGET_GROUP,
    FactRule,
    Route,
    RulesReference,
    Verdict,
    VisitVerdict,
)
from domain.waiting import Calendar, Rung, Span, WaitingKind
from rules.compiling import Compiler
from rules.declarations import FactDeclaration
from rules.gates import CompiledRequirement, Gate
from rules.knowledge import Knowledge, View
from rules.model import RuleSet
from rules.steps import Ladder

_REFUSALS: Final = {TARGET_GROUP: Code.TARGET_GROUP_UNKNOWN, CLOSING_OUTCOME: Code.OUTCOME_UNKNOWN}
_NOBODY: Final[frozenset[str]] = frozenset()


class Book:
    """Implements `domain.verdict.RuleBook` over a rule set that was read without flaws; keep it and share it."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Compile the set; a set that names what it does not declare raises KeyError here and never later."""
        compiler = Compiler(rule_set)
        self.rule_set = rule_set
        self.gates = {step.id: Gate(compiler, rule_set, step.id) for step in rule_set.steps}
        self.aliases = {alias: fact.id for fact in rule_set.facts for alias in fact.aliases}
        self._facts = {name: fact for fact in rule_set.facts for name in (fact.id, *fact.aliases)}
        self._rules = {name: _fact_rule(fact) for name, fact in self._facts.items()}
        self._observes = {step.id: self._ids(step.observes) for step in rule_set.steps}
        self._begun_by = {step.id: self._ids(step.begun_by) for step in rule_set.steps}
        self._waivable = {step.id: self._waivable_at(step.id) for step in rule_set.steps}
        self._ladders = {_climbed_by(ladder): _rungs(ladder) for ladder in rule_set.ladders}

    @property
    def reference(self) -> RulesReference:
        """Return which rules these are."""
        return self.rule_set.reference

    @property
    def first_step(self) -> str:
        """Return the step a course begins with: the first that is written."""
        return self.rule_set.steps[0].id

    def judge(self, state: CourseState, now: datetime, calendar: Calendar) -> Verdict:
        """Return the verdict on every open visit."""
        views = self.views(state, now, calendar)
        visits = tuple(self.judge_visit(view) for view in views)
        return Verdict(visits, changes_at(views))

    def views(self, state: CourseState, now: datetime, calendar: Calendar) -> tuple[View, ...]:
        """Return what each open visit knows, oldest first."""
        knowledge = Knowledge(state, now, calendar, self.aliases)
        return tuple(View(knowledge, visit) for visit in state.open_visits)

    def judge_visit(self, view: View) -> VisitVerdict:
        """Return the verdict on one visit; a step that these rules do not have is a hold."""
        gate = self.gates.get(view.visit.step)
        if gate is None:
            return VisitVerdict(view.visit.number, (), None, GATE_ROLES)
        row, roles = gate.hit(view)
        to = row.row.to if row else ()
        requirements = tuple(found.judge(view) for found in self.asked(view.visit.step, to))
        route = Route(to, row.closing(view)) if row else None
        return VisitVerdict(view.visit.number, requirements, route, roles)

    def asked(self, step: str, to: tuple[str, ...]) -> tuple[CompiledRequirement, ...]:
        """Return the requirements for leaving a step and for entering the next ones, in this order (P1)."""
        entered = (requirement for target in to for requirement in self.gates[target].enter)
        return (*self.gates[step].leave, *entered)

    def fact(self, fact: str) -> FactRule | None:
        """Return the rule of a fact by its id or an alias, or None when it is not declared."""
        return self._rules.get(fact)

    def problem_with(self, fact: str, value: object) -> Problem | None:
        """Return what is wrong with a value for a declared fact, or None."""
        declaration = self._facts.get(fact)
        field = f"facts.{fact}"
        if declaration is None:
            return Problem(code=Code.FACT_UNKNOWN, field=field, params={"fact": fact})
        if declaration.read(value) is not None:
            return None
        return Problem(code=_REFUSALS.get(declaration.id, Code.FACT_VALUE), field=field, params=_expected(declaration))

    def observes(self, step: str) -> frozenset[str]:
        """Return the facts of later steps that may be reported while `step` is visited (P11)."""
        return self._observes.get(step, _NOBODY)

    def begun_by(self, step: str) -> frozenset[str]:
        """Return the facts that mean `step` has begun in reality (P11)."""
        return self._begun_by.get(step, _NOBODY)

    def rungs(self, kind: WaitingKind, step: str | None, what: str) -> tuple[Rung, ...]:
        """Return the ladder for a wait: that of the requirement, else of the step, else of the kind (P6)."""
        requirement = what if kind is WaitingKind.REQUIREMENT else None
        for key in ((kind, step, requirement), (kind, None, requirement), (kind, step, None), (kind, None, None)):
            if key in self._ladders:
                return self._ladders[key]
        return ()

    def waivable(self, step: str) -> frozenset[str]:
        """Return the requirements that may be waived while `step` is visited."""
        return self._waivable.get(step, _NOBODY)

    def _ids(self, names: tuple[str, ...]) -> frozenset[str]:
        return frozenset(self._facts[name].id for name in names)

    def _waivable_at(self, step: str) -> frozenset[str]:
        reachable = tuple(dict.fromkeys(target for row in self.gates[step].rows for target in row.row.to))
        return frozenset(found.requirement.id for found in self.asked(step, reachable) if found.requirement.waivable)


def changes_at(views: tuple[View, ...]) -> datetime | None:
    """Return the next instant at which time alone may change what was asked of any of the views."""
    instants = [view.changes_at for view in views]
    return min((instant for instant in instants if instant is not None), default=None)


def _fact_rule(fact: FactDeclaration) -> FactRule:
    return FactRule(fact.id, fact.step, frozenset(fact.reporters), fact.material)


def _expected(fact: FactDeclaration) -> dict[str, str]:
    """Return what a value of the fact must be, for whoever words the refusal."""
    expected: dict[str, object] = {
        "fact": fact.id,
        "type": fact.type.value,
        "min": fact.min,
        "max": fact.max,
        "values": ", ".join(value.id for value in fact.values) or None,
    }
    return {name: str(value) for name, value in expected.items() if value is not None}


def _climbed_by(ladder: Ladder) -> tuple[WaitingKind, str | None, str | None]:
    return ladder.waiting, ladder.step, ladder.requirement


def _rungs(ladder: Ladder) -> tuple[Rung, ...]:
    return tuple(
        Rung(
            after=Span(amount=row.after.amount, unit=row.after.unit),
            tell=tuple(told.value for told in row.tell),
            repeat=row.repeat,
        )
        for row in ladder.rungs
    )
