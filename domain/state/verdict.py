"""What rules answer about a course, and what the course asks of them; the rules themselves live elsewhere (P2, P8)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from domain.calendar import Span
from domain.identity import Role
from domain.model import Instant, Model

TARGET_GROUP = "target_group"
"""The course fact every rule set declares: the group in law to which the citizen belongs."""

CLOSING_OUTCOME = "closing_outcome"
"""The course fact every rule set declares: the human decision that ends a course (P9)."""


class Outcome(StrEnum):
    """How one requirement stands; `unknown` and `refused` hold exactly like `unmet` (P2).

    `refused` is an answer: what was asked for will not come, so another way is to be chosen.
    """

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"


class Kind(StrEnum):
    """Where a rule comes from: the law, which nobody waives, the method, or what a municipality chose itself."""

    LAW = "law"
    METHOD = "method"
    LOCAL = "local"


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

    `span` is the whole amount of its deadline, which `counts_back` from a day or on from one; `is_law` says that the
    law asks it; `reminds` that it is asked for although it does not block;
    `since` is when it began to be waited for, where that is earlier than the visit.
    """

    requirement: str
    outcome: Outcome
    blocks: bool
    roles: tuple[Role, ...]
    due: Instant | None = None
    span: Span | None = None
    counts_back: bool = False
    reminds: bool = False
    is_law: bool = False
    since: Instant | None = None

    @property
    def is_open(self) -> bool:
        """Say whether what it asks is not there yet."""
        return self.outcome in (Outcome.UNMET, Outcome.UNKNOWN, Outcome.REFUSED)

    @property
    def is_noted(self) -> bool:
        """Say whether it is law that holds nothing, so that both are told when it is not met."""
        return self.is_law and not self.blocks

    def is_breach(self, now: datetime) -> bool:
        """Say whether the law was not met: in time where it has a deadline, else as far as is known."""
        if not self.is_noted or not self.is_open:
            return False
        return self.outcome is not Outcome.UNKNOWN if self.due is None else self.due <= now

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
    def way(self) -> Route | None:
        """Return the route while it can be followed: once what it asks was refused, another is to be chosen."""
        is_refused = any(asked.blocks and asked.outcome is Outcome.REFUSED for asked in self.requirements)
        return None if is_refused else self.route

    @property
    def is_ready(self) -> bool:
        """Say whether nothing but the informing is missing."""
        return self.route is not None and not any(r.holds_back for r in self.requirements)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rules' answer for a course as it stands; `changes_at` is when time alone may change it (UTC)."""

    visits: tuple[VisitVerdict, ...]
    changes_at: Instant | None = None


class Judgement(Model):
    """The short verdict on a visit that history and journal keep (P8); `breaches` are what of the law was not met."""

    ready: bool = False
    outcomes: dict[str, str] = Field(default_factory=dict)
    breaches: tuple[str, ...] = ()
    to: tuple[str, ...] | None = None
    closing: str | None = None
    due: dict[str, Instant] = Field(default_factory=dict)


class RulesReference(Model):
    """Which rules: set, version and the SHA-256 of its canonical JSON (P8)."""

    id: str
    version: str
    sha256: str


class Task(Model):
    """What the next step asks of those who hold `roles`, as the id of its requirement."""

    step: str
    requirement: str
    roles: tuple[Role, ...]


class LeftRequirement(Model):
    """What other rules ask newly in a step that the course has left, asked for in the next step that it enters."""

    step: str
    requirement: str


class Grace(Model):
    """That what the law asks in a visit is no breach before an instant, because other rules brought it forward."""

    visit: int
    requirement: str
    until: Instant
