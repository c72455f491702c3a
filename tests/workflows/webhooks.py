"""Webhooks without Temporal: courses that the store has, systems that subscribe, and one server for all receivers."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import true

from activities.webhooks.sender import CLAIMED_FOR, WebhookSender
from infra.store.registers import webhook_events, webhooks
from infra.store.registers.webhook_events import DeliveryState, WebhookDelivery
from infra.store.registers.webhooks import Webhook, WebhookState
from infra.temporal.keyring import new_wrapped_key, unwrap
from tests.store.vocabulary import MONDAY, RecordedCourse, a_webhook
from tests.stores import Stores
from tests.workflows.vocabulary import MASTER_KEY
from tools.town.receiver import Received, Receiver, poster_to

OPEN: Final = (DeliveryState.PENDING, DeliveryState.FAILING)
_STEP: Final = timedelta(minutes=30)


@dataclass
class Subscription:
    """A system's webhook, as the API keeps it, and what its receiver got."""

    town: "WebhookTown"
    name: str
    id: UUID

    @property
    def requests(self) -> list[Received]:
        """Return what came, in the order in which it came."""
        path = f"/{self.town.municipality}/{self.name}"
        return [request for request in self.town.receiver.received if request.path == path]

    @property
    def ids(self) -> list[str]:
        """Return the ids of the events that came."""
        return [request.headers["webhook-id"] for request in self.requests]

    @property
    def events(self) -> list[dict[str, Any]]:
        """Return the events that came, as JSON."""
        return [json.loads(request.body) for request in self.requests]

    async def stored(self) -> Webhook:
        """Return the webhook as it is kept."""
        async with self.town.stores.api.municipality(self.town.municipality) as connection:
            webhook = await webhooks.get(connection, self.id)
            assert webhook is not None
            return webhook

    async def moves(self, state: WebhookState) -> None:
        """Pause the webhook, or let it be active again."""
        async with self.town.stores.api.municipality(self.town.municipality) as connection:
            await webhooks.move(connection, self.id, state, self.town.now)

    async def deliveries(self, *states: DeliveryState) -> list[WebhookDelivery]:
        """Return what it is to be sent and was sent, the last queued first."""
        async with self.town.stores.api.municipality(self.town.municipality) as connection:
            return list((await webhook_events.listed(connection, self.id, true(), states or None, 1000)).items)

    async def redelivers(self, delivery: WebhookDelivery) -> None:
        """Ask for a delivery once more."""
        async with self.town.stores.api.municipality(self.town.municipality) as connection:
            await webhook_events.redeliver(connection, self.id, delivery.delivery_id, true(), self.town.now)

    async def rotates(self, until: datetime) -> bytes:
        """Let a new secret sign, beside the newest one until an instant; return it."""
        self.town.now += timedelta(seconds=1)
        secret = uuid4()
        sealed = new_wrapped_key(MASTER_KEY, "m1", webhooks.secret_key_id(self.id, secret))
        async with self.town.stores.api.municipality(self.town.municipality) as connection:
            await webhooks.end_secrets(connection, self.id, until)
            await webhooks.add_secret(connection, self.id, secret, sealed, self.town.now)
        return unwrap(MASTER_KEY, "m1", sealed)


@dataclass
class WebhookTown:
    """A municipality whose courses systems follow by webhooks, at a time that passes as a test wants."""

    stores: Stores
    municipality: str
    receiver: Receiver
    trusted: ssl.SSLContext
    now: datetime = MONDAY
    subscriptions: list[Subscription] = field(default_factory=list)

    @property
    def sender(self) -> WebhookSender:
        """Return one more sender, as of another worker."""
        poster = poster_to(self.receiver, self.trusted)
        return WebhookSender(self.stores.worker, poster, partial(unwrap, MASTER_KEY, "m1"))

    def course(self, reference: str = "sag-1", **what: Any) -> RecordedCourse:
        """Return a course that has not begun."""
        return RecordedCourse(self.stores, self.municipality, reference, **what)

    async def subscribes(self, name: str = "case-system", **what: Any) -> Subscription:
        """Let a system subscribe, from the beginning and to everything unless it says otherwise."""
        url = f"https://receiver.example/{self.municipality}/{name}"
        webhook = a_webhook(**{"url": url, "owner": name, "due_at": self.now, **what})
        async with self.stores.api.municipality(self.municipality) as connection:
            await webhooks.add(connection, webhook)
        subscription = Subscription(self, name, webhook.webhook_id)
        self.subscriptions.append(subscription)
        await subscription.rotates(self.now)
        return subscription

    async def carries(self, by: timedelta = timedelta()) -> None:
        """Let time pass, and then a sender serve whatever is due."""
        self.now += max(by, timedelta(seconds=5))
        await self.sender.carry(self.now)

    async def carries_all(self, within: timedelta = timedelta(days=2)) -> None:
        """Let time pass until nothing is left to be sent."""
        until = self.now + within
        await self.carries()
        while any([await each.deliveries(*OPEN) for each in self.subscriptions]):
            await self.carries(_STEP)
            assert self.now < until, "something is never sent"

    async def is_killed_while_it_sends(self) -> None:
        """Let a worker die when the receiver has the next request, before anything is written down of its answer."""
        self.now += timedelta(seconds=5)
        arrived = len(self.receiver.received)
        carrying = asyncio.create_task(self.sender.carry(self.now))
        while len(self.receiver.received) == arrived and not carrying.done():
            arrival = asyncio.create_task(self.receiver.arrivals.get())
            await asyncio.wait({carrying, arrival}, return_when=asyncio.FIRST_COMPLETED)
            arrival.cancel()
        carrying.cancel()
        await asyncio.gather(carrying, return_exceptions=True)
        self.now += CLAIMED_FOR

    async def closes(self) -> None:
        """Leave no webhook behind that another test's sender would serve."""
        async with self.stores.api.municipality(self.municipality) as connection:
            for webhook in await webhooks.all_of(connection):
                await webhooks.remove(connection, webhook.webhook_id)


@asynccontextmanager
async def webhook_town(
    stores: Stores, municipality: str, receiver: Receiver, trusted: ssl.SSLContext
) -> AsyncIterator[WebhookTown]:
    """Give a test a municipality of its own, which leaves nothing to be sent."""
    town = WebhookTown(stores, municipality, receiver, trusted)
    try:
        yield town
    finally:
        await town.closes()
