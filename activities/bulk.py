"""Carries bulk acts out: gives each course its own command, a few at the same time, until each has answered (P7)."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog
from temporalio.client import Client

from activities.attempts import again_at
from domain.errors import Code
from infra.store.bulk_rows import BulkItem
from infra.store.engine import Store
from infra.store.errors import StoreAwayError
from infra.store.registers import bulk_acts
from infra.store.registers.bulk_acts import ItemClaim
from workflows.mailbox import CourseAwayError, send
from workflows.messages import Answer, CourseInput

LOOK: Final = timedelta(seconds=1)
"""How long it is waited before it is looked for something ordered."""

AT_MOST: Final = 40
"""How many items of one municipality are claimed in one turn, so that none waits for the order of another."""

AT_ONCE: Final = 4
"""How many courses are given their command at the same time, so that the commands of people go on beside them."""

CLAIMED_FOR: Final = timedelta(minutes=2)
"""How long a claim holds: longer than a turn with a command that is given at its very end."""

_TURN_WITHIN: Final = timedelta(minutes=1)

_log = structlog.get_logger(__name__)


class BulkRunner:
    """Gives the commands of bulk acts; one that was given before is answered as at first."""

    def __init__(self, store: Store, client: Client) -> None:
        self._store = store
        self._client = client

    async def carry(self, now: datetime) -> int:
        """Give the commands that are due and return how many were claimed; raises StoreAwayError.

        What a turn does not come to waits until the claim is over.
        """
        async with self._store.anywhere() as connection:
            claims = await bulk_acts.claim(connection, now, now + CLAIMED_FOR, AT_MOST)
        slots, clock = asyncio.Semaphore(AT_ONCE), asyncio.get_running_loop().time
        begins_until = clock() + _TURN_WITHIN.total_seconds()

        async def run(claim: ItemClaim) -> None:
            async with slots:
                if clock() < begins_until:
                    await self._run(claim, now)

        await asyncio.gather(*map(run, claims))
        return len(claims)

    async def _run(self, claim: ItemClaim, now: datetime) -> None:
        """Give one command; one that breaks keeps no other from its turn, and is due again when its claim is over."""
        try:
            async with self._store.municipality(claim.municipality) as connection:
                item = await bulk_acts.held(connection, claim)
            if item is not None:
                await self._end(claim, item, await self._answer(claim, item), now)
        except StoreAwayError:
            _log.warning("store away, bulk act waits", bulk=str(claim.bulk))
        except Exception:  # noqa: BLE001 - It is logged, and the others go on.
            _log.exception("command of a bulk act failed", bulk=str(claim.bulk), ordinal=claim.ordinal)

    async def _answer(self, claim: ItemClaim, item: BulkItem) -> Answer | None:
        """Return what the course answered, None when it is away for now."""
        if item.command is None:
            return None
        to = CourseInput(course=item.course_id, municipality=claim.municipality)
        try:
            answer = await send(self._client, to, item.command)
        except CourseAwayError:
            return None
        is_away = any(problem.code is Code.STORE_AWAY for problem in answer.refused)
        return None if is_away else answer

    async def _end(self, claim: ItemClaim, item: BulkItem, answer: Answer | None, now: datetime) -> None:
        async with self._store.municipality(claim.municipality) as connection:
            if answer is None:
                await bulk_acts.put_off(connection, claim, again_at(now, item.failures), item.failures + 1)
            elif answer.refused:
                await bulk_acts.end(connection, claim, now, problems=answer.refused)
            else:
                await bulk_acts.end(connection, claim, now, revision=answer.revision)
