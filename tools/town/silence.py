"""Letting a course fall silent: time passes in it alone, until its supervisors hear of it (P6)."""

import asyncio
import time
from datetime import timedelta
from typing import Final

from clients.caller import Caller
from tools.town.town import Town

_HEARD_WITHIN_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.1


class NotHeardError(Exception):
    """The supervisors did not hear of a course that fell silent."""


def falls_silent(town: Town, supervisor: Caller, course: str, by: timedelta = timedelta(days=14)) -> None:
    """Let time pass in a course that began long ago, until its supervisors hear of it after both roles did.

    Raises NotHeardError.
    """
    asyncio.run(town.time_passes(course, by))
    deadline = time.monotonic() + _HEARD_WITHIN_SECONDS
    while course not in supervisor.http.get("/v1/escalations", params={"limit": 200}).text:
        if time.monotonic() > deadline:
            raise NotHeardError(course)
        time.sleep(_POLL_SECONDS)
