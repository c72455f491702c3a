"""Events: what has happened to a course. They are the journal and what Temporal's history records.

A new event is a model in the module of its subject, a line of `Event`, and a function in `domain.evolve`.
"""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from domain.events.base import EventBase as EventBase
from domain.events.clock import CoursePaused, CourseResumed, Settled
from domain.events.company_sheets import ApprovalWithdrawn, CompanyTold, NoteApproved, SheetIssued, SheetStopped
from domain.events.course import (
    CitizenDescribed,
    CourseCompleted,
    CourseReopened,
    CourseRePinned,
    CourseStarted,
    RePinPlanned,
)
from domain.events.facts import BasisCorrected, FactRetracted, FactsReported, RemovalAgreed
from domain.events.informing import (
    AcknowledgementTakenBack,
    BriefingAcknowledged,
    BriefingAsked,
    BriefingDisputed,
    BriefingIssued,
    DisputeEnded,
)
from domain.events.notes import NoteAdded, NoteRetracted, TextRemoved
from domain.events.notices import EscalationTaken, NoticeRaised, NoticeSeen, RecipientUnreachable, WaitAnswered
from domain.events.parties import ObserverAdded, ObserverRemoved, PartyAssigned, RolesSeparated, RolesShared
from domain.events.proposals import ProposalsReviewed
from domain.events.stories import StoryAnswered, StoryApproved, StoryRemoved
from domain.events.visits import (
    AppointmentAccepted,
    AppointmentCancelled,
    AppointmentDeclined,
    AppointmentMade,
    AttendeesChanged,
    RequirementWaived,
    VisitBranched,
    VisitEntered,
    VisitLeft,
    VisitReopened,
    VisitWithdrawn,
    WentAhead,
)
from domain.upcast import upcast

Event = Annotated[
    CourseStarted
    | CitizenDescribed
    | RePinPlanned
    | CourseRePinned
    | PartyAssigned
    | RolesShared
    | RolesSeparated
    | ObserverAdded
    | ObserverRemoved
    | FactsReported
    | FactRetracted
    | BasisCorrected
    | RemovalAgreed
    | NoteAdded
    | NoteRetracted
    | ProposalsReviewed
    | TextRemoved
    | BriefingAsked
    | BriefingIssued
    | BriefingAcknowledged
    | AcknowledgementTakenBack
    | BriefingDisputed
    | DisputeEnded
    | RequirementWaived
    | VisitEntered
    | VisitLeft
    | VisitBranched
    | VisitReopened
    | VisitWithdrawn
    | WentAhead
    | AppointmentMade
    | AttendeesChanged
    | AppointmentCancelled
    | AppointmentDeclined
    | AppointmentAccepted
    | NoteApproved
    | ApprovalWithdrawn
    | SheetIssued
    | CompanyTold
    | SheetStopped
    | StoryAnswered
    | StoryApproved
    | StoryRemoved
    | CoursePaused
    | CourseResumed
    | CourseCompleted
    | CourseReopened
    | EscalationTaken
    | WaitAnswered
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
