"""A visit as it is read: its gate, its deadlines, its appointments and who is informed of what (P1, P4)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.directory.names import NameOf
from api.http.read_model import ReadModel
from api.text.steps import StepRead
from domain.identity import Role
from domain.state.briefing import OnBehalfReason
from domain.state.facts import FactValue
from domain.state.verdict import Kind, Outcome


class RequirementRead(ReadModel):
    """The outcome of one requirement, its law or method, who answers for it and until when."""

    id: str
    text: str = Field(description="What holds when it is met.")
    missing: str = Field(description="What the one who is asked shall do to meet it.")
    reference: str | None
    kind: Kind | None = Field(description="Null for one that the rules no longer have. The law is never waived.")
    outcome: Outcome
    blocks: bool
    roles: list[Role]
    due: datetime | None
    waivable_by: list[Role] = Field(description="Who may waive it; nobody where it is empty.")


class BreachRead(ReadModel):
    """Something of the law that was not met; it is noted, and holds nothing."""

    requirement: str
    text: str = Field(description="What the law asks.")
    reference: str | None = Field(description="Null for one that the rules no longer have.")


class SkipRead(ReadModel):
    """Days that do not count towards a deadline, and why."""

    since: date
    until: date
    why: str


class DeadlineRead(ReadModel):
    """A deadline and how it was reckoned: from when, how much of what, and which days were left out (P8)."""

    requirement: str
    text: str
    counted_from: str | None
    counted_back_from: str | None = Field(description="The day before which it is due, where it is counted back.")
    since: datetime | None
    amount: FactValue | None
    unit: str
    reference: str = Field(description="What sets the amount, or else what asks for it.")
    kind: Kind = Field(description="Whether the law, the method or the municipality sets the amount.")
    skipped: list[SkipRead]
    reckoned: datetime | None = Field(description="Absent while it is not known or the clock stands still.")
    due: datetime | None = Field(
        description="What people are held to: later than reckoned where the time was shortened while they had it, or "
        "was nearly over when the visit was entered."
    )


class BasisRead(ReadModel):
    """A fact or a note on which the visit was left, and which proved wrong afterwards."""

    fact: str | None = Field(description="Null when it is a note.")
    note: UUID | None = Field(description="Null when it is a fact.")
    label: str = Field(description="What the fact or the kind of note is called.")
    before: str | None = Field(description="In words; null for a note, and when it was of another citizen.")
    after: str | None = Field(description="In words; null for a note, and when it was taken back.")
    by: str
    at: datetime
    by_name: Annotated[str | None, NameOf("by")] = None


class GateRead(ReadModel):
    """Whether nothing but the informing is missing, and where the visit goes next."""

    is_ready: bool
    requirements: list[RequirementRead]
    corrections: list[BasisRead] = Field(description="What it rested on when the visit was left, and proved wrong.")
    to: list[StepRead] | None = Field(description="Absent while the route is not decided.")
    stays: bool = Field(description="The visit goes on while what comes next begins beside it.")
    closing: str | None


class ReceiptRead(ReadModel):
    """The receipt of the current version for one role: five facts with five times, none inferred from another."""

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
    name: Annotated[str | None, NameOf("person")] = None
    acknowledged_by_name: Annotated[str | None, NameOf("acknowledged_by")] = None


class BriefingStatus(ReadModel):
    """The current version of a visit's briefing; `GET …/briefing` has its text."""

    version: int
    issued_at: datetime
    missing: list[Role]
    receipts: list[ReceiptRead]


class DisputeRead(ReadModel):
    """Who finds a version wrong, and why; it holds the advance until it is ended."""

    id: UUID
    version: int
    roles: list[Role]
    by: str
    by_name: str
    at: datetime
    reason: str | None = Field(description="Null when it is erased.")
    ended_at: datetime | None = Field(
        description="Null while it is open, and in an earlier version unless somebody said why."
    )
    ended_by: str | None
    ended_by_name: str | None
    ended_because: str | None = Field(description="Why it was ended, where somebody said so.")


class DeclineRead(ReadModel):
    """A role that cannot come to a meeting."""

    role: Role
    text: str = Field(description="It in words, with the other time.")
    another_time: datetime | None = Field(description="When it could be instead.")
    note: str | None = Field(description="Null when nothing was said, or it is erased.")
    by: str
    by_name: str
    at: datetime


class AppointmentRead(ReadModel):
    """A meeting of both roles; `sequence` rises each time it is moved or cancelled."""

    id: str
    label: str
    text: str = Field(description="How it stands, in words.")
    on: date
    at: str | None = Field(description="Danish wall time; null while only the day is agreed.")
    sequence: int
    cancelled: bool
    is_held: bool = Field(description="Somebody has said that it was held on this day.")
    declines: list[DeclineRead] = Field(description="The roles that cannot come; none of a meeting that is moved.")


class VisitRead(ReadModel):
    """One visit to a step; `gate` and `briefing` are absent for visits long left."""

    number: int
    step: StepRead
    ordinal: int
    is_open: bool
    follows: int | None = Field(description="The visit that led here.")
    is_branch: bool = Field(description="The visit that led here went on beside it.")
    entered_on: date
    entered_at: datetime
    left_at: datetime | None
    went_ahead: bool
    withdrawn: bool
    to: list[StepRead]
    closing: str | None
    waived: list[str]
    breaches: list[BreachRead] = Field(description="What of the law was not met.")
    disputes: list[DisputeRead]
    gate: GateRead | None
    deadlines: list[DeadlineRead]
    appointments: list[AppointmentRead]
    briefing: BriefingStatus | None
