"""What every command carries, and what several of them name."""

from enum import StrEnum
from uuid import UUID

from domain.identity import Actor
from domain.model import Model


class CommandBase(Model):
    """What every command carries: its identity, who asks, the body's keyed digest and the logs' correlation id (P7)."""

    id: UUID
    actor: Actor
    digest: str = ""
    expected_revision: int | None = None
    correlation: str | None = None


class PartyClaim(Model):
    """Who shall hold a role: a person, or a unit's queue."""

    person: str | None = None
    unit: str | None = None


class WaiverReason(StrEnum):
    """Why a requirement is waived for one visit."""

    NOT_RELEVANT = "not_relevant"
    DONE_ELSEWHERE = "done_elsewhere"
    DISPROPORTIONATE = "disproportionate"
    OTHER = "other"
