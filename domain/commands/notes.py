"""Commands about notes: knowledge in words."""

from typing import Literal
from uuid import UUID

from domain.commands.base import CommandBase
from domain.identity import Role
from domain.model import Model
from domain.state.facts import Audience, RetractionGround


class NewNote(Model):
    """Knowledge in words to be added; `note` is the id of the staged text.

    It `answers` a question, or a dispute, which it settles.
    What `may_wait` makes no version of a briefing that is issued, and is content of the next one.
    """

    note: UUID
    note_kind: str
    audience: Audience = Audience.BOTH
    changes_the_agreement: bool = False
    may_wait: bool = False
    may_tell_company: bool = False
    to: Role | None = None
    answers: UUID | None = None


class AddNotes(CommandBase):
    """Add notes, all or none, to one visit if it is named.

    `acknowledge` is the version that the writer has read, or the digest of what he was shown would follow.
    """

    kind: Literal["add_notes"] = "add_notes"
    notes: tuple[NewNote, ...]
    visit: int | None = None
    acknowledge: int | str | None = None

    @property
    def keeps_refusal(self) -> bool:
        """What was shown names the report and not the request, so its refusal passes."""
        return not isinstance(self.acknowledge, str)


class SupersedeNote(CommandBase):
    """Put right words, staged as `right`, in the place of a note's; `reason` may be left out while it is a slip."""

    kind: Literal["supersede_note"] = "supersede_note"
    note: UUID
    right: UUID
    reason: UUID | None = None


class RemoveText(CommandBase):
    """Hide words of another citizen, whatever they belong to, until a second person agrees (P10).

    `text` is the id of what was staged, and `audience` those who may read it.
    """

    kind: Literal["remove_text"] = "remove_text"
    text: UUID
    audience: Audience = Audience.BOTH
    reason: UUID


class RetractNote(CommandBase):
    """Take back a note, on a `ground`; one of the `wrong_citizen` is hidden until a second person agrees (P10).

    `instead` are the right words of what was kept of a former course, staged, where they were put right in that.
    """

    kind: Literal["retract_note"] = "retract_note"
    note: UUID
    reason: UUID
    wrong_citizen: bool = False
    ground: RetractionGround = RetractionGround.WAS_WRONG
    instead: UUID | None = None
