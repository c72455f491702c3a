"""A rule set as the course asks it: pure, total and compiled once, with no clock inside (P2, P8)."""

from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Final

from domain.calendar import Calendar
from domain.errors import Code, Problem
from domain.identity import GATE_ROLES, Role
from domain.rules_port import AppointmentRule, FactRule, NoteRule
from domain.state.course import CourseState
from domain.state.facts import NOTE_KINDS, FactValue
from domain.state.verdict import (
    CLOSING_OUTCOME,
    TARGET_GROUP,
    RequirementVerdict,
    Route,
    RulesReference,
    Verdict,
    VisitVerdict,
)
from domain.state.waiting import Rung, WaitingKind
from rules.engine.compiler import Compiler
from rules.engine.gates import CompiledRequirement, Gate
from rules.engine.ladders import Ladders
from rules.engine.view import Knowledge, View
from rules.language.conditions import notes_in
from rules.language.facts import FactDeclaration, FactType
from rules.language.rule_set import RuleSet
from rules.language.steps import Before, Step
from rules.language.text import Message

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
        self._appointments = {step.id: self._appointments_of(step) for step in rule_set.steps}
        self._notes = {kind: NoteRule(kind) for kind in NOTE_KINDS}
        self._notes |= {kind.id: NoteRule(kind.id, kind.material, kind.carried) for kind in rule_set.note_kinds}
        self._caseloads = {caseload.role: caseload.at_most for caseload in rule_set.caseloads}
        written = (requirement for step in rule_set.steps for requirement in step.requirements)
        self._notes_asked = {requirement.id: frozenset(notes_in(requirement.must)) for requirement in written}
        self._ladders = Ladders(rule_set)

    @property
    def reference(self) -> RulesReference:
        """Return which rules these are."""
        return self.rule_set.reference

    @property
    def steps(self) -> tuple[str, ...]:
        """Return every step as written; a course begins with the first."""
        return tuple(step.id for step in self.rule_set.steps)

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
        """Return the verdict on one visit; a step that these rules do not have is a hold.

        The view follows the route that is found, so it is asked once.
        """
        gate = self.gates.get(view.visit.step)
        if gate is None:
            return VisitVerdict(view.visit.number, (), None, GATE_ROLES)
        row, roles = gate.hit(view)
        route = row.route(view) if row else None
        if route is not None:
            view.follow(route.to, stays=route.stays)
        requirements = tuple(_judged(found, view, route) for found in self.asked(view, route))
        return VisitVerdict(view.visit.number, requirements, route, roles)

    def asked(self, view: View, route: Route | None) -> tuple[CompiledRequirement, ...]:
        """Return what is asked before a route is followed from a visit, leaving before entering (P1).

        Closing asks only for what stands before closing, of every step: an outcome is the same wherever it is said.
        A step that is joined is not entered.
        """
        gate = self.gates[view.visit.step]
        if route is None:
            return gate.leave
        if route.closing is not None:
            return tuple(found for gate in self.gates.values() for found in gate.close)
        joined = view.open_beside if route.joins else _NOBODY
        entered = (found for step in route.to if step not in joined for found in self.gates[step].enter)
        return (*gate.leave, *entered)

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

    def as_stored(self, fact: str, value: FactValue) -> FactValue:
        """Return a value for a declared fact as it is stored: equal amounts alike, however they are written (P3)."""
        declaration = self._facts.get(fact)
        return value if declaration is None else declaration.as_stored(value)

    def observes(self, step: str) -> frozenset[str]:
        """Return the facts of later steps that may be reported while `step` is visited (P11)."""
        return self._observes.get(step, _NOBODY)

    def begun_by(self, step: str) -> frozenset[str]:
        """Return the facts that mean `step` has begun in reality (P11)."""
        return self._begun_by.get(step, _NOBODY)

    @cached_property
    def p_number_facts(self) -> tuple[str, ...]:
        """Return the facts that name a production unit, in the order in which the set declares them."""
        return tuple(fact.id for fact in self.rule_set.facts if fact.type is FactType.P_NUMBER)

    def note(self, kind: str) -> NoteRule | None:
        """Return the rule of a kind of note, or None when neither the engine nor the set knows it."""
        return self._notes.get(kind)

    @property
    def note_kinds(self) -> tuple[str, ...]:
        """Return every kind of note that may be added, the engine's own first."""
        return tuple(self._notes)

    def asks_for_notes(self, requirement: str) -> frozenset[str]:
        """Return the kinds of notes by which a requirement may be met."""
        return self._notes_asked.get(requirement, _NOBODY)

    def appointments(self, step: str) -> tuple[AppointmentRule, ...]:
        """Return the meetings of both roles that the facts of a step plan."""
        return self._appointments.get(step, ())

    def caseload(self, role: Role) -> int | None:
        """Return above how many open courses in a role the supervisors are told, or None."""
        return self._caseloads.get(role)

    def rungs(
        self, kind: WaitingKind, step: str | None, what: str, *, began: date, target_group: str | None
    ) -> tuple[Rung, ...]:
        """Return the ladder for a wait: that of the requirement, else of the step, else of the kind (P6).

        Amounts that are parameters are those of the Danish date `began` on which the wait began and of the group.
        """
        return self._ladders.rungs(kind, step, what, began=began, target_group=target_group)

    def rung_message(self, kind: WaitingKind, step: str | None, what: str, *, level: int) -> Message | None:
        """Return the words of the rung that a wait at `level`, from 1, has reached, if it has any (P6)."""
        return self._ladders.message(kind, step, what, level=level)

    def waivable(self, step: str) -> frozenset[str]:
        """Return the requirements that may be waived while `step` is visited."""
        return self._waivable.get(step, _NOBODY)

    def _ids(self, names: tuple[str, ...]) -> frozenset[str]:
        return frozenset(self._facts[name].id for name in names)

    def _waivable_at(self, step: str) -> frozenset[str]:
        gate = self.gates[step]
        entered = (found for row in gate.rows for target in row.row.to for found in self.gates[target].enter)
        closed = (found for ended in self.gates.values() for found in ended.close)
        asked = (*gate.leave, *entered, *closed)
        return frozenset(found.requirement.id for found in asked if found.requirement.waivable)

    def _appointments_of(self, step: Step) -> tuple[AppointmentRule, ...]:
        return tuple(
            AppointmentRule(
                appointment=planned.id,
                day=self._facts[planned.day].id,
                time=self._facts[planned.time].id if planned.time else None,
                minutes=planned.minutes,
                called_off=self._facts[planned.called_off].id if planned.called_off else None,
            )
            for planned in step.appointments
        )


def _judged(found: CompiledRequirement, view: View, route: Route | None) -> RequirementVerdict:
    """Return how a requirement stands; what stands before leaving holds no visit that stays, and is still asked for."""
    verdict = found.judge(view)
    if route is None or not route.stays or found.requirement.before is not Before.LEAVE:
        return verdict
    return replace(verdict, blocks=False, reminds=verdict.blocks or verdict.reminds)


def changes_at(views: tuple[View, ...]) -> datetime | None:
    """Return the next instant at which time alone may change what was asked of any of the views."""
    instants = [view.changes_at for view in views]
    return min((instant for instant in instants if instant is not None), default=None)


def _fact_rule(fact: FactDeclaration) -> FactRule:
    return FactRule(fact.id, fact.step, frozenset(fact.reporters), fact.material, fact.carried, has_come=fact.has_come)


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


def declaration_of(book: Book, name: str) -> FactDeclaration | None:
    """Return the declaration of a fact by its id or an alias."""
    return next((fact for fact in book.rule_set.facts if name in (fact.id, *fact.aliases)), None)
