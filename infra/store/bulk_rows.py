"""The rows of bulk acts when read: what was ordered of many courses at once, and what came of each item."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.commands import Command
from domain.errors import Problem
from infra.store.rows import StoredRow


class BulkKind(StrEnum):
    """What is ordered of many courses at once."""

    HAND_OVER = "hand_over"
    WORDS_TO_COVER = "words_to_cover"
    TAKE = "take"
    PAUSE = "pause"
    RE_PIN = "re_pin"


class ItemState(StrEnum):
    """Whether the command to one course is still to be given, was done, or could not be done."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class BulkAct(StoredRow):
    """What somebody ordered; `digest` is that of the request, so that a repeat is known."""

    bulk_id: UUID
    kind: BulkKind
    digest: str
    ordered_by: str
    ordered_at: datetime


class BulkItem(StoredRow):
    """The command to one course, None where there was none to give, and the revision it gave or why it was refused."""

    bulk_id: UUID
    ordinal: int
    course_id: UUID
    command: Command | None
    state: ItemState
    due_at: datetime
    failures: int
    ended_at: datetime | None
    revision: int | None
    problems: tuple[Problem, ...] | None
