"""Waiting as a value: for what, for whom, since when and until when; and the ladder a silent wait climbs (P5, P6)."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.calendar import Span
from domain.identity import Role
from domain.model import Instant, Model


class WaitingKind(StrEnum):
    """What a course can wait for."""

    REQUIREMENT = "requirement"
    DECISION = "decision"
    ACKNOWLEDGEMENT = "acknowledgement"
    DISPUTE = "dispute"
    ASSIGNMENT = "assignment"
    QUESTION = "question"
    PROPOSALS = "proposals"
    STORY = "story"
    STORY_APPROVAL = "story_approval"
    PAUSE = "pause"
    SILENCE = "silence"


OPTIONAL: Final = frozenset({WaitingKind.STORY, WaitingKind.STORY_APPROVAL})
"""The waits that nobody is reminded of, and by which no course stands still."""

NOBODY_IS_ASKED: Final = OPTIONAL | {WaitingKind.PAUSE, WaitingKind.SILENCE}
"""The waits that nobody answers by saying on whom he waits."""

MOST_ANSWERS: Final = 2
"""How often one wait may be answered by those who are asked; then a supervisor answers it."""


class Rung(Model):
    """One level of a ladder: when this much of the wait has passed, `tell` hears of it.

    With `from_due` it is counted from the deadline of what is waited for, once that is known.
    """

    after: Span
    tell: tuple[str, ...]
    repeat: bool = False
    from_due: bool = False


class Taken(Model):
    """A supervisor has taken a silent wait and looks again later; `is_over` once that time has come.

    `reason` is the id of the supervisor's words.
    """

    by: str
    at: Instant
    look_again_at: Instant
    reason: UUID
    is_over: bool = False


class WaitingOn(StrEnum):
    """On whom somebody waits who is asked."""

    US = "us"
    COMPANY = "company"
    CITIZEN = "citizen"
    OTHER_AUTHORITY = "other_authority"
    SYSTEM = "system"


class WaitAnswer(Model):
    """Who is asked waits on somebody else until an instant; `times` counts the answers to this wait.

    `reason` is the id of the words, if any.
    """

    waiting_on: WaitingOn
    until: Instant
    by: str
    at: Instant
    times: int = 1
    reason: UUID | None = None


class WaitingKey(Model):
    """What tells one wait of a course from another; the same while the cause of the wait is."""

    kind: WaitingKind
    visit: int | None = None
    what: str = ""
    version: int | None = None
    role: Role | None = None
    generation: int | None = None
    note: UUID | None = None
    since: Instant | None = None

    def __str__(self) -> str:
        """Return the key as one text, for rows and addresses; nothing reads it back."""
        since = self.since.isoformat() if self.since else None
        segments = (
            self.visit,
            self.kind,
            self.version,
            self.what or None,
            self.role,
            self.generation,
            self.note,
            since,
        )
        return "/".join(str(segment) for segment in segments if segment is not None)


class Waiting(Model):
    """One thing the course waits for, of those who hold `roles`; before who is away `persons` name who covers.

    `level` counts the rungs fired, the last of them `climbed_at` an instant.
    It has an `escalation` once a rung has notified the supervisors, for the first time `escalated_at` an instant, and
    is `taken` when one of them answers for it.
    Once it has an `answer`, its ladder begins anew when that ends; the deadline stays.
    `reckoned` is the deadline as the rules reckon it now; `until` is later where a deadline was shortened while
    somebody was already waiting.
    Its next rung is `rung_not_before` an instant, where other rules shortened its ladder while somebody was waiting.
    `moved_days` are the offices' working days by which the next rung is later in the own time of who is asked.
    `begins` is the day of which those asked have been told that it begins then what they hold.
    """

    key: WaitingKey
    roles: tuple[Role, ...] = ()
    persons: tuple[str, ...] = ()
    since: Instant
    until: Instant | None = None
    reckoned: Instant | None = None
    level: int = 0
    climbed_at: Instant | None = None
    escalation: UUID | None = None
    escalated_at: Instant | None = None
    next_rung_at: Instant | None = None
    rung_not_before: Instant | None = None
    moved_days: int = 0
    begins: date | None = None
    taken: Taken | None = None
    answer: WaitAnswer | None = None

    @property
    def kind(self) -> WaitingKind:
        """Return for what kind of thing it is."""
        return self.key.kind

    @property
    def visit(self) -> int | None:
        """Return the visit it belongs to; None for the course as a whole."""
        return self.key.visit

    @property
    def what(self) -> str:
        """Return the requirement or the role that is waited for, where there is one."""
        return self.key.what

    @property
    def is_shown(self) -> bool:
        """Whether people see it; silence is shown once somebody was reminded of it, and all else at once."""
        return self.kind is not WaitingKind.SILENCE or self.level > 0

    @property
    def may_be_answered(self) -> bool:
        """Whether those who are asked may say on whom they wait, so that they are reminded later."""
        return self.kind not in NOBODY_IS_ASKED and (self.answer is None or self.answer.times < MOST_ANSWERS)

    @property
    def is_optional(self) -> bool:
        """Whether nothing is lost when nobody ever does it; it has no ladder."""
        return self.kind in OPTIONAL

    @property
    def is_stalled(self) -> bool:
        """Whether the supervisors were notified of it."""
        return self.escalation is not None


def foremost(waits: Iterable[Waiting]) -> Waiting | None:
    """Return the wait that has been escalated the longest, else the first due, else the oldest."""

    def place(waiting: Waiting) -> tuple[object, ...]:
        first = waiting.escalated_at or waiting.until
        return not waiting.is_stalled, first is None, first or waiting.since, waiting.since, str(waiting.key)

    return min(waits, key=place, default=None)
