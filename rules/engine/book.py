"""A compiled rule set that judges courses: pure and total, without a clock (P2, P8)."""

from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from itertools import chain
from typing import Final

from domain.calendar import Calendar
from domain.errors import Code, Problem
from domain.identity import GATE_ROLES, Role
from domain.rules_port import AppointmentRule, CompanyRule, FactRule, NoteRule, RequirementRule, StopRule, StoryRule
from domain.state.course import CourseState
from domain.state.facts import KNOWLEDGE, NOTE_KINDS, Carried, FactValue
from domain.state.verdict import (
    CLOSING_OUTCOME,
    TARGET_GROUP,
    RequirementVerdict,
    Route,
    RulesReference,
    Task,
    Verdict,
    VisitVerdict,
)
from domain.state.waiting import Rung, WaitingKind
from rules.engine.compiler import Compiler
from rules.engine.gates import CompiledRequirement, Gate, unless_refused
from rules.engine.ladders import Ladders
from rules.engine.mapped import reading_mapped_values
from rules.engine.planning import appointment_rule, company_rule, measures_of, stop_rule, story_rule, workplaces_of
from rules.engine.view import CourseView, VisitView
from rules.language.conditions import notes_in
from rules.language.facts import FactDeclaration
from rules.language.rule_set import RuleSet
from rules.language.steps import Before, Ladder, Requirement
from rules.language.text import Message

_REFUSALS: Final = {TARGET_GROUP: Code.TARGET_GROUP_UNKNOWN, CLOSING_OUTCOME: Code.OUTCOME_UNKNOWN}
_CARRIED: Final = {kind: Carried.EVERY if kind in KNOWLEDGE else Carried.NO for kind in NOTE_KINDS}
_NEAREST: Final = 3


class Book:
    """Implements `domain.rules_port.RuleBook` over a rule set without flaws; compile it once and share it."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Compile the set; an undeclared name raises KeyError here and never later."""
        self.rule_set = rule_set
        rule_set = reading_mapped_values(rule_set)
        compiler = Compiler(rule_set)
        self.gates = {step.id: Gate(compiler, rule_set, step.id) for step in rule_set.steps}
        self._left = {r.requirement.id: r for gate in self.gates.values() for r in gate.leave}
        self.aliases = {alias: fact.id for fact in rule_set.facts for alias in fact.aliases}
        self._facts = {name: fact for fact in rule_set.facts for name in (fact.id, *fact.aliases)}
        self._rules = {name: _fact_rule(fact) for name, fact in self._facts.items()}
        self._observes = {step.id: self._ids(step.observes) for step in rule_set.steps}
        self._begun_by = {step.id: self._ids(step.begun_by) for step in rule_set.steps}
        self._requirements = {r.id: _requirement_rule(r) for step in rule_set.steps for r in step.requirements}
        ids: dict[str | None, str] = {name: fact.id for name, fact in self._facts.items()}
        self._appointments = {s.id: tuple(appointment_rule(p, ids) for p in s.appointments) for s in rule_set.steps}
        self._stops = {step.id: stop_rule(step.stop, ids) for step in rule_set.steps if step.stop}
        self._stories = {step.id: story_rule(step.story, ids) for step in rule_set.steps if step.story}
        self._companies = {step.id: company_rule(step.company, ids) for step in rule_set.steps if step.company}
        self.workplaces, self.measures = workplaces_of(rule_set), measures_of(rule_set, ids)
        self._notes = {kind: NoteRule(kind, carried=carried) for kind, carried in _CARRIED.items()}
        self._notes |= {kind.id: NoteRule(kind.id, kind.material, kind.carried) for kind in rule_set.note_kinds}
        self._caseloads = {caseload.role: caseload.at_most for caseload in rule_set.caseloads}
        self._notes_asked = {r.id: frozenset(notes_in(r.must)) for step in rule_set.steps for r in step.requirements}
        self._ladders = Ladders(rule_set)

    @property
    def reference(self) -> RulesReference:
        """Return the reference by which courses and decisions name these rules."""
        return self.rule_set.reference

    @property
    def steps(self) -> tuple[str, ...]:
        """Return the ids of the steps; a course begins with the first."""
        return tuple(step.id for step in self.rule_set.steps)

    def judge(self, state: CourseState, now: datetime, calendar: Calendar) -> Verdict:
        """Judge every open visit."""
        views = self.views(state, now, calendar)
        return Verdict(tuple(self.judge_visit(view) for view in views), changes_at(views))

    def views(self, state: CourseState, now: datetime, calendar: Calendar) -> tuple[VisitView, ...]:
        """Return the view of each open visit, oldest first."""
        course = CourseView(state, now, calendar, self.aliases)
        return tuple(VisitView(course, visit) for visit in state.open_visits)

    def judge_visit(self, view: VisitView) -> VisitVerdict:
        """Judge one visit; a step that these rules do not have is a hold.

        The view then follows the route, so a view is judged once.
        """
        gate = self.gates.get(view.visit.step)
        if gate is None:
            return VisitVerdict(view.visit.number, (), None, GATE_ROLES)
        row, roles = gate.hit(view)
        route = row.route(view) if row else None
        if route is not None:
            view.follow(route.to, stays=route.stays)
        asked = self.asked(view, route)
        requirements = tuple([requirement.judge(view) for requirement in asked])
        if route is not None and route.stays:
            requirements = tuple(map(_reminding, asked, requirements))
        return VisitVerdict(view.visit.number, requirements, route, roles)

    def asked(self, view: VisitView, route: Route | None) -> tuple[CompiledRequirement, ...]:
        """Return the requirements for following a route from a visit, those of leaving before those of entering (P1).

        Closing asks only for the `before = close` requirements, of every step: an outcome is the same everywhere.
        A step that is joined is not entered; where one was refused, only that refusal is asked about. What a visit
        asks of steps that were left is asked of the facts of those steps.
        """
        left = (self._left[one.requirement] for one in view.visit.asks_left if one.requirement in self._left)
        leave = (*self.gates[view.visit.step].leave, *left)
        if route is None:
            return leave
        if route.closing is not None:
            return tuple(requirement for gate in self.gates.values() for requirement in gate.close)
        entered = (self.gates[step].enter for step in route.to if not (route.joins and step in view.open_beside))
        return (*leave, *unless_refused(tuple(chain.from_iterable(entered)), view))

    def declaration(self, fact: str) -> FactDeclaration | None:
        """Return the declaration of a fact by its id or an alias, or None when it is not declared."""
        return self._facts.get(fact)

    def fact(self, fact: str) -> FactRule | None:
        """Return the rule of a fact by its id or an alias, or None when it is not declared."""
        return self._rules.get(fact)

    def problem_with(self, fact: str, value: object) -> Problem | None:
        """Return the problem with a value for a fact, with what its remedy names and never the value, or None."""
        declaration = self._facts.get(fact)
        if declaration is None:
            near = get_close_matches(fact, self._facts, _NEAREST)
            return Problem(code=Code.FACT_UNKNOWN, params={"near": ", ".join(near)})
        if declaration.read(value) is not None:
            return None
        code, allowed = _REFUSALS.get(declaration.id), _allowed(declaration)
        if code is not None:
            return Problem(code=code, params={"allowed": allowed})
        return Problem(code=Code.FACT_VALUE, params={"expected": f"type-{declaration.type}", "allowed": allowed})

    def as_stored(self, fact: str, value: FactValue) -> FactValue:
        """Return a value for a fact in its stored form, in which equal amounts are equal however written (P3)."""
        declaration = self._facts.get(fact)
        return value if declaration is None else declaration.as_stored(value)

    def observes(self, step: str) -> frozenset[str]:
        """Return the facts of later steps that may be reported while `step` is visited (P11)."""
        return self._observes.get(step, frozenset())

    def begun_by(self, step: str) -> frozenset[str]:
        """Return the facts that mean `step` has begun in reality (P11)."""
        return self._begun_by.get(step, frozenset())

    def note(self, kind: str) -> NoteRule | None:
        """Return the rule of a kind of note, or None when neither the engine nor the set knows it."""
        return self._notes.get(kind)

    @property
    def note_kinds(self) -> tuple[str, ...]:
        """Return the kinds of notes that may be added, the engine's own first."""
        return tuple(self._notes)

    def asks_for_notes(self, requirement: str) -> frozenset[str]:
        """Return the kinds of notes that may meet a requirement."""
        return self._notes_asked.get(requirement, frozenset())

    def tasks(self, step: str) -> tuple[Task, ...]:
        """Return what holds a step from its beginning, and by whom it is to be done; what only warns is no task."""
        return self.gates[step].tasks if step in self.gates else ()

    def holding(self, step: str) -> tuple[str, ...]:
        """Return the requirements that hold a step before it is left."""
        return self.gates[step].holding if step in self.gates else ()

    def appointments(self, step: str) -> tuple[AppointmentRule, ...]:
        """Return the meetings of both roles that the facts of a step plan."""
        return self._appointments.get(step, ())

    def stop(self, step: str) -> StopRule | None:
        """Return what it means that a step stops, or None for one that does not."""
        return self._stops.get(step)

    def story(self, step: str) -> StoryRule | None:
        """Return of whom a step asks a good story, or None for one that asks none."""
        return self._stories.get(step)

    def company(self, step: str) -> CompanyRule | None:
        """Return what a company may be told at a step, or None where it is told nothing."""
        return self._companies.get(step)

    def caseload(self, role: Role) -> int | None:
        """Return the number of open courses in a role above which the supervisors are notified, or None."""
        return self._caseloads.get(role)

    def rungs(
        self, kind: WaitingKind, step: str | None, what: str, *, began: date, target_group: str | None
    ) -> tuple[Rung, ...]:
        """Return the ladder for a wait: that of the requirement, else of the step, else of the kind (P6).

        Amounts that are parameters are those of the Danish date `began` on which the wait began and of the group.
        """
        return self._ladders.rungs(kind, step, what, began=began, target_group=target_group)

    def rung_message(self, kind: WaitingKind, step: str | None, what: str, *, level: int) -> Message | None:
        """Return the message of the rung that a wait at `level`, from 1, has reached, if it has any (P6)."""
        return self._ladders.message(kind, step, what, level=level)

    def ladder(self, kind: WaitingKind, step: str | None, what: str) -> Ladder | None:
        """Return the ladder as written for a wait, the most particular one, or None."""
        return self._ladders.ladder(kind, step, what)

    def requirement(self, requirement: str) -> RequirementRule | None:
        """Return the rule of a requirement, or None when no step asks it."""
        return self._requirements.get(requirement)

    def _ids(self, names: tuple[str, ...]) -> frozenset[str]:
        return frozenset(self._facts[name].id for name in names)


def _reminding(compiled: CompiledRequirement, verdict: RequirementVerdict) -> RequirementVerdict:
    """Return the verdict on a route that keeps the visit open, where what is asked `before = leave` only reminds."""
    if compiled.requirement.before is not Before.LEAVE:
        return verdict
    return replace(verdict, blocks=False, reminds=verdict.blocks or verdict.reminds)


def changes_at(views: tuple[VisitView, ...]) -> datetime | None:
    """Return the next instant at which time alone may change an answer that any of the views gave."""
    instants = [view.changes_at for view in views]
    return min((instant for instant in instants if instant is not None), default=None)


def _requirement_rule(requirement: Requirement) -> RequirementRule:
    return RequirementRule(requirement.id, requirement.kind, requirement.waivers)


def _fact_rule(fact: FactDeclaration) -> FactRule:
    reporters, observers, at_once = frozenset(fact.reporters), frozenset(fact.observers), frozenset(fact.at_once)
    return FactRule(fact.id, fact.step, reporters, fact.material, fact.carried, fact.has_come, observers, at_once)


def _allowed(fact: FactDeclaration) -> str:
    """Return the values of a fact, or the bounds of its amount."""
    bounds = [f"{sign} {bound}" for sign, bound in (("≥", fact.min), ("≤", fact.max)) if bound is not None]
    return ", ".join(value.id for value in fact.values) or ", ".join(bounds)
