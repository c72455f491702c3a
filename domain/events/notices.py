"""Events of notices and escalations."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.address import Address
from domain.events.base import EventBase
from domain.model import Instant
from domain.state.notice import (
    AppointmentSubject,
    CaseloadSubject,
    CorrectionSubject,
    NewsSubject,
    Subject,
    WaitSubject,
)
from domain.state.waiting import WaitingKey, WaitingOn


class EscalationTaken(EventBase):
    """A supervisor took a silent wait, from `former` if another had it, and looks again at `look_again_at` (P6)."""

    kind: Literal["escalation_taken"] = "escalation_taken"
    escalation: UUID
    waiting: WaitingKey
    look_again_at: Instant
    former: str | None = None
    reason: UUID

    @property
    def visit(self) -> int | None:
        """Return the visit of the wait."""
        return self.waiting.visit


class WaitAnswered(EventBase):
    """Who is asked waits on somebody else until an instant; reminders begin again then (P6)."""

    kind: Literal["wait_answered"] = "wait_answered"
    waiting: WaitingKey
    waiting_on: WaitingOn
    until: Instant
    times: int
    reason: UUID | None = None

    @property
    def visit(self) -> int | None:
        """Return the visit of the wait."""
        return self.waiting.visit


class NoticeRaised(EventBase):
    """Somebody is to be notified; a notice of a wait is done when the wait ends (P7)."""

    kind: Literal["notice_raised"] = "notice_raised"
    notice: UUID
    about: str
    recipient: Address
    subject: Subject

    @property
    def waiting(self) -> WaitingKey | None:
        """Return the wait it is about."""
        return self.subject.key if isinstance(self.subject, WaitSubject) else None

    @property
    def visit(self) -> int | None:
        """Return the visit it is about."""
        if isinstance(self.subject, AppointmentSubject | CorrectionSubject):
            return self.subject.visit
        return self.waiting.visit if self.waiting else None

    @property
    def queued_at(self) -> datetime:
        """Return from when it is in its recipient's list: news from its morning on, all else at once."""
        return self.subject.at if isinstance(self.subject, NewsSubject) else self.at

    @property
    def level(self) -> int | None:
        """Return the rung of a ladder, how often a meeting was changed, or how many courses somebody has."""
        match self.subject:
            case WaitSubject(level=level):
                return level
            case AppointmentSubject(sequence=level) | CaseloadSubject(courses=level):
                return level
        return None


class NoticeSeen(EventBase):
    """A person has seen a notice (P4)."""

    kind: Literal["notice_seen"] = "notice_seen"
    notice: UUID


class RecipientUnreachable(EventBase):
    """A notice could not be delivered outward."""

    kind: Literal["recipient_unreachable"] = "recipient_unreachable"
    notice: UUID
    recipient: Address
