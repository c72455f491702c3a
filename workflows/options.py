"""How long workflows wait for activities and for each other, in one place."""

from datetime import timedelta
from typing import Final

from temporalio.common import RetryPolicy, SearchAttributeKey

APPLY_WITHIN: Final = timedelta(seconds=5)
"""How long a command may be tried against the store before its sender is told that the store is away."""

APPLY_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=100),
    maximum_interval=timedelta(seconds=1),
    maximum_attempts=8,
)

ATTEMPT_WITHIN: Final = timedelta(seconds=30)
"""How long one attempt at an outward effect may take; it is not retried by itself, for a timeout is not a failure."""

SWEEP_WITHIN: Final = timedelta(minutes=5)
"""How long the nightly sweep may take."""

ONCE: Final = RetryPolicy(maximum_attempts=1)

EVENTS_PER_RUN: Final = 1_000
"""How long a run's history grows before the course continues as new, so that a cold worker replays it fast.

It decides commands: a lower number must stand behind `workflow.patched`, or longer runs no longer replay.
"""

UNBORN_FOR: Final = timedelta(minutes=1)
"""How long a run without a course waits for the command that starts it."""

AWAY_AT_FIRST: Final = timedelta(seconds=5)
AWAY_AT_MOST: Final = timedelta(minutes=5)
"""How long a timer's effect waits between attempts while the store is away."""

NOTICE_AT_FIRST: Final = timedelta(minutes=1)
NOTICE_AT_MOST: Final = timedelta(hours=4)
NOTICE_PATIENCE: Final = timedelta(days=3)
"""How long a notice is tried before its recipient counts as unreachable."""

STEP: Final = SearchAttributeKey.for_keyword_list("FodslagStep")
STATUS: Final = SearchAttributeKey.for_keyword("FodslagStatus")
STALLED: Final = SearchAttributeKey.for_bool("FodslagStalled")
MUNICIPALITY: Final = SearchAttributeKey.for_keyword("FodslagMunicipality")
