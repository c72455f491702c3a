"""Commands of informing: briefings and receipts."""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from domain.commands.base import CommandBase
from domain.identity import Role
from domain.model import Model
from domain.state.briefing import OnBehalfReason


class BriefNow(CommandBase):
    """Issue the briefing of a visit before its gate is met."""

    kind: Literal["brief_now"] = "brief_now"
    visit: int | None = None


class ReadBriefing(Model):
    """What was read of a visit's briefing: a version by its number, or content by its digest."""

    briefing: int
    version: int | None = None
    digest: str | None = None

    @property
    def named_by(self) -> str:
        """Return the field that says what was read."""
        return "digest" if self.version is None else "version"

    def is_of(self, version: int, digest: str) -> bool:
        """Say whether a version is what was read, by all that names it."""
        is_named = self.version is not None or self.digest is not None
        return is_named and self.version in (None, version) and self.digest in (None, digest)


class Acknowledge(CommandBase):
    """Say that a briefing was read and understood; `briefing` is the number of its visit.

    What was read of it is a version, or content by its digest (`digest` is that of the request's body).
    `also` are the other open briefings that were read. `via` is the system in which the actor said so, where it was
    not here.
    """

    kind: Literal["acknowledge"] = "acknowledge"
    briefing: int
    version: int | None = None
    content_digest: str | None = None
    also: tuple[ReadBriefing, ...] = ()
    role: Role | None = None
    on_behalf_of: str | None = None
    on_behalf_reason: OnBehalfReason | None = None
    via: str | None = None

    @property
    def read(self) -> Mapping[str, ReadBriefing]:
        """Return all that was read, by where the command names it."""
        others = {f"also.{place}.": read for place, read in enumerate(self.also)}
        return {"": ReadBriefing(briefing=self.briefing, version=self.version, digest=self.content_digest), **others}


class TakeBackAcknowledgement(CommandBase):
    """Take one's own receipt of a version back, soon after giving it; `briefing` is the number of its visit."""

    kind: Literal["take_back_acknowledgement"] = "take_back_acknowledgement"
    briefing: int
    version: int


class Dispute(CommandBase):
    """Say that a version is not right, with the staged reason."""

    kind: Literal["dispute"] = "dispute"
    briefing: int
    version: int
    role: Role | None = None
    reason: UUID

    @property
    def keeps_refusal(self) -> bool:
        """Return False: what was refused is judged anew when it is said again in the same words."""
        return False


class EndDispute(CommandBase):
    """Say that a dispute is settled, with the staged reason."""

    kind: Literal["end_dispute"] = "end_dispute"
    dispute: UUID
    reason: UUID
