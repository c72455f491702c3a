"""The command about what a citizen's former course knew: what of it is kept, and what is dropped."""

from typing import Literal

from domain.commands.base import CommandBase
from domain.state.proposals import DroppedProposal, KeptProposal


class ReviewProposals(CommandBase):
    """Keep some proposals of the former course as notes and drop others; one that was reviewed before stays so."""

    kind: Literal["review_proposals"] = "review_proposals"
    keep: tuple[KeptProposal, ...] = ()
    drop: tuple[DroppedProposal, ...] = ()
