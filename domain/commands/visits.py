"""Commands about visits."""

from datetime import date
from typing import Literal
from uuid import UUID

from domain.commands.base import CommandBase
from domain.identity import Role
from domain.model import Instant
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


class StopVisit(CommandBase):
    """Say in one act that what is done in an open visit stopped: its last day, by whom, and why in a staged `note`.

    Why may be said later.
    """

    kind: Literal["stop_visit"] = "stop_visit"
    visit: int
    last_day: date
    stopped_by: str
    note: UUID | None = None


class DeclineAppointment(CommandBase):
    """Say that one cannot come to a meeting, as holder of a role or its cover, with another time or staged words."""

    kind: Literal["decline_appointment"] = "decline_appointment"
    appointment: str
    visit: int | None = None
    role: Role | None = None
    another_time: Instant | None = None
    reason: UUID | None = None


class AcceptAppointment(CommandBase):
    """Say that one can come after all."""

    kind: Literal["accept_appointment"] = "accept_appointment"
    appointment: str
    visit: int | None = None
    role: Role | None = None
