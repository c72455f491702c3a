"""What a citizen's former course knew at its close, proposed to the course that follows it (P13).

The caseworker goes through the proposals with the citizen: each is kept, as a note of the new course, or dropped.
"""

from enum import StrEnum
from uuid import UUID

from domain.model import Model
from domain.state.facts import Audience, Fact, FormerEntry


class DropGround(StrEnum):
    """Why a proposal is not kept; `erased` when the former course does not have it any more."""

    NO_LONGER_TRUE = "no_longer_true"
    WAS_WRONG = "was_wrong"
    NOT_RELEVANT = "not_relevant"
    ERASED = "erased"


class Proposal(Model):
    """One thing that a former course knew: a note, or the `facts` that tell what one of its visits taught.

    What a visit taught has that `visit` and its workplace; knowledge has none, for it holds wherever it was learned.
    """

    kind: str
    audience: Audience = Audience.BOTH
    former: FormerEntry
    visit: int | None = None
    p_number: str | None = None
    facts: tuple[Fact, ...] = ()

    @property
    def id(self) -> UUID:
        """Return the id by which it is kept or dropped: that of the entry of the former course."""
        return self.former.id


class KeptProposal(Model):
    """A proposal that is kept, whose words are staged as `note`, the id of a text of the new course."""

    note: UUID
    note_kind: str
    audience: Audience = Audience.BOTH
    former: FormerEntry


class DroppedProposal(Model):
    """A proposal that is not kept, and why."""

    proposal: UUID
    ground: DropGround
