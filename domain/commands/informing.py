"""Commands of informing: briefings, receipts, notices and the ladders of silent waits."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.commands.base import CommandBase
from domain.identity import Role
from domain.state.briefing import OnBehalfReason


class BriefNow(CommandBase):
    """Issue the briefing of a visit before its gate is met."""

    kind: Literal["brief_now"] = "brief_now"
    visit: int | None = None


class Acknowledge(CommandBase):
    """Say that a version was read and understood; `briefing` is the number of its visit.

    `via` is the system in which the actor said so, where it was not here.
    """

    kind: Literal["acknowledge"] = "acknowledge"
    briefing: int
    version: int
    role: Role | None = None
    on_behalf_of: str | None = None
    on_behalf_reason: OnBehalfReason | None = None
    via: str | None = None


class Dispute(CommandBase):
    """Say that a version is not right, with the staged reason."""

    kind: Literal["dispute"] = "dispute"
    briefing: int
    version: int
    role: Role | None = None
    reason: UUID


class MarkSeen(CommandBase):
    """Note that a person has seen a notice; seeing is not acknowledging (P4)."""

    kind: Literal["mark_seen"] = "mark_seen"
    notice: UUID


class TakeEscalation(CommandBase):
    """Take a wait of which the supervisors were told, and look again on the next working day or when it is said."""

    kind: Literal["take_escalation"] = "take_escalation"
    escalation: UUID
    look_again_at: datetime | None = None
    reason: UUID


class ReportUnreachable(CommandBase):
    """Note that a notice could not be delivered outward."""

    kind: Literal["report_unreachable"] = "report_unreachable"
    notice: UUID
    recipient: str
