"""Carries notices outward: each channel by itself, and each attempt written down before it is made (P4, P7)."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

import structlog

from activities.attempts import again_at, count
from activities.batches import Attempt, Batches
from activities.channels import Channel, ChannelAwayError, RejectedError
from activities.placing import Carried, Placed, Placing, is_told
from domain.address import AddressKind
from domain.calendar import FIRST
from infra.store.courses import batches, deliveries, errands
from infra.store.courses.deliveries import HANDED_OVER
from infra.store.courses.errands import Claim
from infra.store.engine import Connection, Store
from infra.store.errors import StoreAwayError
from infra.store.rows import NoticeRow, Outcome
from infra.telemetry.metrics import DELIVERIES
from workflows.mailbox import CourseAwayError

Report = Callable[[str, NoticeRow], Awaitable[None]]
"""Tells the course of a notice, in a municipality, that nobody could be reached with it; a repeat is the same."""

AT_MOST: Final = 50
"""How many errands of one municipality a channel takes in one turn, so that none waits for the backlog of another.

What else is due for the same persons comes with them.
"""

AT_ONCE: Final = 8
"""How many batches a channel carries at the same time."""

ATTEMPT_WITHIN: Final = timedelta(seconds=30)
"""How long a channel may take; afterwards nobody knows whether the message has arrived."""

TURN_WITHIN: Final = timedelta(minutes=1)
"""How long a turn begins attempts."""

CLAIMED_FOR: Final = timedelta(minutes=2)
"""How long a claim holds: longer than a turn with an attempt that begins at its very end."""

_log = structlog.get_logger(__name__)


class Courier:
    """Runs errands: what is due for a person goes out as one batch, to him or to who covers for him, in his hours."""

    def __init__(
        self, store: Store, placing: Placing, batches: Batches, channels: Sequence[Channel], report: Report
    ) -> None:
        self._store = store
        self._placing = placing
        self._batches = batches
        self._report = report
        self.channels = {channel.name: channel for channel in channels}

    async def carry(self, now: datetime) -> int:
        """Run what is due on every channel, beside each other; return how many errands were claimed."""
        return sum(await asyncio.gather(*(self.carry_over(channel, now) for channel in self.channels)))

    async def carry_over(self, channel: str, now: datetime) -> int:
        """Run what is due on one channel; return how many errands were claimed. Raises StoreAwayError.

        What a turn does not come to waits until the claim is over.
        """
        claims = await self._claim(channel, now)
        slots, clock = asyncio.Semaphore(AT_ONCE), asyncio.get_running_loop().time
        begins_until = clock() + TURN_WITHIN.total_seconds()

        async def place(claims: Sequence[Claim]) -> list[Placed]:
            async with slots:
                return await self._place(claims, now)

        async def run(together: Sequence[Placed]) -> None:
            async with slots:
                if clock() < begins_until:
                    await self._run(together, now)

        placed = await asyncio.gather(*map(place, _by_municipality(claims)))
        await asyncio.gather(*map(run, _by_recipient(chain.from_iterable(placed))))
        return len(claims)

    async def next_due(self, channel: str) -> datetime | None:
        """Return when something is due next on a channel; raises StoreAwayError."""
        async with self._store.anywhere() as connection:
            return await errands.next_due(connection, channel)

    async def _claim(self, channel: str, now: datetime) -> list[Claim]:
        """Claim what is due, and whatever else is due for the same persons, so that it comes to them together."""
        async with self._store.anywhere() as connection:
            claims = await errands.claim(connection, channel, now, now + CLAIMED_FOR, AT_MOST)
        for known in _by_municipality(claims):
            if len(known) >= AT_MOST:
                async with self._store.municipality(known[0].municipality) as connection:
                    claims += await errands.claim_for(connection, known, now)
        return claims

    async def _place(self, claims: Sequence[Claim], now: datetime) -> list[Placed]:
        """Place errands of one municipality; where that breaks, each by itself, so that one keeps no other waiting.

        What breaks is due again when its claim is over.
        """
        first = claims[0]
        try:
            return await self._placing.place(claims, now, gathers=self.channels[first.channel].gathers)
        except StoreAwayError:
            _log.warning("store away, errands wait", errands=len(claims), channel=first.channel)
        except Exception:  # noqa: BLE001 - It is logged, and the others go on.
            if len(claims) > 1:
                return [placed for claim in claims for placed in await self._place([claim], now)]
            _log.exception("errand failed", notice=str(first.notice), channel=first.channel)
        return []

    async def _run(self, placed: Sequence[Placed], now: datetime) -> None:
        """Carry what is for one person; where that breaks it is due again when its claim is over."""
        channel = placed[0].claim.channel
        try:
            attempt = await self._batches.begin(placed, now, gathers=self.channels[channel].gathers)
            if attempt is not None:
                await self._end(attempt, await self._sent(attempt))
        except (StoreAwayError, CourseAwayError):
            _log.warning("store or course away, errands wait", errands=len(placed), channel=channel)
        except Exception:  # noqa: BLE001 - It is logged, and the others go on.
            _log.exception("batch failed", errands=len(placed), channel=channel)

    async def _sent(self, attempt: Attempt) -> Outcome:
        """Send the batch and return what came of it; where nobody knows, the attempt stays begun."""
        try:
            async with asyncio.timeout(ATTEMPT_WITHIN.total_seconds()):
                is_delivered = await self.channels[attempt.channel].carry(attempt.batch)
        except RejectedError:
            return Outcome.REJECTED
        except ChannelAwayError:
            return Outcome.REFUSED
        except Exception as error:  # noqa: BLE001 - Whatever a channel meets, the message may have arrived.
            _log.warning("attempt without an end", channel=attempt.channel, error=type(error).__name__)
            return Outcome.BEGUN
        return Outcome.DELIVERED if is_delivered else Outcome.SENT

    async def _end(self, attempt: Attempt, outcome: Outcome) -> None:
        """Write down what came of an attempt, and when the next one is; report who could not be reached at all.

        Only what may have arrived is sent again as it was.
        """
        count(DELIVERIES, "Attempts to carry notices outward.", channel=attempt.channel, outcome=outcome)
        unreachable: list[Carried] = []
        async with self._store.municipality(attempt.batch.municipality) as connection:
            carried = attempt.deliveries(one.row.notice_id for one in attempt.carried)
            await deliveries.record_attempts(connection, carried, outcome)
            if outcome in HANDED_OVER:
                await errands.end(connection, (one.claim.key for one in attempt.carried))
            else:
                unreachable = [one for one in attempt.carried if await self._fail(connection, attempt, one, outcome)]
            if attempt.told is not None and outcome not in (Outcome.REFUSED, Outcome.REJECTED):
                await batches.note_story(connection, *attempt.told)
            if outcome is not Outcome.BEGUN:
                await batches.dissolve(connection, attempt.batch.id)
        for one in unreachable:
            await self._give_up(attempt.batch.municipality, one)

    async def _fail(self, connection: Connection, attempt: Attempt, one: Carried, outcome: Outcome) -> bool:
        """Put an errand off that has failed, and return whether every channel has failed for three working days.

        What a channel rejects has failed for good. Where another has reached the person, nothing more is to be done.
        """
        errand, now = one.errand, attempt.at
        failing_since = FIRST if outcome is Outcome.REJECTED else errand.failing_since or now
        failed = one.held.put_off(
            failures=errand.failures + 1,
            failing_since=failing_since,
            batch_id=attempt.batch.id,
            due_at=again_at(now, errand.failures),
        )
        await errands.put_off(connection, [failed])
        if not attempt.has_failed_long(failed.errand):
            return False
        if await is_told(connection, one):
            await errands.end(connection, [one.claim.key])
            return False
        owed = await errands.of_notice(connection, errand.notice_id, self.channels)
        return all(attempt.has_failed_long(each) for each in owed if each.person == errand.person)

    async def _give_up(self, municipality: str, one: Carried) -> None:
        """Report that a person was not reached, and end his errands; that supervisors were not is not told to them."""
        if one.row.recipient_kind is AddressKind.PERSON:
            await self._report(municipality, one.row)
        async with self._store.municipality(municipality) as connection:
            every = (one.claim._replace(channel=channel).key for channel in self.channels)
            await errands.end(connection, every)


def _by_municipality(claims: Iterable[Claim]) -> list[list[Claim]]:
    together: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        together[claim.municipality].append(claim)
    return list(together.values())


def _by_recipient(placed: Iterable[Placed]) -> list[list[Placed]]:
    """Return what goes out together: what is for one person, each invitation, and what was sent together before."""
    together: defaultdict[tuple[str, str], list[Placed]] = defaultdict(list)
    for each in placed:
        together[each.claim.municipality, str(each.batch or each.apart or each.person)].append(each)
    return list(together.values())
