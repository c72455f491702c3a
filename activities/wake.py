"""Wakes courses from outside, a few at the same time: time passes in them, and one without a workflow gets one (P5)."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

import structlog
from temporalio.client import Client

from domain.commands import TimePassed
from domain.identity import ENGINE_ACTOR, command_id
from workflows.mailbox import send
from workflows.messages import CourseInput

AT_ONCE: Final = 4
"""How many courses are woken at the same time, so that the commands of people go on beside them."""

_log = structlog.get_logger(__name__)


async def wake(client: Client, municipality: str, causes: Mapping[UUID, str]) -> list[UUID]:
    """Let time pass in the courses of `causes`, once for each cause; return those that did not answer."""
    left, away = iter(causes.items()), list[UUID]()
    await asyncio.gather(*(_wake_each(client, municipality, left, away) for _ in range(AT_ONCE)))
    return away


async def _wake_each(client: Client, municipality: str, left: Iterator[tuple[UUID, str]], away: list[UUID]) -> None:
    for course, cause in left:
        command = TimePassed(id=command_id(course, cause), actor=ENGINE_ACTOR)
        try:
            await send(client, CourseInput(course=course, municipality=municipality), command)
        except Exception:  # noqa: BLE001 - It is logged, and keeps no other course from waking.
            _log.exception("course could not be woken", course_id=str(course))
            away.append(course)
