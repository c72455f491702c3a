"""Clients as they should be: each names its request, and insists on it, at one API or the other, until answered."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx

from tools.chaos.ledger import Answer, Ledger, Request
from tools.chaos.lives import Life, Submission

_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 2.0
_IMPATIENT: Final = 0.15
"""How often a request is sent to both APIs at once."""
_FORGETFUL: Final = 0.15
"""How often a request that was answered is sent once more, as by a client that was killed before it took it down."""


@dataclass
class Driver:
    """Those who drive courses, where they reach the APIs, their ledger, and what chance decides."""

    clients: Mapping[str, httpx.AsyncClient]
    addresses: Sequence[str]
    ledger: Ledger
    answered: Callable[[], None]
    patience: float
    """How many seconds a request is repeated; whoever gives up says no more of that course."""

    async def drive(self, reference: str, life: Life, chance: random.Random) -> None:
        """Say all that is said of a course; what it refuses is not said again."""
        course = ""
        for number, submission in enumerate(life(reference)):
            request = Request(
                f"{reference}/{number}", submission.who, submission.where, submission.body, course, submission.may_fail
            )
            path = f"/v1/courses/{course}/{submission.where}" if course else "/v1/courses"
            course = await self._send(request, submission, path, chance)
            self.answered()
            if not course:
                return

    async def _send(self, request: Request, submission: Submission, path: str, chance: random.Random) -> str:
        first = chance.randrange(len(self.addresses))
        starts = [first, first + 1] if chance.random() < _IMPATIENT else [first]
        answered = await asyncio.gather(*(self._insist(request, submission, path, start) for start in starts))
        if chance.random() < _FORGETFUL:
            await self._insist(request, submission, path, first + 1)
        return answered[0]

    async def _insist(self, request: Request, submission: Submission, path: str, start: int) -> str:
        """Send a request until the course itself has answered; return which it was, or nothing when it never did."""
        method, pause, attempt = ("PUT" if submission.where.startswith("parties") else "POST"), _FIRST_PAUSE, start
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            entry = self.ledger.sends(request)
            url = f"{self.addresses[attempt % len(self.addresses)]}{path}"
            attempt += 1
            try:
                heard = await self.clients[submission.who].request(
                    method, url, json=dict(submission.body), headers={"Idempotency-Key": request.key}
                )
            except httpx.TransportError:
                heard = None
            if heard is not None:
                course = self._take_down(entry, heard)
                if not heard.is_server_error:
                    return course
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return ""

    def _take_down(self, request: Request, heard: httpx.Response) -> str:
        answered: dict[str, Any] = heard.json() if "json" in heard.headers.get("content-type", "") else {}
        answer = Answer(heard.status_code, code=answered.get("code"))
        if heard.is_success:
            answer = replace(answer, revision=int(answered["applied_revision"]))
        self.ledger.hears(request, answer, str(answered.get("course", "")))
        return request.course
