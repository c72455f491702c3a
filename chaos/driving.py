"""Clients as they should be: each names its request, and insists on it until it is answered."""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from bench.life import LIFE, TODAY, Step
from chaos.ledger import Answered, Ledger, revision_of
from tests.journeys.test_whole_way import CASE

_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 2.0
_TWICE: Final = 0.15
"""How often a request is sent a second time at once, as by somebody who is impatient."""
_UNAVAILABLE: Final = frozenset({502, 503, 504})
HALF_WAY: Final = 14
"""How many commands a course gets that stays open."""


@dataclass
class Driver:
    """Those who drive courses, their ledger, and what chance decides."""

    clients: Mapping[str, httpx.AsyncClient]
    ledger: Ledger
    chance: random.Random
    told: Callable[[], None]

    async def drive(self, reference: str, *, to_the_end: bool) -> None:
        """Give a course all its commands, or half of them."""
        body = {**CASE, "started_on": TODAY, "reference": reference, "citizen": {"reference": f"citizen-{reference}"}}
        started = await self._insist(f"{reference}/start", "system", "start", "/v1/courses", body)
        course = str(started["course"])
        for number, step in enumerate(LIFE[: None if to_the_end else HALF_WAY]):
            await self._give(reference, course, number, step)

    async def _give(self, reference: str, course: str, number: int, step: Step) -> None:
        who, what, said = step
        path = f"/v1/courses/{course}/{what}"
        key = f"{reference}/{number}"
        attempts = 2 if self.chance.random() < _TWICE else 1
        await asyncio.gather(*(self._insist(key, who, what, path, said) for _ in range(attempts)))

    async def _insist(self, key: str, who: str, what: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request until it is answered by something else than that a part is away."""
        pause = _FIRST_PAUSE
        while True:
            try:
                answer = await self.clients[who].post(path, json=body, headers={"Idempotency-Key": key})
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code not in _UNAVAILABLE:
                return self._note(key, who, what, answer)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _note(self, key: str, who: str, what: str, answer: httpx.Response) -> dict[str, Any]:
        told: dict[str, Any] = answer.json()
        revision = revision_of(told) if answer.is_success else None
        self.ledger.note(Answered(key, str(told.get("course", "")), what, who, answer.status_code, revision))
        self.told()
        if revision is None:
            raise RuntimeError(f"{key} was refused: {answer.text}")
        return told
