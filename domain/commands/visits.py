"""Commands about visits."""

from typing import Literal
from uuid import UUID

from domain.commands.base import CommandBase
from domain.state.briefing import WaiverReason


class WaiveRequirement(CommandBase):
    """Waive a named requirement for one visit; that both are informed cannot be waived (P1)."""

    kind: Literal["waive_requirement"] = "waive_requirement"
    requirement: str
    visit: int | None = None
    waiver: WaiverReason
    reason: UUID


class ReopenVisit(CommandBase):
    """Open a left visit again, because its outcome was wrong."""

    kind: Literal["reopen_visit"] = "reopen_visit"
    visit: int
    reason: UUID
