"""Lets Temporal know that an activity's worker lives, so that another goes on soon after it does not."""

import asyncio
from datetime import timedelta
from typing import Final

from temporalio import activity

_EVERY: Final = timedelta(seconds=1)


async def beat() -> None:
    """Beat for the activity that is running, until this is cancelled."""
    while True:
        activity.heartbeat()
        await asyncio.sleep(_EVERY.total_seconds())
