"""What the course asks of a rule set, as a protocol; `rules.engine.book` is the rule set (P2, P8)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.calendar import Calendar
from domain.errors import Problem
from domain.identity import Role
from domain.state.course import CourseState
from domain.state.facts import Carried, Fact, FactValue
from domain.state.observers import ObserverKind
from domain.state.verdict import Kind, RulesReference, Task, Verdict
from domain.state.waiting import Rung, WaitingKind
from domain.state.workplaces import Workplaces


@dataclass(frozen=True, slots=True)
class FactRule:
    """What a rule set says of one fact; `step` is None for a fact of the course.

    `has_come` is said of a date by which something has happened, and so cannot lie ahead; `observers` are the kinds
    of observers that report it. Of its values `at_once` both roles are told at once (P13).
    """

    fact: str
    step: str | None
    reporters: frozenset[Role]
    is_material: bool
    carried: Carried = Carried.NO
    has_come: bool = False
    observers: frozenset[ObserverKind] = frozenset()
    at_once: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NoteRule:
    """What a rule set says of one kind of note; a material one makes a version like a change of the agreement."""

    kind: str
    is_material: bool = False
    carried: Carried = Carried.NO


@dataclass(frozen=True, slots=True)
class RequirementRule:
    """What a rule set says of one requirement: where it comes from, and the roles that may waive it."""

    requirement: str
    kind: Kind
    waivable_by: frozenset[Role]


@dataclass(frozen=True, slots=True)
class AppointmentRule:
    """A meeting of both roles that facts of a step plan: the day, the wall time if there is one, and its length.

    `called_off` is the fact by which it is called off in one word, and `held` that of the day on which it was held.
    """

    appointment: str
    day: str
    time: str | None
    minutes: int
    called_off: str | None = None
    held: str | None = None


@dataclass(frozen=True, slots=True)
class StopRule:
    """What it means that a step stops: the facts that say its last day and by whom, and the kind of note that says why.

    Both roles are told at once (P13).
    """

    last_day: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class StoryRule:
    """That a step asks a role, once in a course, for a good story; `hours` is the fact of the paid hours agreed."""

    role: Role
    hours: str


@dataclass(frozen=True, slots=True)
class CompanyRule:
    """What a company may be told at a step: facts of it, and notes of some kinds that were approved for the company.

    Considerations are told while the fact `consent` has one of the values `given`; without that fact never.
    """

    facts: tuple[str, ...] = ()
    notes: frozenset[str] = frozenset()
    considerations: frozenset[str] = frozenset()
    consent: str | None = None
    given: frozenset[str] = frozenset()


class RuleBook(Protocol):
    """What the course asks of a rule set. Total and pure: nothing here raises for a validated state."""

    @property
    def workplaces(self) -> Workplaces:
        """Return where visits take place."""

    @property
    def reference(self) -> RulesReference:
        """Return which rules these are."""

    @property
    def steps(self) -> tuple[str, ...]:
        """Return every step; a course begins with the first."""

    def judge(self, state: CourseState, now: datetime, calendar: Calendar) -> Verdict:
        """Return the verdict on every open visit."""

    def fact(self, fact: str) -> FactRule | None:
        """Return the rule of a fact by its id or an alias, or None when it is not declared."""

    def problem_with(self, fact: str, value: object) -> Problem | None:
        """Return the problem of a value for a declared fact, or None."""

    def as_stored(self, fact: str, value: FactValue) -> FactValue:
        """Return a value for a declared fact as it is stored: equal amounts alike, however they are written (P3)."""

    def observes(self, step: str) -> frozenset[str]:
        """Return the facts of later steps that may be reported while `step` is visited (P11)."""

    def begun_by(self, step: str) -> frozenset[str]:
        """Return the facts that mean `step` has begun in reality (P11)."""

    def note(self, kind: str) -> NoteRule | None:
        """Return the rule of a kind of note, or None when neither the engine nor the set knows it."""

    @property
    def note_kinds(self) -> tuple[str, ...]:
        """Return every kind of note that may be added, the engine's own first."""

    def asks_for_notes(self, requirement: str) -> frozenset[str]:
        """Return the kinds of notes by which a requirement may be met."""

    def tasks(self, step: str) -> tuple[Task, ...]:
        """Return what must be done before a step is left, and by whom, as far as it is known before it is entered."""

    def holding(self, step: str) -> tuple[str, ...]:
        """Return the requirements that hold a step before it is left."""

    def appointments(self, step: str) -> tuple[AppointmentRule, ...]:
        """Return the meetings of both roles that the facts of a step plan."""

    def stop(self, step: str) -> StopRule | None:
        """Return what it means that a step stops, or None for one that does not."""

    def story(self, step: str) -> StoryRule | None:
        """Return of whom a step asks a good story, or None for one that asks none."""

    def company(self, step: str) -> CompanyRule | None:
        """Return what a company may be told at a step, or None where it is told nothing."""

    def caseload(self, role: Role) -> int | None:
        """Return above how many open courses in a role the supervisors are told, or None."""

    def rungs(
        self, kind: WaitingKind, step: str | None, what: str, *, began: date, target_group: str | None
    ) -> tuple[Rung, ...]:
        """Return the ladder for a kind of waiting at a step, about a requirement when one is named (P6).

        Amounts that are parameters are those of the Danish date `began` on which the wait began and of the group.
        """

    def requirement(self, requirement: str) -> RequirementRule | None:
        """Return the rule of a requirement, or None when no step asks it."""


def is_told_at_once(fact: Fact, rules: RuleBook) -> bool:
    """Whether both hear of a statement at once: that a step stopped, or a value of which the rules say so (P13)."""
    rule = rules.fact(fact.fact)
    stop = rules.stop(rule.step) if rule is not None and rule.step is not None else None
    return rule is not None and (str(fact.value) in rule.at_once or (stop is not None and stop.by == rule.fact))
