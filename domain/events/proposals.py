"""The event of what a citizen's former course knew: somebody went through it with the citizen."""

from typing import Literal
from uuid import UUID

from domain.events.base import EventBase
from domain.state.proposals import DroppedProposal


class ProposalsReviewed(EventBase):
    """Proposals of the former course were kept, each as a note that was added with it, or dropped (P13)."""

    kind: Literal["proposals_reviewed"] = "proposals_reviewed"
    kept: tuple[UUID, ...] = ()
    dropped: tuple[DroppedProposal, ...] = ()
