"""Events of the course as a whole: its start, its parties, its clock, its end."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from domain.commands import PartyClaim
from domain.events.base import EventBase
from domain.identity import Role
from domain.state.course import Judgement
from domain.state.verdict import RulesReference
from domain.state.waiting import Waiting


class CourseStarted(EventBase):
    """A course was started; one that was taken over from elsewhere has an instant before which no ladder is climbed."""

    kind: Literal["course_started"] = "course_started"
    municipality: str
    unit: str
    reference: str
    ordinal: int
    citizen: str
    citizen_text: UUID | None = None
    citizen_key: str | None = None
    protected: bool = False
    rules: RulesReference
    started_on: date
    shared_role: bool = False
    quiet_until: datetime | None = None


class CitizenDescribed(EventBase):
    """The citizen has another name, if one is given, and it is protected or not from now on."""

    kind: Literal["citizen_described"] = "citizen_described"
    citizen_text: UUID | None = None
    protected: bool
    reason: UUID


class PartyAssigned(EventBase):
    """A role was given to a person or queue; receipts the former holder gave for open versions are void."""

    kind: Literal["party_assigned"] = "party_assigned"
    role: Role
    to: PartyClaim
    reason: UUID | None = None


class CoursePaused(EventBase):
    """The clock stands still since `since`, until `until` if that is known."""

    kind: Literal["course_paused"] = "course_paused"
    since: datetime
    until: datetime | None = None
    reason: UUID


class CourseResumed(EventBase):
    """The clock runs again, since `ended_at` when the pause had an end that came earlier."""

    kind: Literal["course_resumed"] = "course_resumed"
    ended_at: datetime | None = None
    reason: UUID | None = None


class CourseCompleted(EventBase):
    """The course is closed by a recorded human outcome of which both roles are informed (P9)."""

    kind: Literal["course_completed"] = "course_completed"
    outcome: str


class CourseReopened(EventBase):
    """A completed course is open again."""

    kind: Literal["course_reopened"] = "course_reopened"
    reason: UUID


class EscalationTaken(EventBase):
    """A supervisor took a silent wait, from `former` if another had it, and looks again at `look_again_at` (P6)."""

    kind: Literal["escalation_taken"] = "escalation_taken"
    escalation: UUID
    waiting: str
    visit: int | None = None
    look_again_at: datetime
    former: str | None = None
    reason: UUID


class Settled(EventBase):
    """How the course stands after it all, as differences: judgements, waits and the next wake-up (P5, P8)."""

    kind: Literal["settled"] = "settled"
    judgements: dict[int, Judgement] = Field(default_factory=dict)
    opened: tuple[Waiting, ...] = ()
    ended: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    wakeup: datetime | None = None
    calendar: str = ""
