"""The events of a good story: it was told or there is none, it was approved, it was removed."""

from typing import Literal
from uuid import UUID

from domain.events.base import EventBase


class StoryAnswered(EventBase):
    """Whether there is a good story was answered; its fields are in the store under the id `story` alone."""

    kind: Literal["story_answered"] = "story_answered"
    story: UUID | None


class StoryApproved(EventBase):
    """A leader let the unit read the story."""

    kind: Literal["story_approved"] = "story_approved"


class StoryRemoved(EventBase):
    """The story was removed, and its fields were erased (P10)."""

    kind: Literal["story_removed"] = "story_removed"
