"""Events of the clock: pauses, and how the course stands after a command: its waits and its next wake-up."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from domain.events.base import EventBase
from domain.model import Instant
from domain.state.news import News
from domain.state.verdict import Judgement
from domain.state.waiting import Waiting, WaitingKey


class CoursePaused(EventBase):
    """The clock stands still since `since`, until `until` if that is known."""

    kind: Literal["course_paused"] = "course_paused"
    since: Instant
    until: Instant | None = None
    reason: UUID


class CourseResumed(EventBase):
    """The clock runs again, since `ended_at` when the pause had an end that came earlier."""

    kind: Literal["course_resumed"] = "course_resumed"
    ended_at: Instant | None = None
    reason: UUID | None = None


class Settled(EventBase):
    """How the course stands after it all, as differences: judgements, waits, news and the next wake-up (P5, P8)."""

    kind: Literal["settled"] = "settled"
    judgements: dict[int, Judgement] = Field(default_factory=dict)
    opened: tuple[Waiting, ...] = ()
    ended: tuple[WaitingKey, ...] = ()
    news: tuple[News, ...] = ()
    news_ended: tuple[UUID, ...] = ()
    ahead: tuple[str, ...] = ()
    wakeup: Instant | None = None
    calendar: str = ""
