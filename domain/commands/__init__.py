"""Commands: what a person, a system or time asks of a course, one model per message.

A new command is a model in the module of its subject, and a line of `Command`.
"""

from typing import Annotated

from pydantic import Field

from domain.commands.base import CommandBase as CommandBase
from domain.commands.clock import PauseCourse, ResumeCourse, TimePassed
from domain.commands.company_sheets import ApproveNote, IssueSheet, TellCompany, WithdrawApproval
from domain.commands.course import CloseCourse, DescribeCitizen, ReopenCourse, RePinCourse, StartCourse
from domain.commands.facts import RemoveFact, ReportFacts, RetractFact, SupersedeFact
from domain.commands.informing import Acknowledge, BriefNow, Dispute, EndDispute, TakeBackAcknowledgement
from domain.commands.informing import ReadBriefing as ReadBriefing
from domain.commands.notes import AddNotes, RemoveText, RetractNote, SupersedeNote
from domain.commands.notes import NewNote as NewNote
from domain.commands.notices import AnswerWait, MarkSeen, ReportUnreachable, TakeEscalation
from domain.commands.parties import AddObserver, AssignParty, RemoveObserver, SeparateRoles, ShareRoles
from domain.commands.parties import PartyClaim as PartyClaim
from domain.commands.proposals import ReviewProposals
from domain.commands.stories import AnswerStory, ApproveStory, RemoveStory
from domain.commands.visits import (
    AcceptAppointment,
    DeclineAppointment,
    ReopenVisit,
    StopVisit,
    WaiveRequirement,
)
from domain.state.briefing import WaiverReason as WaiverReason

Command = Annotated[
    StartCourse
    | ReportFacts
    | RetractFact
    | RemoveFact
    | SupersedeFact
    | AddNotes
    | RetractNote
    | RemoveText
    | SupersedeNote
    | ReviewProposals
    | BriefNow
    | Acknowledge
    | TakeBackAcknowledgement
    | Dispute
    | EndDispute
    | AssignParty
    | ShareRoles
    | SeparateRoles
    | DescribeCitizen
    | RePinCourse
    | AddObserver
    | RemoveObserver
    | PauseCourse
    | ResumeCourse
    | WaiveRequirement
    | CloseCourse
    | ReopenCourse
    | ReopenVisit
    | StopVisit
    | DeclineAppointment
    | AcceptAppointment
    | ApproveNote
    | WithdrawApproval
    | IssueSheet
    | TellCompany
    | AnswerStory
    | ApproveStory
    | RemoveStory
    | MarkSeen
    | TakeEscalation
    | AnswerWait
    | ReportUnreachable
    | TimePassed,
    Field(discriminator="kind"),
]
