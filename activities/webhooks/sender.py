"""Sends what happens to each webhook: from the feed into a queue, and from there in order within each course (P7).

Each attempt is written down before it is made, so what a killed worker sent is sent again under the same id.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from activities.attempts import count
from activities.webhooks.message import body_of, event_of, headers_of
from activities.webhooks.retrying import Attempted, after, answered, unanswered
from domain.calendar import danish_day
from domain.identity import webhook_delivery_id
from domain.reach import Reach
from infra.outward.posting import NotSentError, Poster
from infra.store.engine import Store
from infra.store.errors import StoreAwayError
from infra.store.queries.feed import FeedEntry, FeedFilter, Place, PlaceLostError, feed, head
from infra.store.registers import webhook_events, webhooks
from infra.store.registers.webhook_events import DeliveryOutcome, DeliveryState, WebhookDelivery
from infra.store.registers.webhooks import Webhook, WebhookClaim, WebhookState
from infra.telemetry.metrics import WEBHOOK_ATTEMPTS, WEBHOOKS_LOST
from infra.temporal.keyring import WrappedKey

LOOK: Final = timedelta(seconds=5)
"""How long a webhook with nothing to send waits until it is looked whether anything has happened."""

AT_ONCE: Final = 8
"""How many deliveries to one receiver are attempted at the same time, each of another course."""

KEPT_FOR: Final = timedelta(days=30)
"""How long an ended delivery can be seen and redelivered, from when it was queued."""

CLAIMED_FOR: Final = timedelta(minutes=2)
"""How long a claim holds: longer than a turn with attempts that begin at its very end."""

_TURN_WITHIN: Final = timedelta(minutes=1)
_BATCH: Final = 200

Unseal = Callable[[WrappedKey], bytes]
"""Opens a sealed secret; raises KeyMissingError."""

_log = structlog.get_logger(__name__)


@dataclass
class _Turn:
    """One webhook's turn, which ends early when its receiver wants rest, is gone, or another worker has the claim."""

    claim: WebhookClaim
    now: datetime
    goes_on: Callable[[], bool]
    rests_until: datetime | None = None
    is_over: bool = False

    def may_begin(self) -> bool:
        """Whether one more attempt may begin."""
        return not self.is_over and self.rests_until is None and self.goes_on()


class WebhookSender:
    """Serves webhooks; each has turns of its own, so a slow receiver delays no other."""

    def __init__(self, store: Store, poster: Poster, unseal: Unseal) -> None:
        self._store = store
        self._poster = poster
        self._unseal = unseal

    async def carry(self, now: datetime) -> int:
        """Serve every webhook that is due, beside each other; return how many were. Raises StoreAwayError."""
        claims = await self.claim(now)
        await asyncio.gather(*(self.serve(claim, now) for claim in claims))
        return len(claims)

    async def claim(self, now: datetime) -> list[WebhookClaim]:
        """Claim every webhook that is due; raises StoreAwayError."""
        async with self._store.anywhere() as connection:
            return await webhooks.claim(connection, now, now + CLAIMED_FOR)

    async def serve(self, claim: WebhookClaim, now: datetime, wanted: Callable[[], bool] = lambda: True) -> None:
        """Give a webhook its turn, while it is `wanted`; one that breaks is due again when its claim is over."""
        clock = asyncio.get_running_loop().time
        ends_at = clock() + _TURN_WITHIN.total_seconds()
        turn = _Turn(claim, now, lambda: wanted() and clock() < ends_at)
        try:
            is_finished = await self._work(turn)
            due_at = turn.rests_until or (now + LOOK if is_finished else now)
            async with self._store.municipality(claim.municipality) as connection:
                await webhooks.release(connection, claim, due_at)
        except StoreAwayError:
            _log.warning("store away, webhook waits", webhook=str(claim.webhook))
        except Exception:  # noqa: BLE001 - It is logged, and the others go on.
            _log.exception("webhook failed", webhook=str(claim.webhook))

    async def _work(self, turn: _Turn) -> bool:
        """Send all that is due, queueing news of the feed as it goes; return whether nothing is left for now."""
        while turn.may_begin():
            has_more = await self._queue_news(turn)
            while turn.may_begin() and (due := await self._due(turn)):
                await asyncio.gather(*(self._deliver(turn, delivery) for delivery in due))
            if not has_more:
                break
        return turn.may_begin()

    async def _queue_news(self, turn: _Turn) -> bool:
        """Queue a page of the feed behind the webhook's place; return whether there is more."""
        async with self._store.municipality(turn.claim.municipality) as connection:
            webhook = await webhooks.held(connection, turn.claim)
            if webhook is None:
                turn.is_over = True
                return False
            last = await head(connection)
            place = _place_of(webhook)
            if last is None or last == place:
                return False
            try:
                page = await feed(connection, *_asked(webhook, turn.now), _BATCH, place)
            except PlaceLostError:  # The journal was renumbered; what was sent already stays in the queue as it is.
                page = await feed(connection, *_asked(webhook, turn.now), _BATCH)
            if page.items:
                queued = [_delivery(webhook, entry, turn.now) for entry in page.items]
                await webhook_events.queue(connection, queued)
                await webhook_events.drop_ended(connection, webhook.webhook_id, turn.now - KEPT_FOR)
            reached = [entry.place for entry in page.items[-1:]]
            if page.next is None:
                reached.append(last)  # All up to there was asked for; the rest is not for this webhook.
            await webhooks.reach_place(connection, webhook.webhook_id, *max(reached))
            return page.next is not None

    async def _due(self, turn: _Turn) -> list[WebhookDelivery]:
        async with self._store.municipality(turn.claim.municipality) as connection:
            return await webhook_events.due(connection, turn.claim.webhook, turn.now, AT_ONCE)

    async def _deliver(self, turn: _Turn, delivery: WebhookDelivery) -> None:
        """Attempt one delivery: written down before, and again with what came of it."""
        async with self._store.municipality(turn.claim.municipality) as connection:
            webhook = await webhooks.held(connection, turn.claim)
            if webhook is None:
                turn.is_over = True
                return
            await webhook_events.begin(connection, delivery, turn.now)
            sealed = await webhooks.secrets_of(connection, webhook.webhook_id, turn.now)
        attempted = await self._attempt(turn, webhook, delivery, [self._unseal(secret) for secret in sealed])
        ended = after(delivery, attempted, turn.now)
        async with self._store.municipality(turn.claim.municipality) as connection:
            await webhook_events.end(connection, ended)
            if attempted.is_gone:
                await webhooks.move(connection, webhook.webhook_id, WebhookState.GONE, turn.now)
        _report(turn, attempted, ended)

    async def _attempt(
        self, turn: _Turn, webhook: Webhook, delivery: WebhookDelivery, secrets: list[bytes]
    ) -> Attempted:
        """Send, and return what came of it."""
        body = body_of(event_of(turn.claim.municipality, delivery))
        headers = headers_of(delivery.event_id, body, secrets, turn.now)
        try:
            return answered(await self._poster.post(webhook.url, headers, body.encode()), turn.now)
        except NotSentError as error:
            return unanswered(DeliveryOutcome(error.reason), turn.now)
        except Exception as error:  # noqa: BLE001 - Whatever the receiver does, the event may have arrived.
            _log.info("attempt without an answer", webhook=str(webhook.webhook_id), error=type(error).__name__)
            return unanswered(DeliveryOutcome.NO_ANSWER, turn.now)


def _asked(webhook: Webhook, now: datetime) -> tuple[Reach, FeedFilter]:
    """Return whose feed is read, and which part of it: exactly what its owner's token could read (P14)."""
    kinds = None if webhook.kinds is None else frozenset(webhook.kinds)
    return webhook.reach(danish_day(now)), FeedFilter(kinds)


def _place_of(webhook: Webhook) -> Place | None:
    if webhook.tx is None or webhook.position is None or webhook.part is None:
        return None
    return Place(webhook.tx, webhook.position, webhook.part)


def _delivery(webhook: Webhook, entry: FeedEntry, now: datetime) -> WebhookDelivery:
    return WebhookDelivery(
        webhook_id=webhook.webhook_id,
        delivery_id=webhook_delivery_id(webhook.webhook_id, entry.identity),
        event_id=entry.identity,
        kind=entry.shown_kind,
        at=entry.at,
        course_id=entry.course_id,
        revision=entry.revision,
        visit=entry.visit,
        position=entry.position,
        part=entry.part,
        queued_at=now,
        due_at=now,
    )


def _report(turn: _Turn, attempted: Attempted, ended: WebhookDelivery) -> None:
    """Count an attempt, and let the turn and the operators know what follows from it."""
    turn.rests_until = max(filter(None, (turn.rests_until, attempted.rests_until)), default=None)
    count(WEBHOOK_ATTEMPTS, "Attempts to deliver an event to a webhook.", outcome=attempted.outcome)
    lost = None
    if attempted.is_gone:
        turn.is_over, lost = True, "gone"
    elif ended.state is DeliveryState.DEAD_LETTER and ended.course_id is not None:
        lost = "dead_letter"
    if lost is not None:
        _log.error("webhook lost", what=lost, webhook=str(ended.webhook_id), delivery=str(ended.delivery_id))
        count(WEBHOOKS_LOST, "Webhooks whose receiver is gone, and events that were given up.", what=lost)
