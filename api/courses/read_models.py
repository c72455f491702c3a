"""A course as it is read: what is known, what is waited for and from whom, and who is informed of what (P4, P5)."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from domain.briefing import OnBehalfReason
from domain.course import Status
from domain.facts import Audience, FactValue, NoteKind
from domain.identity import Role
from domain.verdict import Outcome
from domain.waiting import WaitingKind


class CitizenRead(BaseModel):
    """The citizen, by the caller's own reference; the name is absent when it was never given or is erased."""

    reference: str
    name: str | None


class StepRead(BaseModel):
    """A step of the rule set."""

    id: str
    label: str


class RulesRead(BaseModel):
    """The rule set the course follows, which stays the same until a recorded change (P8)."""

    id: str
    version: str
    sha256: str
    title: str


class PartyRead(BaseModel):
    """Who holds a role; a person who is not in the directory is waited for."""

    role: Role
    person: str | None
    name: str | None
    in_directory: bool | None
    unit: str | None
    since: datetime


class RequirementRead(BaseModel):
    """How one requirement stands, by which law or method, who answers for it and until when."""

    id: str
    text: str
    reference: str | None
    outcome: Outcome
    blocks: bool
    roles: list[Role]
    due: datetime | None
    can_be_waived: bool


class SkipRead(BaseModel):
    """Days that do not count towards a deadline, and why."""

    since: date
    until: date
    why: str


class DeadlineRead(BaseModel):
    """A deadline and how it was reckoned: from when, how much of what, and which days were left out (P8)."""

    requirement: str
    text: str
    counted_from: str
    since: datetime | None
    amount: FactValue | None
    unit: str
    reference: str | None = Field(description="The law or method that sets the amount.")
    skipped: list[SkipRead]
    due: datetime | None = Field(description="Absent while it is not known or the clock stands still.")


class GateRead(BaseModel):
    """Whether nothing but the informing is missing, and where the visit goes next."""

    is_ready: bool
    requirements: list[RequirementRead]
    to: list[StepRead] | None = Field(description="Absent while the route is not decided.")
    closing: str | None


class ReceiptRead(BaseModel):
    """What became of the current version for one role: five facts with five times, none of which stands for another."""

    role: Role
    person: str | None
    queued_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    seen_at: datetime | None
    acknowledged_at: datetime | None
    disputed_at: datetime | None
    acknowledged_by: str | None
    on_behalf: OnBehalfReason | None


class BriefingStatus(BaseModel):
    """The current version of a visit's briefing; `GET …/briefing` has its text."""

    version: int
    issued_at: datetime
    missing: list[Role]
    receipts: list[ReceiptRead]


class VisitRead(BaseModel):
    """One visit to a step; `gate` and `briefing` are absent for visits long left."""

    number: int
    step: StepRead
    ordinal: int
    is_open: bool
    entered_on: date
    entered_at: datetime
    left_at: datetime | None
    went_ahead: bool
    withdrawn: bool
    to: list[StepRead]
    closing: str | None
    waived: list[str]
    gate: GateRead | None
    deadlines: list[DeadlineRead]
    briefing: BriefingStatus | None


class FactRead(BaseModel):
    """One statement and where it comes from; the newest by occurrence counts."""

    id: UUID
    fact: str
    label: str
    value: FactValue
    text: str
    visit: int | None
    step: str | None
    occurred_on: date
    recorded_at: datetime
    reporter: str
    by_system: bool
    source: str | None
    counts: bool
    contradicted_by: UUID | None


class NoteRead(BaseModel):
    """Knowledge in words."""

    id: UUID
    kind: NoteKind
    text: str | None = Field(description="Absent when it is erased.")
    visit: int
    by: str
    by_roles: list[Role]
    at: datetime
    audience: Audience
    changes_the_agreement: bool
    may_tell_company: bool
    to: Role | None
    is_answered: bool


class WaitingRead(BaseModel):
    """One thing the course waits for, from whom, since when and until when (P5)."""

    key: str
    kind: WaitingKind
    text: str
    what: str | None
    visit: int | None
    roles: list[Role]
    persons: list[str]
    since: datetime
    until: datetime | None
    clock: Literal["running", "paused"]
    is_overdue: bool
    level: int
    next_rung_at: datetime | None


class EscalationRead(BaseModel):
    """Somebody was told of a silent wait, which is still silent (P6)."""

    waiting: str
    level: int
    told: str
    at: datetime
    seen_at: datetime | None


class CourseRead(BaseModel):
    """One citizen's course as it stands."""

    id: UUID
    municipality: str
    unit: str
    reference: str
    ordinal: int
    follows: UUID | None
    citizen: CitizenRead
    status: Status
    outcome: str | None
    revision: int
    started_on: date | None
    day: int | None = Field(description="The day number of the course; the day it starts is day 1.")
    updated_at: datetime
    rules: RulesRead
    shared_role: bool
    is_stalled: bool
    is_ahead_of_informing: bool
    ahead_of_informing: list[StepRead] = Field(description="The steps reality is at although the course holds them.")
    parties: list[PartyRead]
    visits: list[VisitRead]
    waiting: list[WaitingRead]
    escalations: list[EscalationRead]
    facts: list[FactRead]
    notes: list[NoteRead]
