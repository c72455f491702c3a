"""Commands: what a person, a system or time asks of a course, one model per message."""

from typing import Annotated

from pydantic import Field

from domain.commands.base import CommandBase, PartyClaim, WaiverReason
from domain.commands.clock import PauseCourse, ResumeCourse, TimePassed
from domain.commands.course import CloseCourse, DescribeCitizen, ReopenCourse, StartCourse
from domain.commands.informing import Acknowledge, BriefNow, Dispute
from domain.commands.knowledge import AddNote, ReportFacts, RetractFact, RetractNote, SupersedeFact
from domain.commands.notices import MarkSeen, ReportUnreachable, TakeEscalation
from domain.commands.parties import AddObserver, AssignParty, RemoveObserver
from domain.commands.visits import ReopenVisit, WaiveRequirement

__all__ = [
    "Acknowledge",
    "AddNote",
    "AddObserver",
    "AssignParty",
    "BriefNow",
    "CloseCourse",
    "Command",
    "CommandBase",
    "DescribeCitizen",
    "Dispute",
    "MarkSeen",
    "PartyClaim",
    "PauseCourse",
    "RemoveObserver",
    "ReopenCourse",
    "ReopenVisit",
    "ReportFacts",
    "ReportUnreachable",
    "ResumeCourse",
    "RetractFact",
    "RetractNote",
    "StartCourse",
    "SupersedeFact",
    "TakeEscalation",
    "TimePassed",
    "WaiveRequirement",
    "WaiverReason",
]

Command = Annotated[
    StartCourse
    | ReportFacts
    | RetractFact
    | SupersedeFact
    | AddNote
    | RetractNote
    | BriefNow
    | Acknowledge
    | Dispute
    | AssignParty
    | DescribeCitizen
    | AddObserver
    | RemoveObserver
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
