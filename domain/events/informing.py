"""Events of informing: versions, receipts and catching up."""

from typing import Literal
from uuid import UUID

from domain.events.base import EventBase
from domain.identity import Role
from domain.state.briefing import Manifest, OnBehalfReason


class BriefingAsked(EventBase):
    """Somebody asked for the briefing before the gate was met."""

    kind: Literal["briefing_asked"] = "briefing_asked"
    visit: int


class BriefingIssued(EventBase):
    """A version of the briefing was issued; receipts of earlier versions no longer count (P3)."""

    kind: Literal["briefing_issued"] = "briefing_issued"
    visit: int
    version: int
    digest: str
    manifest: Manifest


class BriefingAcknowledged(EventBase):
    """The holder of each of `roles` was informed of a version; `by` is the human who acted (P1), `via` a system."""

    kind: Literal["briefing_acknowledged"] = "briefing_acknowledged"
    visit: int
    version: int
    roles: tuple[Role, ...]
    person: str
    on_behalf: OnBehalfReason | None = None
    via: str | None = None


class AcknowledgementTakenBack(EventBase):
    """Who was informed of a version says soon afterwards that it was a slip; `person` holds `roles` (P1)."""

    kind: Literal["acknowledgement_taken_back"] = "acknowledgement_taken_back"
    visit: int
    version: int
    roles: tuple[Role, ...]
    person: str


class BriefingDisputed(EventBase):
    """A holder of `roles` says that a version is not right."""

    kind: Literal["briefing_disputed"] = "briefing_disputed"
    visit: int
    version: int
    roles: tuple[Role, ...]
    person: str
    reason: UUID


class DisputeEnded(EventBase):
    """A dispute holds the advance no longer; `reason` is the id of the words that say why, where somebody said it.

    Where another command named it, it was `answered_by` the notes and statements of that.
    """

    kind: Literal["dispute_ended"] = "dispute_ended"
    visit: int
    dispute: UUID
    answered_by: tuple[UUID, ...] = ()
    reason: UUID | None = None
