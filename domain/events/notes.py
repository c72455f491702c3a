"""Events of notes and other words: what was added, taken back and removed."""

from typing import Literal
from uuid import UUID

from domain.events.base import EventBase
from domain.state.facts import Audience, Note, RetractionGround


class NoteAdded(EventBase):
    """A note was added; a note that answers a question ends its waiting."""

    kind: Literal["note_added"] = "note_added"
    note: Note
    answers: UUID | None = None


class NoteRetracted(EventBase):
    """A note was taken back; the text of one of the `wrong_citizen` is not read any more (P10).

    `superseded_by` is the one that stands in its place; its author gives no `reason` for correcting a slip.
    """

    kind: Literal["note_retracted"] = "note_retracted"
    note: UUID
    reason: UUID | None = None
    wrong_citizen: bool = False
    ground: RetractionGround = RetractionGround.WAS_WRONG
    superseded_by: UUID | None = None


class TextRemoved(EventBase):
    """Words of another citizen are not read any more, whatever they belonged to (P10)."""

    kind: Literal["text_removed"] = "text_removed"
    text: UUID
    audience: Audience = Audience.BOTH
    reason: UUID
