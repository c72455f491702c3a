"""Commands about the course as a whole: its start, its parties, its clock, its visits, its end."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from domain.commands.base import CommandBase, PartyClaim, WaiverReason
from domain.identity import Role
from domain.state.facts import FactValue
from domain.state.observers import ObserverKind
from domain.state.takeover import TakenOver


class StartCourse(CommandBase):
    """Start or take over a course; `citizen_text` is the staged name, `citizen_key` the keyed hash of a CPR number."""

    kind: Literal["start_course"] = "start_course"
    municipality: str
    unit: str
    reference: str
    ordinal: int = 1
    citizen: str
    citizen_text: UUID | None = None
    citizen_key: str | None = None
    protected: bool = False
    rules: str
    started_on: date
    target_group: str
    shared_role: bool = False
    caseworker: PartyClaim = PartyClaim()
    company_consultant: PartyClaim = PartyClaim()
    facts: dict[str, FactValue] = Field(default_factory=dict)
    source: str | None = None
    taken_over: TakenOver | None = None


class DescribeCitizen(CommandBase):
    """Say what the citizen is called, if it is another name, and whether the name is protected."""

    kind: Literal["describe_citizen"] = "describe_citizen"
    citizen_text: UUID | None = None
    protected: bool
    reason: UUID


class AssignParty(CommandBase):
    """Give a role to a person or a unit's queue; a change is a hand-over."""

    kind: Literal["assign_party"] = "assign_party"
    role: Role
    to: PartyClaim
    reason: UUID | None = None


class AddObserver(CommandBase):
    """Let somebody observe the course, who holds no role in it."""

    kind: Literal["add_observer"] = "add_observer"
    person: str
    observer_kind: ObserverKind
    reason: UUID


class RemoveObserver(CommandBase):
    """Let somebody observe the course no longer."""

    kind: Literal["remove_observer"] = "remove_observer"
    person: str
    reason: UUID


class PauseCourse(CommandBase):
    """Stop the clock, from an earlier instant if so, until an instant if known."""

    kind: Literal["pause_course"] = "pause_course"
    reason: UUID
    since: datetime | None = None
    until: datetime | None = None


class ResumeCourse(CommandBase):
    """Let the clock run again."""

    kind: Literal["resume_course"] = "resume_course"
    reason: UUID | None = None


class WaiveRequirement(CommandBase):
    """Waive a named requirement for one visit; that both are informed cannot be waived (P1)."""

    kind: Literal["waive_requirement"] = "waive_requirement"
    requirement: str
    visit: int | None = None
    waiver: WaiverReason
    reason: UUID


class CloseCourse(CommandBase):
    """Record the human decision that ends the course; it is completed when both roles are informed (P1, P9)."""

    kind: Literal["close_course"] = "close_course"
    outcome: str
    occurred_on: date | None = None
    reason: UUID


class ReopenCourse(CommandBase):
    """Open a completed course again at its last visit, because closing it was wrong."""

    kind: Literal["reopen_course"] = "reopen_course"
    reason: UUID


class ReopenVisit(CommandBase):
    """Open a left visit again, because its outcome was wrong."""

    kind: Literal["reopen_visit"] = "reopen_visit"
    visit: int
    reason: UUID


class TimePassed(CommandBase):
    """Note that an instant the course waited for has come."""

    kind: Literal["time_passed"] = "time_passed"
