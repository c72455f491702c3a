"""Events: what has happened to a course. They are the journal and what Temporal's history records."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from domain.events.base import EventBase
from domain.events.clock import CoursePaused, CourseResumed
from domain.events.course import CitizenDescribed, CourseCompleted, CourseReopened, CourseStarted
from domain.events.informing import (
    BriefingAcknowledged,
    BriefingAsked,
    BriefingDisputed,
    BriefingIssued,
    CatchUpOpened,
    CaughtUp,
)
from domain.events.knowledge import FactRetracted, FactsReported, NoteAdded, NoteRetracted
from domain.events.notices import EscalationTaken, NoticeRaised, NoticeSeen, RecipientUnreachable
from domain.events.parties import ObserverAdded, ObserverRemoved, PartyAssigned
from domain.events.settled import Settled
from domain.events.visits import (
    AppointmentCancelled,
    AppointmentMade,
    RequirementWaived,
    VisitBranched,
    VisitEntered,
    VisitLeft,
    VisitReopened,
    VisitWithdrawn,
    WentAhead,
)
from domain.upcast import upcast

__all__ = [
    "AppointmentCancelled",
    "AppointmentMade",
    "BriefingAcknowledged",
    "BriefingAsked",
    "BriefingDisputed",
    "BriefingIssued",
    "CatchUpOpened",
    "CaughtUp",
    "CitizenDescribed",
    "CourseCompleted",
    "CoursePaused",
    "CourseReopened",
    "CourseResumed",
    "CourseStarted",
    "EscalationTaken",
    "Event",
    "EventBase",
    "FactRetracted",
    "FactsReported",
    "NoteAdded",
    "NoteRetracted",
    "NoticeRaised",
    "NoticeSeen",
    "ObserverAdded",
    "ObserverRemoved",
    "PartyAssigned",
    "RecipientUnreachable",
    "RequirementWaived",
    "Settled",
    "VisitBranched",
    "VisitEntered",
    "VisitLeft",
    "VisitReopened",
    "VisitWithdrawn",
    "WentAhead",
    "read_event",
]

Event = Annotated[
    CourseStarted
    | CitizenDescribed
    | PartyAssigned
    | ObserverAdded
    | ObserverRemoved
    | FactsReported
    | FactRetracted
    | NoteAdded
    | NoteRetracted
    | BriefingAsked
    | BriefingIssued
    | BriefingAcknowledged
    | BriefingDisputed
    | CatchUpOpened
    | CaughtUp
    | RequirementWaived
    | VisitEntered
    | VisitLeft
    | VisitBranched
    | VisitReopened
    | VisitWithdrawn
    | WentAhead
    | AppointmentMade
    | AppointmentCancelled
    | CoursePaused
    | CourseResumed
    | CourseCompleted
    | CourseReopened
    | EscalationTaken
    | NoticeRaised
    | NoticeSeen
    | RecipientUnreachable
    | Settled,
    Field(discriminator="kind"),
]

_ADAPTER: TypeAdapter[Event] = TypeAdapter(Event)


def read_event(stored: dict[str, Any]) -> Event:
    """Return a stored event in today's shape; older shapes are upcast on the way in.

    Raises pydantic.ValidationError for what was never an event.
    """
    return _ADAPTER.validate_python(upcast(stored))
