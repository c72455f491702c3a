"""What rules answer about a course, and what the course asks of them; the rules themselves live elsewhere (P2, P8)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from domain.errors import Problem
from domain.identity import Role
from domain.model import Model
from domain.waiting import Calendar, Rung, WaitingKind

if TYPE_CHECKING:  # the course keeps judgements, so the two modules name each other's types
    from domain.course import CourseState

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
    """Where a visit goes next: to steps, or to closing by the recorded outcome."""

    to: tuple[str, ...] = ()
    closing: str | None = None


@dataclass(frozen=True, slots=True)
class RequirementVerdict:
    """The outcome of one requirement, who answers for it and until when (UTC)."""

    requirement: str
    outcome: Outcome
    blocks: bool
    roles: tuple[Role, ...]
    due: datetime | None = None

    @property
    def holds_back(self) -> bool:
        """Say whether this requirement keeps the visit from being advanced."""
        return self.blocks and self.outcome in (Outcome.UNMET, Outcome.UNKNOWN)


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
    """What a rule set says of one fact; `step` is None for a fact of the course."""

    fact: str
    step: str | None
    reporters: frozenset[Role]
    is_material: bool


class RuleBook(Protocol):
    """What the course asks of a rule set. Total and pure: nothing here raises for a validated state."""

    @property
    def reference(self) -> RulesReference:
        """Return which rules these are."""

    @property
    def first_step(self) -> str:
        """Return the step a course begins with."""

    def judge(self, state: "CourseState", now: datetime, calendar: Calendar) -> Verdict:
        """Return the verdict on every open visit."""

    def fact(self, fact: str) -> FactRule | None:
        """Return the rule of a fact by its id or an alias, or None when it is not declared."""

    def problem_with(self, fact: str, value: object) -> Problem | None:
        """Return what is wrong with a value for a declared fact, or None."""

    def observes(self, step: str) -> frozenset[str]:
        """Return the facts of later steps that may be reported while `step` is visited (P11)."""

    def begun_by(self, step: str) -> frozenset[str]:
        """Return the facts that mean `step` has begun in reality (P11)."""

    def rungs(self, kind: WaitingKind, step: str | None, what: str) -> tuple[Rung, ...]:
        """Return the ladder for a kind of waiting at a step, about a requirement when one is named (P6)."""

    def waivable(self, step: str) -> frozenset[str]:
        """Return the requirements that may be waived while `step` is visited."""
