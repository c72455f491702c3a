"""One full course of the default rules, as twenty-six commands that two people give: over HTTP, or straight to it."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from temporalio.client import Client

from clients.caller import Caller
from clients.courses.script import Script
from domain import commands as cmd
from domain.calendar import danish_day
from infra.security.keyed_digest import course_id
from infra.store.engine import Store
from infra.store.registers import data_keys
from infra.temporal.keyring import new_wrapped_key
from tools.town.mailbox import command_of, start_of
from tools.town.town import MUNICIPALITY
from workflows.mailbox import send
from workflows.messages import CourseInput

_MASTER_KEY_ID: Final = "m1"
_ID_KEY: Final = bytes(32)
"""For courses that do not begin over HTTP."""
ACKNOWLEDGING: Final = "acknowledgements"
TODAY: Final = danish_day(datetime.now(UTC))
"""All of it happens today, so that nobody is late and nobody is reminded."""
SCRIPT: Final = Script(TODAY, TODAY)
LIFE: Final = tuple(SCRIPT.whole())
COMMANDS: Final = 1 + len(LIFE)


def course_of(reference: str) -> UUID:
    """Return the id of a course that does not begin over HTTP."""
    return course_id(_ID_KEY, MUNICIPALITY, reference, 1)


@dataclass
class Lived:
    """How long each command took in seconds, and those among them that acknowledged."""

    took: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)

    def note(self, where: str, seconds: float) -> None:
        """Take down one command."""
        self.took.append(seconds)
        if where == ACKNOWLEDGING:
            self.acknowledged.append(seconds)


class Way(Protocol):
    """A way to live a course, or the beginning of one."""

    async def live(self, reference: str, lived: Lived, *, only_start: bool = False) -> None:
        """Give each command in turn; raises when one is refused."""


@dataclass
class OverHttp:
    """By the API, as every client does."""

    callers: Mapping[str, Caller]
    """Those who hold a role, and the `system` that starts courses."""

    async def live(self, reference: str, lived: Lived, *, only_start: bool = False) -> None:
        """Give each command as a request."""
        started = await self._post("system", "/v1/courses", SCRIPT.start(MUNICIPALITY, reference), lived)
        for act in () if only_start else LIFE:
            await self._post(act.by, f"/v1/courses/{started['course']}/{act.where}", act.body, lived)

    async def _post(self, who: str, path: str, body: Mapping[str, Any], lived: Lived) -> dict[str, Any]:
        begun = time.perf_counter()
        answer = await asyncio.to_thread(self.callers[who].does, path, **body)
        lived.note(path.rpartition("/")[2], time.perf_counter() - begun)
        return answer


@dataclass
class Straight:
    """Straight to the workflow, as the API's own code does it, without HTTP."""

    client: Client
    store: Store
    master_key: bytes

    async def live(self, reference: str, lived: Lived, *, only_start: bool = False) -> None:
        """Give each command to the workflow."""
        course = course_of(reference)
        to = CourseInput(course=course, municipality=MUNICIPALITY)
        async with self.store.municipality(MUNICIPALITY) as connection:
            await data_keys.ensure(connection, course, new_wrapped_key(self.master_key, _MASTER_KEY_ID, str(course)))
        await self._send(to, start_of(SCRIPT.start(MUNICIPALITY, reference)), "start", lived)
        for act in () if only_start else LIFE:
            await self._send(to, await command_of(act, self.store, MUNICIPALITY), act.where, lived)

    async def _send(self, to: CourseInput, command: cmd.Command, where: str, lived: Lived) -> None:
        begun = time.perf_counter()
        answer = await send(self.client, to, command)
        lived.note(where, time.perf_counter() - begun)
        if answer.refused:
            raise RuntimeError(f"{where} was refused: {answer.refused}")

    async def commands(self, reference: str) -> AsyncIterator[cmd.Command]:
        """Yield every command of a course; its personal text is staged first."""
        yield start_of(SCRIPT.start(MUNICIPALITY, reference))
        for act in LIFE:
            yield await command_of(act, self.store, MUNICIPALITY)


async def many(way: Way, references: list[str], at_once: int, *, only_start: bool = False) -> tuple[Lived, float]:
    """Live many courses, so many at a time; return how long the commands took, and how long all of it."""
    lived, turn = Lived(), asyncio.Semaphore(at_once)

    async def one(reference: str) -> None:
        async with turn:
            await way.live(reference, lived, only_start=only_start)

    begun = time.perf_counter()
    await asyncio.gather(*(one(reference) for reference in references))
    return lived, time.perf_counter() - begun
