"""Commands of informing: briefings and receipts."""

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


class EndDispute(CommandBase):
    """Say that a dispute is settled, with the staged reason."""

    kind: Literal["end_dispute"] = "end_dispute"
    dispute: UUID
    reason: UUID
