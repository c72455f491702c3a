"""Events of the clock of the course."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.events.base import EventBase


class CoursePaused(EventBase):
    """The clock stands still since `since`, until `until` if that is known."""

    kind: Literal["course_paused"] = "course_paused"
    since: datetime
    until: datetime | None = None
    reason: UUID


class CourseResumed(EventBase):
    """The clock runs again, since `ended_at` when the pause had an end that came earlier."""

    kind: Literal["course_resumed"] = "course_resumed"
    ended_at: datetime | None = None
    reason: UUID | None = None
