"""The messages that cross Temporal: inputs of workflows and activities, and their results."""

from datetime import datetime
from typing import Final
from uuid import UUID

from domain.commands import Command
from domain.errors import Problem
from domain.events import Event
from domain.model import Model
from domain.state.course import CourseState

COURSE_QUEUE: Final = "fodslag"
COURIER_QUEUE: Final = "fodslag-courier"
COMMAND_UPDATE: Final = "command"
COURSE_QUERY: Final = "course"


class NoteMade(Model):
    """A note that a command added, and the visit to which it did."""

    id: UUID
    kind: str
    visit: int


class Answer(Model):
    """The answer to the sender of a command; `has_moved` asks to send it again to the run that follows (P7).

    `revision` is the one the command made, `course_revision` the course's newest, 0 where it was not known.
    `notes` are those that the command added, in their order.
    """

    command: UUID
    digest: str = ""
    revision: int = 0
    course_revision: int = 0
    refused: tuple[Problem, ...] = ()
    notes: tuple[NoteMade, ...] = ()
    has_moved: bool = False


class ApplyRequest(Model):
    """The command to apply at `now` (UTC) to the state that `workflows.state_holder` holds at `revision`."""

    revision: int
    command: Command
    now: datetime


class Applied(Model):
    """The result of `apply`: events, or a snapshot to adopt when the store was ahead."""

    answer: Answer
    events: tuple[Event, ...] = ()
    adopted: CourseState | None = None
    revision: int = 0
    epoch: int = 1
    digest: str = ""


class CourseInput(Model):
    """The input of a run; a run without a state adopts the one in the store, if there is one."""

    course: UUID
    municipality: str
    state: CourseState | None = None
    queue: tuple[Command, ...] = ()
