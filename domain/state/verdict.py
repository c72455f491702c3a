"""What rules answer about a course, and what the course asks of them; the rules themselves live elsewhere (P2, P8)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from domain.errors import Problem
from domain.identity import Role
from domain.model import Model
from domain.state.facts import Carried, FactValue
from domain.state.waiting import Calendar, Rung, Span, WaitingKind

if TYPE_CHECKING:  # the course keeps judgements, so the two modules name each other's types
    from domain.state.course import CourseState

TARGET_GROUP = "target_group"
"""The course fact every rule set declares: the group in law to which the citizen belongs."""

CLOSING_OUTCOME = "closing_outcome"
"""The course fact every rule set declares: the human decision that ends a course (P9)."""


class Outcome(StrEnum):
    """How one requirement stands; `unknown` holds exactly like `unmet` (P2)."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"


class Route(NamedTuple):
    """Where a visit goes next: to steps, or to closing by the recorded outcome.

    With `stays` the visit goes on and the steps are entered beside it; with `joins` a step of which a visit is
    open already is not entered a second time.
    """

    to: tuple[str, ...] = ()
    closing: str | None = None
    stays: bool = False
    joins: bool = False


@dataclass(frozen=True, slots=True)
class RequirementVerdict:
    """The outcome of one requirement, who answers for it and until when (UTC).

    `span` is the whole amount of its deadline; `reminds` says that it is asked for although it does not block;
    `since` is when it began to be waited for, where that is earlier than the visit.
    """

    requirement: str
    outcome: Outcome
    blocks: bool
    roles: tuple[Role, ...]
    due: datetime | None = None
    span: Span | None = None
    reminds: bool = False
    since: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Say whether what it asks is not there yet."""
        return self.outcome in (Outcome.UNMET, Outcome.UNKNOWN)

    @property
    def holds_back(self) -> bool:
        """Say whether this requirement keeps the visit from being advanced."""
        return self.blocks and self.is_open

    @property
    def is_waited_for(self) -> bool:
        """Say whether somebody is asked for it, with a ladder to climb (P5, P6)."""
        return (self.blocks or self.reminds) and self.is_open


@dataclass(frozen=True, slots=True)
class VisitVerdict:
    """The rules' answer for one open visit; without a route it is a hold whatever the requirements say."""

    visit: int
    requirements: tuple[RequirementVerdict, ...]
    route: Route | None
    route_roles: tuple[Role, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Say whether nothing but the informing is missing."""
        return self.route is not None and not any(r.holds_back for r in self.requirements)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rules' answer for a course as it stands; `changes_at` is when time alone may change it (UTC)."""

    visits: tuple[VisitVerdict, ...]
    changes_at: datetime | None = None


class RulesReference(Model):
    """Which rules: set, version and the SHA-256 of its canonical JSON (P8)."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FactRule:
    """What a rule set says of one fact; `step` is None for a fact of the course.

    `has_come` is said of a date by which something has happened, and so cannot lie ahead.
    """

    fact: str
    step: str | None
    reporters: frozenset[Role]
    is_material: bool
    carried: Carried = Carried.NO
    has_come: bool = False


@dataclass(frozen=True, slots=True)
class NoteRule:
    """What a rule set says of one kind of note; a material one makes a version like a change of the agreement."""

    kind: str
    is_material: bool = False
    carried: Carried = Carried.NO


@dataclass(frozen=True, slots=True)
class AppointmentRule:
    """A meeting of both roles that facts of a step plan: the day, the wall time if there is one, and its length.

    `called_off` is the fact by which it is called off in one word.
    """

    appointment: str
    day: str
    time: str | None
    minutes: int
    called_off: str | None = None


class RuleBook(Protocol):
    """What the course asks of a rule set. Total and pure: nothing here raises for a validated state."""

    @property
    def reference(self) -> RulesReference:
        """Return which rules these are."""

    @property
    def steps(self) -> tuple[str, ...]:
        """Return every step; a course begins with the first."""

    def judge(self, state: "CourseState", now: datetime, calendar: Calendar) -> Verdict:
        """Return the verdict on every open visit."""

    def fact(self, fact: str) -> FactRule | None:
        """Return the rule of a fact by its id or an alias, or None when it is not declared."""

    def problem_with(self, fact: str, value: object) -> Problem | None:
        """Return what is wrong with a value for a declared fact, or None."""

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

    def appointments(self, step: str) -> tuple[AppointmentRule, ...]:
        """Return the meetings of both roles that the facts of a step plan."""

    def caseload(self, role: Role) -> int | None:
        """Return above how many open courses in a role the supervisors are told, or None."""

    def rungs(
        self, kind: WaitingKind, step: str | None, what: str, *, began: date, target_group: str | None
    ) -> tuple[Rung, ...]:
        """Return the ladder for a kind of waiting at a step, about a requirement when one is named (P6).

        Amounts that are parameters are those of the Danish date `began` on which the wait began and of the group.
        """

    def waivable(self, step: str) -> frozenset[str]:
        """Return the requirements that may be waived while `step` is visited."""
