"""The rows of what the audit finds when read."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from infra.store.rows import StoredRow


class FindingKind(StrEnum):
    """What the audit finds: a promise that is not held as long as the cause stands."""

    NO_WAKEUP = "no_wakeup"
    NAMES_NOBODY = "names_nobody"
    ASLEEP = "asleep"
    RUNG_OVERDUE = "rung_overdue"
    RUNG_TO_NOBODY = "rung_to_nobody"
    QUEUE_WITHOUT_ADDRESS = "queue_without_address"
    ERRAND_OVERDUE = "errand_overdue"
    ATTEMPT_HANGS = "attempt_hangs"
    WEBHOOK_OVERDUE = "webhook_overdue"
    BULK_ACT_OVERDUE = "bulk_act_overdue"
    WORKFLOW_MISSING = "workflow_missing"
    WORKFLOW_LEFT = "workflow_left"
    TASK_FAILS = "task_fails"


class Found(NamedTuple):
    """One finding: `subject` is a course, notice, webhook or bulk act, `what` of it, `course_id` if there is one."""

    kind: FindingKind
    subject: UUID
    course_id: UUID | None = None
    what: str = ""


class FindingRow(StoredRow):
    """A finding since it was seen first; `mended_at` is when the audit found it no longer."""

    kind: FindingKind
    subject: UUID
    what: str
    course_id: UUID | None
    first_seen: datetime
    last_seen: datetime
    mended_at: datetime | None
