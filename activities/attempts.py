"""What all attempts to reach somebody outside have in common: when the next one is, and that each is counted."""

from datetime import datetime, timedelta
from typing import Final

from temporalio import activity

_AT_FIRST: Final = timedelta(minutes=1)
_AT_MOST: Final = timedelta(hours=4)
_DOUBLED_AT_MOST: Final = 10


def again_at(now: datetime, failures: int) -> datetime:
    """Return when the next attempt is after one that failed at `now`, behind so many failures before it.

    It is after one minute, and then after twice as long each time, up to four hours.
    """
    doubled: int = 2 ** min(failures, _DOUBLED_AT_MOST)
    return now + min(_AT_FIRST * doubled, _AT_MOST)


def count(name: str, meaning: str, **labels: str) -> None:
    """Count something in the metric of that name; outside an activity there is nothing that counts."""
    if activity.in_activity():
        activity.metric_meter().create_counter(name, meaning).add(1, labels)
