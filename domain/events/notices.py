"""Events of notices and escalations."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.events.base import EventBase


class EscalationTaken(EventBase):
    """A supervisor took a silent wait, from `former` if another had it, and looks again at `look_again_at` (P6)."""

    kind: Literal["escalation_taken"] = "escalation_taken"
    escalation: UUID
    waiting: str
    visit: int | None = None
    look_again_at: datetime
    former: str | None = None
    reason: UUID


class NoticeRaised(EventBase):
    """Somebody is to be told: `about` names what, `waiting` the wait whose end makes it moot (P7).

    `level` is the rung of a ladder, how often a meeting was changed, or how many courses somebody has.
    """

    kind: Literal["notice_raised"] = "notice_raised"
    notice: UUID
    about: str
    recipient: str
    visit: int | None = None
    version: int | None = None
    level: int | None = None
    waiting: str | None = None


class NoticeSeen(EventBase):
    """A person has seen a notice (P4)."""

    kind: Literal["notice_seen"] = "notice_seen"
    notice: UUID


class RecipientUnreachable(EventBase):
    """A notice could not be delivered outward."""

    kind: Literal["recipient_unreachable"] = "recipient_unreachable"
    notice: UUID
    recipient: str
