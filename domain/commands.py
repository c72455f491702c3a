"""Commands: what a person, a system or time asks of a course, one model per message."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from domain.briefing import OnBehalfReason
from domain.facts import Audience, FactValue
from domain.identity import Actor, Role
from domain.model import Model
from domain.taking_over import TakenOver


class WaiverReason(StrEnum):
    """Why a requirement is waived for one visit."""

    NOT_RELEVANT = "not_relevant"
    DONE_ELSEWHERE = "done_elsewhere"
    DISPROPORTIONATE = "disproportionate"
    OTHER = "other"


class CommandBase(Model):
    """What every command carries: its identity, who asks, the body's keyed digest and the logs' correlation id (P7)."""

    id: UUID
    actor: Actor
    digest: str = ""
    expected_revision: int | None = None
    correlation: str | None = None


class PartyClaim(Model):
    """Who shall hold a role: a person, or a unit's queue."""

    person: str | None = None
    unit: str | None = None


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
    rules: str
    started_on: date
    target_group: str
    shared_role: bool = False
    caseworker: PartyClaim = PartyClaim()
    company_consultant: PartyClaim = PartyClaim()
    facts: dict[str, FactValue] = Field(default_factory=dict)
    source: str | None = None
    taken_over: TakenOver | None = None


class ReportFacts(CommandBase):
    """Report facts, all or nothing; `acknowledge` is the version whose full text the reporter has read."""

    kind: Literal["report_facts"] = "report_facts"
    facts: dict[str, FactValue]
    visit: int | None = None
    occurred_on: date | None = None
    source: str | None = None
    source_event_id: str | None = None
    acknowledge: int | None = None


class RetractFact(CommandBase):
    """Take back one statement that was wrong; `fact` is the statement's id."""

    kind: Literal["retract_fact"] = "retract_fact"
    fact: UUID
    reason: UUID


class AddNote(CommandBase):
    """Add knowledge in words; `note` is the id of the staged text."""

    kind: Literal["add_note"] = "add_note"
    note: UUID
    note_kind: str
    visit: int | None = None
    audience: Audience = Audience.BOTH
    changes_the_agreement: bool = False
    may_tell_company: bool = False
    to: Role | None = None
    answers: UUID | None = None


class RetractNote(CommandBase):
    """Take back a note that was wrong."""

    kind: Literal["retract_note"] = "retract_note"
    note: UUID
    reason: UUID


class BriefNow(CommandBase):
    """Issue the briefing of a visit before its gate is met."""

    kind: Literal["brief_now"] = "brief_now"
    visit: int | None = None


class Acknowledge(CommandBase):
    """Say that a version was read and understood; `briefing` is the number of its visit."""

    kind: Literal["acknowledge"] = "acknowledge"
    briefing: int
    version: int
    role: Role | None = None
    on_behalf_of: str | None = None
    on_behalf_reason: OnBehalfReason | None = None


class Dispute(CommandBase):
    """Say that a version is not right, with the staged reason."""

    kind: Literal["dispute"] = "dispute"
    briefing: int
    version: int
    role: Role | None = None
    reason: UUID


class AssignParty(CommandBase):
    """Give a role to a person or a unit's queue; a change is a hand-over."""

    kind: Literal["assign_party"] = "assign_party"
    role: Role
    to: PartyClaim
    reason: UUID | None = None


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


class MarkSeen(CommandBase):
    """Note that a person has seen a notice; seeing is not acknowledging (P4)."""

    kind: Literal["mark_seen"] = "mark_seen"
    notice: UUID


class TakeEscalation(CommandBase):
    """Take a wait of which the supervisors were told, and look again on the next working day or when it is said."""

    kind: Literal["take_escalation"] = "take_escalation"
    escalation: UUID
    look_again_at: datetime | None = None
    reason: UUID


class ReportUnreachable(CommandBase):
    """Note that a notice could not be delivered outward."""

    kind: Literal["report_unreachable"] = "report_unreachable"
    notice: UUID
    recipient: str


class TimePassed(CommandBase):
    """Note that an instant the course waited for has come."""

    kind: Literal["time_passed"] = "time_passed"


Command = Annotated[
    StartCourse
    | ReportFacts
    | RetractFact
    | AddNote
    | RetractNote
    | BriefNow
    | Acknowledge
    | Dispute
    | AssignParty
    | PauseCourse
    | ResumeCourse
    | WaiveRequirement
    | CloseCourse
    | ReopenCourse
    | ReopenVisit
    | MarkSeen
    | TakeEscalation
    | ReportUnreachable
    | TimePassed,
    Field(discriminator="kind"),
]
