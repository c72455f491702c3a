"""Commands about time: pausing, resuming, and time that passed."""

from typing import Literal
from uuid import UUID

from domain.commands.base import CommandBase
from domain.model import Instant


class PauseCourse(CommandBase):
    """Stop the clock, from an earlier instant if so, until an instant if known."""

    kind: Literal["pause_course"] = "pause_course"
    reason: UUID
    since: Instant | None = None
    until: Instant | None = None


class ResumeCourse(CommandBase):
    """Let the clock run again."""

    kind: Literal["resume_course"] = "resume_course"
    reason: UUID | None = None


class TimePassed(CommandBase):
    """Note that an instant the course waited for has come."""

    kind: Literal["time_passed"] = "time_passed"

    @property
    def keeps_refusal(self) -> bool:
        """Nobody is answered, and time that changed nothing leaves no row."""
        return False
