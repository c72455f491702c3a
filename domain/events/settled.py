"""The event that records how the course stands after a command."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from domain.events.base import EventBase
from domain.state.course import Judgement
from domain.state.waiting import Waiting


class Settled(EventBase):
    """How the course stands after it all, as differences: judgements, waits and the next wake-up (P5, P8)."""

    kind: Literal["settled"] = "settled"
    judgements: dict[int, Judgement] = Field(default_factory=dict)
    opened: tuple[Waiting, ...] = ()
    ended: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    wakeup: datetime | None = None
    calendar: str = ""
