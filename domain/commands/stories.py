"""The commands about a good story of a course: whether there is one, and whether the unit reads it."""

from typing import Literal
from uuid import UUID

from domain.commands.base import CommandBase


class AnswerStory(CommandBase):
    """Answer whether there is a good story: `story` is the id of its staged fields, or None when there is none."""

    kind: Literal["answer_story"] = "answer_story"
    story: UUID | None

    @property
    def keeps_refusal(self) -> bool:
        """Whether a refusal is the answer to every repeat: no, for the question may be asked later."""
        return False


class ApproveStory(CommandBase):
    """Let the unit read a story."""

    kind: Literal["approve_story"] = "approve_story"
    story: UUID


class RemoveStory(CommandBase):
    """Remove a story for good."""

    kind: Literal["remove_story"] = "remove_story"
    story: UUID
