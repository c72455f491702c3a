"""Carries notices outward: each channel by itself, and each attempt written down before it is made (P4, P7)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog
from temporalio import activity

from activities.channels import Channel, ChannelAwayError, Message
from domain.calendar import Calendar, Span, TimeUnit, danish_day
from domain.identity import delivery_id
from infra.documents.calendars import Calendars
from infra.store.courses import deliveries, errands
from infra.store.courses.deliveries import HANDED_OVER, DeliveryAttempt, Outcome
from infra.store.courses.errands import Claim, Errand
from infra.store.engine import Connection, Store
from infra.store.errors import StoreAwayError
from infra.store.queries.covers import covers_in
from infra.store.rows import NoticeRow
from infra.telemetry.metrics import DELIVERIES
from workflows.mailbox import CourseAwayError

Report = Callable[[str, NoticeRow], Awaitable[None]]
"""Tells the course of a notice, in a municipality, that nobody could be reached with it; a repeat is the same."""

AT_MOST: Final = 50
"""How many errands of one municipality a channel takes in one turn, so that none waits for the backlog of another."""

AT_ONCE: Final = 8
"""How many errands a channel runs at the same time."""

ATTEMPT_WITHIN: Final = timedelta(seconds=30)
"""How long a channel may take; afterwards nobody knows whether the message has arrived."""

TURN_WITHIN: Final = timedelta(minutes=1)
"""How long a turn begins attempts."""

CLAIMED_FOR: Final = timedelta(minutes=2)
"""How long a claim holds: longer than a turn with an attempt that begins at its very end."""

_AGAIN_AT_FIRST: Final = timedelta(minutes=1)
_AGAIN_AT_MOST: Final = timedelta(hours=4)
_LOOK_AGAIN: Final = timedelta(hours=1)
"""How long, while the office is open, before it is asked anew who answers for somebody who is not at work."""

_OPEN: Final = Span(amount=0, unit=TimeUnit.WORKING_HOURS)
_UNREACHABLE_AFTER: Final = Span(amount=3, unit=TimeUnit.WORKING_DAYS)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Begun:
    """An attempt that is written down and about to be made."""

    claim: Claim
    errand: Errand
    row: NoticeRow
    attempt: DeliveryAttempt
    calendar: Calendar

    @property
    def message(self) -> Message:
        """Return what is sent: the same whenever the notice is sent over the channel to this person."""
        notice, channel, person = self.row.notice_id, self.attempt.channel, self.attempt.person
        return Message(
            id=delivery_id(notice, channel, person),
            notice=notice,
            municipality=self.claim.municipality,
            recipient=person,
            about=self.row.about,
            course=self.row.course_id,
        )

    def has_failed_long(self, errand: Errand) -> bool:
        """Whether a channel has failed for so long by this attempt that its recipient counts as unreachable."""
        since = errand.failing_since
        if since is None:
            return False
        return self.calendar.after(since, _UNREACHABLE_AFTER, person=self.attempt.person) <= self.attempt.at


class Courier:
    """Runs errands: a notice goes to its recipient, or to who covers for him, within that person's working hours."""

    def __init__(self, store: Store, calendars: Calendars, channels: Sequence[Channel], report: Report) -> None:
        self._store = store
        self._calendars = calendars
        self._report = report
        self.channels = {channel.name: channel for channel in channels}

    async def carry(self, now: datetime) -> int:
        """Run what is due on every channel, beside each other; return how many errands were claimed."""
        return sum(await asyncio.gather(*(self.carry_over(channel, now) for channel in self.channels)))

    async def carry_over(self, channel: str, now: datetime) -> int:
        """Run what is due on one channel; return how many errands were claimed. Raises StoreAwayError.

        What a turn does not come to waits until the claim is over.
        """
        async with self._store.anywhere() as connection:
            claims = await errands.claim(connection, channel, now, now + CLAIMED_FOR, AT_MOST)
        slots, clock = asyncio.Semaphore(AT_ONCE), asyncio.get_running_loop().time
        begins_until = clock() + TURN_WITHIN.total_seconds()

        async def run(claim: Claim) -> None:
            async with slots:
                if clock() < begins_until:
                    await self._run(claim, now)

        await asyncio.gather(*map(run, claims))
        return len(claims)

    async def next_due(self, channel: str) -> datetime | None:
        """Return when something is due next on a channel; raises StoreAwayError."""
        async with self._store.anywhere() as connection:
            return await errands.next_due(connection, channel)

    async def _run(self, claim: Claim, now: datetime) -> None:
        """Run one errand; one that breaks keeps no other from its turn, and is due again when its claim is over."""
        try:
            begun = await self._begin(claim, now)
            if begun is not None:
                await self._end(begun, await self._sent(begun))
        except (StoreAwayError, CourseAwayError):
            _log.warning("store or course away, errand waits", notice=str(claim.notice), channel=claim.channel)
        except Exception:  # noqa: BLE001 - It is logged, and the others go on.
            _log.exception("errand failed", notice=str(claim.notice), channel=claim.channel)

    async def _begin(self, claim: Claim, now: datetime) -> _Begun | None:
        """Write an attempt down before it is made; None when it is not to be made now."""
        async with self._store.municipality(claim.municipality) as connection:
            errand = await errands.held(connection, claim)
            if errand is None:
                return None
            row = await errands.due_notice(connection, claim.notice)
            if row is None or claim.channel in await deliveries.handed_over(connection, claim.notice):
                await errands.end(connection, claim.notice, claim.channel)
                return None
            calendar = await self._calendars.in_force(connection)
            covers = await covers_in(connection, row.course_id, danish_day(now))
            person = covers.get(row.recipient, row.recipient)
            due_at = _opening(calendar, max(now, row.queued_at), person)
            if due_at > now:
                await errands.put_off(connection, claim, errand.model_copy(update={"due_at": due_at}))
                return None
            attempt = DeliveryAttempt(claim.notice, claim.channel, person, attempt=uuid4(), at=now)
            await deliveries.record_attempt(connection, attempt, Outcome.BEGUN)
            return _Begun(claim, errand, row, attempt, calendar)

    async def _sent(self, begun: _Begun) -> Outcome:
        """Send the message and return what came of it; where nobody knows, the attempt stays begun."""
        try:
            async with asyncio.timeout(ATTEMPT_WITHIN.total_seconds()):
                is_delivered = await self.channels[begun.claim.channel].carry(begun.message)
        except ChannelAwayError:
            return Outcome.REFUSED
        except Exception as error:  # noqa: BLE001 - Whatever a channel meets, the message may have arrived.
            _log.warning("attempt without an end", channel=begun.claim.channel, error=type(error).__name__)
            return Outcome.BEGUN
        return Outcome.DELIVERED if is_delivered else Outcome.SENT

    async def _end(self, begun: _Begun, outcome: Outcome) -> None:
        """Write down what came of an attempt, and when the next one is; report who could not be reached at all."""
        claim, attempt = begun.claim, begun.attempt
        _count(claim.channel, outcome)
        async with self._store.municipality(claim.municipality) as connection:
            await deliveries.record_attempt(connection, attempt, outcome)
            if outcome in HANDED_OVER:
                await errands.end(connection, claim.notice, claim.channel)
                return
            is_unreachable = await self._fail(connection, begun)
        if is_unreachable:
            await self._report(claim.municipality, begun.row)
            await self._give_up(claim.municipality, claim.notice)

    async def _fail(self, connection: Connection, begun: _Begun) -> bool:
        """Put an errand off that has failed, and return whether every channel has failed for three working days.

        Where another channel has reached the person, there is nothing more to be done.
        """
        claim, errand, now = begun.claim, begun.errand, begun.attempt.at
        again_at = now + min(_AGAIN_AT_FIRST * 2 ** min(errand.failures, 10), _AGAIN_AT_MOST)
        failing_since = errand.failing_since or now
        update = {"due_at": again_at, "failures": errand.failures + 1, "failing_since": failing_since}
        failed = errand.model_copy(update=update)
        await errands.put_off(connection, claim, failed)
        if not begun.has_failed_long(failed):
            return False
        if await deliveries.handed_over(connection, claim.notice):
            await errands.end(connection, claim.notice, claim.channel)
            return False
        owed = await errands.of_notice(connection, claim.notice, self.channels)
        return all(begun.has_failed_long(each) for each in owed)

    async def _give_up(self, municipality: str, notice: UUID) -> None:
        async with self._store.municipality(municipality) as connection:
            for channel in self.channels:
                await errands.end(connection, notice, channel)


def _opening(calendar: Calendar, at: datetime, person: str) -> datetime:
    """Return from when on a person may be told, or when it is to be asked anew who answers for him."""
    opening = calendar.after(at, _OPEN, person=person)
    return min(opening, max(calendar.after(at, _OPEN), at + _LOOK_AGAIN)) if opening > at else at


def _count(channel: str, outcome: Outcome) -> None:
    if activity.in_activity():
        counter = activity.metric_meter().create_counter(DELIVERIES, "Attempts to carry a notice outward.")
        counter.add(1, {"channel": channel, "outcome": outcome})
