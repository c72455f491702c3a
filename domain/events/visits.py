"""Events of the visits to steps: entered, advanced, corrected, overtaken by reality."""

from datetime import date
from typing import Literal
from uuid import UUID

from domain.events.base import EventBase
from domain.identity import Role
from domain.model import Instant
from domain.state.briefing import WaiverReason


class RequirementWaived(EventBase):
    """A requirement was waived for one visit."""

    kind: Literal["requirement_waived"] = "requirement_waived"
    visit: int
    requirement: str
    waiver: WaiverReason
    reason: UUID


class VisitEntered(EventBase):
    """A step was entered; `entered_on` is when it began in reality (P11).

    `left_at` is of a course that was taken over: then it was left there, and nobody here was informed of it.
    """

    kind: Literal["visit_entered"] = "visit_entered"
    visit: int
    step: str
    ordinal: int
    entered_on: date
    follows: int | None = None
    left_at: Instant | None = None


class VisitLeft(EventBase):
    """A visit was advanced to the next steps or to closing, both roles informed of `version` (P1).

    `joined` are the visits to those steps that were open beside it and go on; what was told ahead is told of them.
    `asked_anew` are the steps of which what was told ahead was of another workplace than where the course goes now.
    """

    kind: Literal["visit_left"] = "visit_left"
    visit: int
    version: int
    to: tuple[str, ...] = ()
    joined: tuple[int, ...] = ()
    asked_anew: tuple[str, ...] = ()
    closing: str | None = None


class VisitBranched(EventBase):
    """Steps were entered beside a visit that goes on, both roles informed of `version`, which is used up by it (P1).

    `asked_anew` are the steps of which what was told ahead was of another workplace than where the course goes now.
    """

    kind: Literal["visit_branched"] = "visit_branched"
    visit: int
    version: int
    to: tuple[str, ...]
    asked_anew: tuple[str, ...] = ()


class VisitReopened(EventBase):
    """A left visit is open again."""

    kind: Literal["visit_reopened"] = "visit_reopened"
    visit: int
    reason: UUID


class VisitWithdrawn(EventBase):
    """A visit that was entered by a mistake since corrected; what was reported there waits for the right one."""

    kind: Literal["visit_withdrawn"] = "visit_withdrawn"
    visit: int


class WentAhead(EventBase):
    """Reality is at `step` although the course holds it until both are informed (P11)."""

    kind: Literal["went_ahead"] = "went_ahead"
    step: str
    fact: UUID


class AppointmentMade(EventBase):
    """Both roles are to meet on a day, at a Danish wall time and a P-number if known; a higher sequence moves it.

    `told` are who is to come. Or the meeting was `held` on that day.
    """

    kind: Literal["appointment_made"] = "appointment_made"
    visit: int
    appointment: str
    day: date
    time: str | None = None
    place: str | None = None
    sequence: int
    told: tuple[str, ...] = ()
    held: bool = False


class AttendeesChanged(EventBase):
    """Others than before are to come to the meeting, all of whom are `told`."""

    kind: Literal["attendees_changed"] = "attendees_changed"
    visit: int
    appointment: str
    sequence: int
    told: tuple[str, ...]


class AppointmentCancelled(EventBase):
    """The meeting is not to be."""

    kind: Literal["appointment_cancelled"] = "appointment_cancelled"
    visit: int
    appointment: str
    sequence: int


class AppointmentDeclined(EventBase):
    """Those who hold these roles cannot come to the meeting; it stands until its day or time is changed."""

    kind: Literal["appointment_declined"] = "appointment_declined"
    visit: int
    appointment: str
    roles: tuple[Role, ...]
    another_time: Instant | None = None
    reason: UUID | None = None


class AppointmentAccepted(EventBase):
    """Those who hold these roles can come to the meeting after all."""

    kind: Literal["appointment_accepted"] = "appointment_accepted"
    visit: int
    appointment: str
    roles: tuple[Role, ...]
