"""Outward channels: the ways a notice leaves the house. The inbox is not one of them; it is always there."""

from typing import Protocol
from uuid import UUID

from domain.model import Model


class Message(Model):
    """What a channel is asked to carry: the notice's one identity, and no personal text (P7, P10)."""

    notice: UUID
    municipality: str
    recipient: str
    about: str
    course: UUID


class ChannelAwayError(Exception):
    """The channel did not take the message; it may be offered again."""

    code = "channel-away"


class Channel(Protocol):
    """One way outward."""

    name: str

    async def carry(self, message: Message) -> bool:
        """Send the message and say whether its delivery is already certain; raises ChannelAwayError."""
