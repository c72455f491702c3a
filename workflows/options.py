"""Timeouts, retries and search attributes of all workflows, in one place."""

from datetime import timedelta
from typing import Final

from temporalio.common import RetryPolicy, SearchAttributeKey

APPLY_WITHIN: Final = timedelta(seconds=5)
"""How long `apply` may be attempted before the command is answered `store-away`."""

APPLY_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=100),
    maximum_interval=timedelta(seconds=1),
    maximum_attempts=8,
)

AUDIT_WITHIN: Final = timedelta(minutes=30)
"""How long one audit may take."""

AUDIT_SILENT_FOR: Final = timedelta(minutes=1)
"""How long the auditor's worker may be silent before the audit is given up and the next one begins."""

RENEW_WITHIN: Final = timedelta(minutes=30)
"""How long one renewal may take; what it has not come to is renewed by the next one."""

ONCE: Final = RetryPolicy(maximum_attempts=1)

EVENTS_PER_RUN: Final = 1_000
"""How long a run's history grows before the course continues as new, so that a worker replays it fast.

The number decides which commands a run gives: a run that is already longer does not replay under a lower one.
"""

START_WITHIN: Final = timedelta(minutes=1)
"""How long a new run waits for the command that starts its course."""

AWAY_AT_FIRST: Final = timedelta(seconds=5)
AWAY_AT_MOST: Final = timedelta(minutes=5)
"""How long the passing of time waits between attempts while the store is away."""

TURN_WITHIN: Final = timedelta(hours=2)
"""How long one turn of the courier may take; it ends by itself before."""

TURN_SILENT_FOR: Final = timedelta(seconds=10)
"""How long the courier's worker may be silent before another takes the turn."""

TURN_RETRY: Final = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=5))

STEP: Final = SearchAttributeKey.for_keyword_list("FodslagStep")
STATUS: Final = SearchAttributeKey.for_keyword("FodslagStatus")
STALLED: Final = SearchAttributeKey.for_bool("FodslagStalled")
MUNICIPALITY: Final = SearchAttributeKey.for_keyword("FodslagMunicipality")
UNIT: Final = SearchAttributeKey.for_keyword("FodslagUnit")
