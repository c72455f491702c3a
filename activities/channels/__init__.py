"""Outward channels, by which notices reach people outside Fodslag's own inbox."""

from typing import Protocol
from uuid import UUID

from domain.model import Instant, Model
from rules.language.formats import Language


class Member(Model):
    """A notice that a batch brings; one about an absence is of no course."""

    notice: UUID
    about: str
    course: UUID | None


class Invitation(Model):
    """What a calendar program reads: an iCalendar file, and what it is to do with it (RFC 5546)."""

    method: str
    file: str


class Mail(Model):
    """What a person reads of a batch, in his language, and the address it goes to; None where there is none.

    One that brings a meeting has an `invitation`, for the person's calendar; a list may end with a good `story`.
    """

    to: str | None
    language: Language
    subject: str
    text: str
    html: str
    invitation: Invitation | None = None
    story: UUID | None = None


class Batch(Model):
    """What a channel brings one person at once, with one identity however often it is sent (P7)."""

    id: UUID
    municipality: str
    recipient: str
    at: Instant
    members: tuple[Member, ...]
    mail: Mail | None = None


class ChannelAwayError(Exception):
    """The channel certainly did not take the batch; another attempt may succeed."""

    code = "channel-away"


class RejectedError(ChannelAwayError):
    """The channel certainly did not take the batch, and never will for this person."""

    code = "rejected"


class Channel(Protocol):
    """One outward channel; one that `gathers` brings mails, what can wait in the lists of the day, and invitations.

    Others bring everything at once, and no words.
    """

    name: str
    gathers: bool

    async def carry(self, batch: Batch) -> bool:
        """Send the batch and return whether it is certainly delivered.

        Raises ChannelAwayError when it was certainly not taken. Any other error, or an answer that comes too late,
        leaves open whether it was; it is sent again as it is, under the same id.
        """
