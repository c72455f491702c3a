"""Commands about notices and escalations."""

from datetime import date
from typing import Literal
from uuid import UUID

from domain.address import Address
from domain.commands.base import CommandBase
from domain.model import Instant
from domain.state.waiting import WaitingOn


class MarkSeen(CommandBase):
    """Note that a person has seen a notice; seeing is not acknowledging (P4)."""

    kind: Literal["mark_seen"] = "mark_seen"
    notice: UUID


class TakeEscalation(CommandBase):
    """Take a wait of which the supervisors were told, and look again on the next working day or when it is said.

    What another supervisor has is taken from that person only by a command that `takes_over`.
    """

    kind: Literal["take_escalation"] = "take_escalation"
    escalation: UUID
    look_again_at: Instant | None = None
    takes_over: bool = False
    reason: UUID


class AnswerWait(CommandBase):
    """Say on whom one waits who is asked, and until which day; `waiting` is the key of the wait as a text."""

    kind: Literal["answer_wait"] = "answer_wait"
    waiting: str
    waiting_on: WaitingOn
    until: date
    reason: UUID | None = None


class ReportUnreachable(CommandBase):
    """Note that a notice could not be delivered outward."""

    kind: Literal["report_unreachable"] = "report_unreachable"
    notice: UUID
    recipient: Address
