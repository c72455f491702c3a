"""Waiting as a value: for what, for whom, since when and until when; and the ladder a silent wait climbs (P5, P6)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.calendar import Span
from domain.identity import Role
from domain.model import Model


class WaitingKind(StrEnum):
    """What a course can wait for."""

    REQUIREMENT = "requirement"
    DECISION = "decision"
    ACKNOWLEDGEMENT = "acknowledgement"
    DISPUTE = "dispute"
    CATCH_UP = "catch_up"
    ASSIGNMENT = "assignment"
    QUESTION = "question"
    PAUSE = "pause"
    SILENCE = "silence"


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

    `reason` is the id of the words in which he says what he does about it.
    """

    by: str
    at: datetime
    look_again_at: datetime
    reason: UUID
    is_over: bool = False


class Waiting(Model):
    """One thing the course waits for; `key` is stable while the cause is, `level` counts the rungs fired.

    It is `stalled` once a rung has told the supervisors, and `taken` when one of them has said that he answers for it.
    `reckoned` is the deadline as the rules reckon it now; `until` is later where a deadline was shortened while
    somebody was already waiting.
    """

    key: str
    kind: WaitingKind
    visit: int | None = None
    what: str = ""
    roles: tuple[Role, ...] = ()
    persons: tuple[str, ...] = ()
    since: datetime
    until: datetime | None = None
    reckoned: datetime | None = None
    level: int = 0
    stalled: bool = False
    next_rung_at: datetime | None = None
    taken: Taken | None = None
