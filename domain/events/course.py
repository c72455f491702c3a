"""Events of the course as a whole: its start, its citizen, its end."""

from datetime import date
from typing import Literal
from uuid import UUID

from domain.events.base import EventBase
from domain.model import Instant
from domain.state.verdict import Grace, LeftRequirement, RulesReference


class CourseStarted(EventBase):
    """A course was started; one that was taken over from elsewhere has an instant before which no ladder is climbed."""

    kind: Literal["course_started"] = "course_started"
    municipality: str
    unit: str
    reference: str
    ordinal: int
    follows: UUID | None = None
    proposals: tuple[UUID, ...] = ()
    citizen: str
    citizen_text: UUID | None = None
    citizen_key: str | None = None
    protected: bool = False
    rules: RulesReference
    started_on: date
    quiet_until: Instant | None = None


class CitizenDescribed(EventBase):
    """The citizen has another name, if one is given, and it is protected or not from now on."""

    kind: Literal["citizen_described"] = "citizen_described"
    citizen_text: UUID | None = None
    protected: bool
    reason: UUID


class RePinPlanned(EventBase):
    """The course follows other rules from its next visit, or with none no longer will; `ask_left` is as ordered."""

    kind: Literal["re_pin_planned"] = "re_pin_planned"
    rules: RulesReference | None
    ask_left: bool = False
    act: UUID | None = None


class CourseRePinned(EventBase):
    """The course follows other rules from now on; `graces` are of what these would have be a breach at once.

    `asked_left` is all that is asked of steps that were left.
    """

    kind: Literal["course_re_pinned"] = "course_re_pinned"
    before: RulesReference
    rules: RulesReference
    graces: tuple[Grace, ...] = ()
    asked_left: tuple[LeftRequirement, ...] = ()
    act: UUID | None = None


class CourseCompleted(EventBase):
    """The course is closed by a recorded human outcome of which both roles are informed (P9)."""

    kind: Literal["course_completed"] = "course_completed"
    outcome: str


class CourseReopened(EventBase):
    """A completed course is open again."""

    kind: Literal["course_reopened"] = "course_reopened"
    reason: UUID
