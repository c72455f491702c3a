"""What a notice is about, as a model of its own for each kind of subject (P7)."""

from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from domain.identity import Role
from domain.model import Instant, Model
from domain.state.waiting import WaitingKey

APPOINTMENT: Final = "appointment"
"""About what the notice of a meeting is."""
BEGINS: Final = "begins"
"""About what the notice is that something begins on the next working day and a receipt is missing."""
COMPLETED: Final = "completed"
"""About what the notice is that the course is closed."""
CORRECTION: Final = "correction"
"""About what the notice is that what a left step rested on proved wrong."""
LOOK_AGAIN: Final = "look_again"
"""About what the notice is to a supervisor that it is time to look again at a wait taken."""
NEWS: Final = "news"
"""About what the notice of news is."""
TAKEN_OVER: Final = "taken_over"
"""About what the notice is to a supervisor that another one took a wait from him."""
TO_SUPERVISOR: Final = frozenset({LOOK_AGAIN, TAKEN_OVER})
"""About what a notice to one person is that is to him as a supervisor; all others are to who holds a role."""
HAND_OVER: Final = "hand_over"
"""About what the notice is to who will be away and in whose courses something falls due then."""
HANDED_OVER: Final = "handed_over"
"""About what the notice is to who covers, once the absent person has handed over."""
WITHOUT_COVER: Final = "without_cover"
"""About what the notice is to the supervisors of courses in which nobody covers."""


class WaitSubject(Model):
    """A wait that began at `since`, and the rung that it has reached.

    `look_again_at` is set for a supervisor who took the wait and is to look again; `command` is the hand-over by which
    another supervisor took it; `answered` counts the answers after which the rungs begin anew.
    `begins` is the day on which that begins which the wait holds.
    """

    kind: Literal["wait"] = "wait"
    key: WaitingKey
    since: Instant
    level: int | None = None
    look_again_at: Instant | None = None
    command: UUID | None = None
    answered: int | None = None
    begins: date | None = None


class AppointmentSubject(Model):
    """A meeting in a visit; `sequence` rises whenever anybody is told of it, and who is `released` is not to come."""

    kind: Literal["appointment"] = "appointment"
    visit: int
    appointment: str
    sequence: int
    released: bool = False


class StepSubject(Model):
    """A step that reality is at although the course holds it, and the fact that says so (P11)."""

    kind: Literal["step"] = "step"
    step: str
    fact: UUID


class CorrectionSubject(Model):
    """A left visit, and the fact, or the note, on which it rested and of which a `statement` proved wrong (P13)."""

    kind: Literal["correction"] = "correction"
    visit: int
    fact: str | None = None
    statement: UUID


class CaseloadSubject(Model):
    """How many courses the holder of a role has since the hand-over numbered `generation`."""

    kind: Literal["caseload"] = "caseload"
    role: Role
    generation: int
    courses: int


class NoticeSubject(Model):
    """A notice that could not be delivered outward."""

    kind: Literal["notice"] = "notice"
    notice: UUID


class NewsSubject(Model):
    """What is new to a person from the instant `at`, which is a line in his inbox from then on (P13).

    What he reported himself while away is new `for_cover` alone: a line in the inbox of whoever covers for him then.
    """

    kind: Literal["news"] = "news"
    person: str
    at: Instant
    for_cover: bool = False


class AbsenceSubject(Model):
    """The days on which a person is away, how many courses it is about, and in how many something falls due then."""

    kind: Literal["absence"] = "absence"
    person: str
    since: date
    until: date | None = None
    courses: int
    due: int


class CourseSubject(Model):
    """The course as a whole, at a revision."""

    kind: Literal["course"] = "course"
    revision: int


Subject = Annotated[
    WaitSubject
    | AppointmentSubject
    | StepSubject
    | CorrectionSubject
    | CaseloadSubject
    | NoticeSubject
    | NewsSubject
    | AbsenceSubject
    | CourseSubject,
    Field(discriminator="kind"),
]
"""What a notice is about."""
