"""By what a board is narrowed: who holds a course up, who has taken it and who is away, beside where it is."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class HeldUpBy(StrEnum):
    """On whom a course waits, as those who are asked answered; or that it is paused, or that nobody answered."""

    US = "us"
    COMPANY = "company"
    CITIZEN = "citizen"
    OTHER_AUTHORITY = "other_authority"
    SYSTEM = "system"
    PAUSED = "paused"
    UNANSWERED = "unanswered"


class TakenBy(StrEnum):
    """Which supervisor answers for a silent wait until it is time to look again."""

    ME = "me"
    OTHERS = "others"
    NOBODY = "nobody"


class HolderAway(StrEnum):
    """Somebody who holds one of the two roles is away today: whether somebody covers for each who is."""

    WITHOUT_COVER = "without_cover"
    COVERED = "covered"


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Every part that is given must hold at `now`; `new` is what was escalated from `new_since` on."""

    now: datetime
    new_since: datetime
    last_day: date
    unit: str | None = None
    step: str | None = None
    rule_set: str | None = None
    held_up_by: HeldUpBy | None = None
    stalled: bool | None = None
    new: bool | None = None
    overdue: bool | None = None
    away: HolderAway | None = None
    falls_due: bool | None = None
    taken_by: TakenBy | None = None
