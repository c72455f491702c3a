"""A version of a briefing, in the order in which it is to be read, and who was informed of it (P1, P3, P4)."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from api.briefings.versions import VersionStanding
from api.courses.read.models import FormerEntryRead
from api.courses.read.visit_models import AppointmentRead, BreachRead, DisputeRead
from api.http.fields import ScheduleRow
from api.http.read_model import ReadModel
from api.text.steps import StepRead
from domain.identity import Role
from domain.state.briefing import OnBehalfReason, WaiverReason
from domain.state.facts import FactValue
from domain.state.verdict import Kind


class BriefingFact(ReadModel):
    """A fact in words."""

    fact: str
    label: str
    value: FactValue
    rows: list[ScheduleRow] | None = Field(description="The rows of a schedule; null for any other fact.")
    unit_of_measure: str | None = Field(description="What an amount is counted in, as the rule set names it.")
    text: str
    occurred_on: str
    taken_back_on: date | None = Field(description="Set when it was taken back after this version.")


class BriefingNote(ReadModel):
    """A note that the caller may read: one for both roles is content of the version, others are shown beside it."""

    id: UUID
    kind: str
    label: str = Field(description="What the kind is called.")
    text: str | None = Field(description="Null when it is erased.")
    by: str
    by_name: str
    at: datetime
    is_content: bool = Field(description="Both roles acknowledge it; false for a note for caseworkers only.")
    is_unchanged: bool = Field(description="The version that the caller last acknowledged in the course shows it.")
    taken_back_on: date | None = Field(description="Set when it was taken back after this version.")
    former: FormerEntryRead | None = Field(description="What it was in the former course from which it is kept.")


class BriefingWaiver(ReadModel):
    """A requirement that was waived, on what ground and why."""

    requirement: str
    text: str = Field(description="What the requirement asks.")
    kind: Kind | None = Field(description="Whether the method or the municipality asks it.")
    ground: WaiverReason
    reason: str | None = Field(description="Null when it is erased.")
    by: str
    by_name: str
    at: datetime


class CorrectionRead(ReadModel):
    """A fact or a note on which a left visit rested and that proved wrong."""

    visit: int
    step: StepRead
    ordinal: int = Field(description="Which visit to its step it was.")
    fact: str | None = Field(description="Null when it is a note.")
    note: UUID | None = Field(description="Null when it is a fact.")
    text: str = Field(description="From what to what, in words; of another citizen's nothing but what it was about.")
    by: str
    by_name: str
    at: datetime


class LessonRead(ReadModel):
    """What another visit taught, with its company and days."""

    visit: int
    step: StepRead
    ordinal: int = Field(description="Which visit to its step it was.")
    p_number: str | None = Field(
        description="The workplace: that of the visit's own facts, else where the visit that led to it was."
    )
    company: str | None = Field(description="The name of the workplace, where the municipality knows it.")
    entered_on: date
    left_on: date | None
    days: str = Field(description="These days in words.")
    facts: list[BriefingFact]
    notes: list[BriefingNote]


class TaskRead(ReadModel):
    """What one role must do in the next step."""

    step: StepRead
    requirement: str
    text: str = Field(description="What is to be done.")


class RoleTasks(ReadModel):
    """What one role must do in the next step; what both must do stands with each."""

    role: Role
    tasks: list[TaskRead]


class BriefingReceipt(ReadModel):
    """Who was informed of the version in one role, and who acted when it was somebody else."""

    role: Role
    person: str | None
    name: str | None
    acknowledged_at: datetime | None
    disputed_at: datetime | None
    acknowledged_by: str | None
    acknowledged_by_name: str | None
    on_behalf: OnBehalfReason | None


class BriefingRead(ReadModel):
    """What both roles must know before the visit is advanced, in the order in which it is to be read."""

    course: UUID
    reference: str = Field(description="The case number that the course was started under.")
    briefing: int = Field(description="The number of the visit; acknowledge with it and `version`, or `digest`.")
    issued: bool = Field(description="False of the course as it stands, while no version is issued.")
    version: int | None = Field(description="Null while none is issued.")
    digest: str = Field(description="The SHA-256 of the content; a version is another exactly when this is.")
    standing: VersionStanding
    issued_at: datetime | None
    ended_at: datetime | None = Field(description="When it was used up or replaced; null while it is current.")
    first_facts: list[BriefingFact] = Field(description="What heads every briefing, by the rules.")
    first_notes: list[BriefingNote] = Field(description="The newest note of each kind that heads every briefing.")
    day: int | None
    citizen: str
    citizen_name: str | None
    citizen_protected: bool = Field(description="The name is for those who hold the course, and for no document.")
    step: StepRead
    ordinal: int = Field(description="Which visit to its step it is about.")
    corrections: list[CorrectionRead] = Field(description="What visits that are left rested on by mistake.")
    lessons: list[LessonRead] = Field(description="What the visits that are left have taught, the newest first.")
    facts: list[BriefingFact]
    notes: list[BriefingNote]
    knowledge: list[BriefingNote] = Field(description="What is known from other visits, until it is taken back.")
    waivers: list[BriefingWaiver]
    breaches: list[BreachRead] = Field(description="What of the law was not met; it holds nothing.")
    disputes: list[DisputeRead]
    appointments: list[AppointmentRead] = Field(
        description="The meetings of the visit as they stand now, beside what is acknowledged; of no former version."
    )
    to: list[StepRead] | None = Field(description="What comes next; null while it is not decided.")
    stays: bool = Field(description="This visit goes on while what comes next begins beside it.")
    closing: str | None
    tasks: list[RoleTasks] = Field(description="What each role must do in the next step before it is left.")
    missing: list[Role] = Field(description="The roles that have not acknowledged this version.")
    receipts: list[BriefingReceipt] = Field(description="One for each role, as they stood when it was last current.")
    acknowledged_version: int | None = Field(description="The version the caller last acknowledged.")
    changes: list[str] = Field(description="What is different from that version, in words.")


class ReportPreview(BaseModel):
    """What a report would bring; nothing of it was recorded."""

    course: UUID
    acknowledge: str | None = Field(
        description="Sent with the very same report, it acknowledges these briefings in one act, if nothing else "
        "changes meanwhile; null when the caller would have nothing to acknowledge."
    )
    briefings: list[BriefingRead] = Field(
        description="Those that the caller would have to acknowledge, else every open one as it would stand."
    )
