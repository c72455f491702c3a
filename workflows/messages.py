"""The messages that cross Temporal: what a course is started with, what a command is answered, what apply returns."""

from datetime import datetime
from typing import Final
from uuid import UUID

from domain.address import Address
from domain.commands import Command
from domain.errors import Problem
from domain.events import Event
from domain.model import Model
from domain.state.course import CourseState

COURSE_QUEUE: Final = "fodslag"
NOTICE_QUEUE: Final = "fodslag-notices"
COMMAND_UPDATE: Final = "command"
COURSE_QUERY: Final = "course"


class Answer(Model):
    """What the sender of a command is told; `moved` asks him to send it again to the run that follows (P7).

    `revision` is the one the command gave, `course_revision` that of the course by now, if who answered knew it.
    """

    command: UUID
    digest: str = ""
    revision: int = 0
    course_revision: int = 0
    refused: tuple[Problem, ...] = ()
    moved: bool = False


class NoticeOrder(Model):
    """One notice to deliver outward; the words are composed at the moment of delivery."""

    municipality: str
    course: UUID
    notice: UUID
    recipient: Address


class ApplyRequest(Model):
    """The command to apply at `now` (UTC) to the state that `workflows.state_holder` holds at `revision`."""

    revision: int
    command: Command
    now: datetime


class Applied(Model):
    """What apply did: events to evolve by, or a snapshot to adopt when the store was ahead; and notices to start."""

    answer: Answer
    events: tuple[Event, ...] = ()
    adopted: CourseState | None = None
    revision: int = 0
    epoch: int = 1
    digest: str = ""
    notices: tuple[NoticeOrder, ...] = ()


class CourseInput(Model):
    """What a run of a course begins with; a first run, or one that lost its state, adopts the store's."""

    course: UUID
    municipality: str
    state: CourseState | None = None
    queue: tuple[Command, ...] = ()
    orders: tuple[NoticeOrder, ...] = ()


class Attempt(Model):
    """One attempt to deliver an order at `now` (UTC)."""

    order: NoticeOrder
    now: datetime


class Delivery(Model):
    """The result of one attempt: delivered, moot because its cause has gone, or to be tried at `again_at`."""

    delivered: bool = False
    moot: bool = False
    again_at: datetime | None = None
