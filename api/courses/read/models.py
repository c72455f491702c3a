"""The course as it is read: visits, parties, facts, notes and waits (P5)."""

from datetime import date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from api.courses.read.former import FormerCourseRead
from api.courses.read.visit_models import VisitRead
from api.directory.names import NameOf, PersonNamed, Register, UnitName
from api.http.fields import ScheduleRow
from api.http.read_model import ReadModel
from api.text.steps import StepRead
from domain.identity import Role
from domain.state.course import Status
from domain.state.facts import Audience, FactValue
from domain.state.observers import ObserverKind
from domain.state.waiting import WaitingKind, WaitingOn

NOT_IN_DIRECTORY: Final = (
    "Those who are waited for and whom no directory knows, which may be why it stands still; reminders go to the "
    "queue of the unit too."
)
WITHOUT_ROLE: Final = "Those who are waited for and whom the directory knows, but not in their role, likewise."


class CitizenRead(ReadModel):
    """The citizen, by the caller's own reference; the name is absent when it was never given or is erased.

    A name that is protected is there for those who hold the course, and in no list.
    """

    reference: str
    name: str | None
    protected: bool


class RulesRead(ReadModel):
    """The rule set the course follows, which stays the same until a recorded change (P8)."""

    id: str
    version: str
    sha256: str
    title: str


class PartyRead(ReadModel):
    """Who holds a role; a person who is not in the directory is waited for."""

    role: Role
    person: str | None
    name: str | None
    phone: str | None
    in_directory: bool | None
    unit: str | None
    since: datetime
    on_behalf: int = Field(description="How many versions others acknowledged on behalf of the person.")
    cover: str | None = Field(description="Who acts for the person today, who is away.")
    unit_name: UnitName = None
    cover_name: Annotated[str | None, NameOf("cover")] = None
    cover_phone: Annotated[str | None, NameOf("cover", Register.PHONES)] = None


class ObserverRead(ReadModel):
    """Who observes the course, as what and since when."""

    person: str
    kind: ObserverKind
    since: datetime
    name: Annotated[str | None, NameOf("person")] = None


class FactRead(ReadModel):
    """One statement and where it comes from; the newest by occurrence counts."""

    id: UUID
    fact: str
    label: str
    value: FactValue
    rows: list[ScheduleRow] | None = Field(description="The rows of a schedule; null for any other fact.")
    unit_of_measure: str | None = Field(description="What an amount is counted in, as the rule set names it.")
    text: str
    visit: int | None
    step: StepRead | None
    occurred_on: date
    recorded_at: datetime
    reporter: str
    by_system: bool
    source: str | None
    counts: bool
    contradicted_by: UUID | None
    reporter_name: Annotated[str | None, NameOf("reporter")] = None


class FormerEntryRead(ReadModel):
    """What a note was in a former course, by whom and when."""

    course: UUID
    id: UUID
    by: str
    at: datetime
    by_name: Annotated[str | None, NameOf("by")] = None


class NoteRead(ReadModel):
    """Knowledge in words."""

    id: UUID
    kind: str
    label: str = Field(description="What the kind is called.")
    text: str | None = Field(description="Null when it is erased.")
    visit: int
    by: str
    by_roles: list[Role]
    at: datetime
    audience: Audience
    changes_the_agreement: bool
    is_material: bool = Field(description="Both roles must hear of it: by its kind, or as it changes the agreement.")
    may_tell_company: bool
    to: Role | None
    is_answered: bool
    may_wait: bool = Field(description="It is left for the next version of the briefing.")
    former: FormerEntryRead | None = Field(description="What it was in the former course from which it is kept.")
    by_name: Annotated[str | None, NameOf("by")] = None


class TakenRead(ReadModel):
    """A supervisor answers for a silent wait until `look_again_at`; then any supervisor can take it again (P6)."""

    by: str
    at: datetime
    look_again_at: datetime
    comment: str | None = Field(description="What the supervisor does about it; null when it is erased.")
    by_name: Annotated[str | None, NameOf("by")] = None


class WaitAnswerRead(ReadModel):
    """On whom somebody waits who is asked, and until when nobody is reminded; the deadline stays (P6)."""

    waiting_on: WaitingOn
    until: datetime
    by: str
    at: datetime
    note: str | None = Field(description="Null when nothing was said, or it is erased.")
    by_name: Annotated[str | None, NameOf("by")] = None


class AwayRead(ReadModel):
    """Somebody who is waited for is away."""

    person: str
    name: str | None
    until: date | None = Field(description="The last day of the absence; null while nobody knows it.")


class WaitingRead(ReadModel):
    """One thing the course waits for, from whom, since when and until when (P5)."""

    key: str
    kind: WaitingKind
    text: str
    what: str | None
    visit: int | None
    roles: list[Role]
    persons: list[PersonNamed] = Field(description="Who holds the roles, and before who is away who covers.")
    away: list[AwayRead] = Field(description="Those of `persons` who are away today, which may be why it stands still.")
    not_in_directory: list[str] = Field(description=NOT_IN_DIRECTORY)
    without_role: list[str] = Field(description=WITHOUT_ROLE)
    since: datetime
    until: datetime | None
    clock: Literal["running", "paused"]
    is_overdue: bool
    level: int
    next_rung_at: datetime | None
    escalation: UUID | None = Field(description="Its id for `POST /v1/escalations/{id}/take`, once supervisors know.")
    taken: TakenRead | None
    may_be_answered: bool = Field(
        description="Who is asked may say on whom he waits and until when, and is reminded then: "
        "`POST /v1/courses/{course}/waits/{key}/answer`."
    )
    answer: WaitAnswerRead | None = Field(description="What who is asked answered last.")


class EscalationRead(ReadModel):
    """Somebody was notified of a wait that is still silent (P6)."""

    waiting: str
    level: int
    person: str | None = Field(description="Null for a queue and for supervisors.")
    unit: str | None = Field(description="The unit in whose queue it lies, or whose supervisors were notified.")
    to_supervisors: bool
    at: datetime
    seen_at: datetime | None
    name: Annotated[str | None, NameOf("person")] = None
    unit_name: UnitName = None


class CourseRead(ReadModel):
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
    quiet_until: datetime | None = Field(
        description="Of a course that was taken over: nobody is reminded in it before this instant."
    )
    is_stalled: bool
    is_ahead_of_informing: bool
    ahead_of_informing: list[StepRead] = Field(description="The steps reality is at although the course holds them.")
    parties: list[PartyRead]
    observers: list[ObserverRead]
    visits: list[VisitRead]
    waiting: list[WaitingRead]
    escalations: list[EscalationRead]
    facts: list[FactRead]
    notes: list[NoteRead]
    former: FormerCourseRead | None = Field(
        default=None,
        description="The course that this one follows, for who may read what is for caseworkers only.",
    )
    unit_name: UnitName = None
