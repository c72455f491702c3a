"""Outward channels, by which a notice reaches people outside Fodslag's own inbox."""

from typing import Protocol
from uuid import UUID

from domain.model import Model


class Message(Model):
    """The message to a person, with one identity however often it is sent, and no personal text (P7, P10)."""

    id: UUID
    notice: UUID
    municipality: str
    recipient: str
    about: str
    course: UUID


class ChannelAwayError(Exception):
    """The channel certainly did not take the message; another attempt may succeed."""

    code = "channel-away"


class Channel(Protocol):
    """One outward channel."""

    name: str

    async def carry(self, message: Message) -> bool:
        """Send the message and return whether it is certainly delivered.

        Raises ChannelAwayError when it was certainly not taken. Any other error, or an answer that comes too late,
        leaves open whether it was; it is sent again under the same id.
        """
