"""Events of facts: what was reported, and what was taken back."""

from typing import Literal
from uuid import UUID

from domain.events.base import EventBase
from domain.state.briefing import Correction
from domain.state.facts import Fact


class FactsReported(EventBase):
    """Facts were reported."""

    kind: Literal["facts_reported"] = "facts_reported"
    facts: tuple[Fact, ...]
    source_event_id: str | None = None
    reason: UUID | None = None


class FactRetracted(EventBase):
    """A statement was taken back; `superseded_by` is the one that stands in its place.

    One of the `wrong_citizen` was removed from everything that is read as well (P10); `name` is that of its fact.
    """

    kind: Literal["fact_retracted"] = "fact_retracted"
    fact: UUID
    reason: UUID
    superseded_by: UUID | None = None
    wrong_citizen: bool = False
    name: str | None = None


class BasisCorrected(EventBase):
    """What a left visit rested on proved wrong (P13)."""

    kind: Literal["basis_corrected"] = "basis_corrected"
    correction: Correction


class RemovalAgreed(EventBase):
    """A second person agreed that a fact or note was of another citizen, and it was erased for good (P10)."""

    kind: Literal["removal_agreed"] = "removal_agreed"
    entry: UUID
