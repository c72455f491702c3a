"""One request about webhooks: which of them exist for the caller, and the secrets that are made for them."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID, uuid4

from fastapi import Depends, Path

from api.feed.changes import NOW, feed_cursors
from api.http.access import Allowed
from api.http.caller import Caller, reach_of
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices, Services
from api.http.problems import ProblemError
from api.webhooks.models import WebhookBody
from domain.identity import Role
from domain.reach import Reach
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import feed
from infra.store.queries.feed import Place
from infra.store.queries.visibility import worked_with_by
from infra.store.registers import webhook_events, webhooks
from infra.store.registers.webhooks import Webhook, WebhookState
from infra.temporal.keyring import new_wrapped_key, unwrap

MOST_OF_ONE: Final = 10
"""How many webhooks one system has at most, so that it cannot use up those of all others."""
MOST: Final = 100
"""How many webhooks a municipality has at most."""

_PREFIX: Final = "whsec_"

SystemCaller = Annotated[Caller, Allowed(Role.SYSTEM)]
WebhookInPath = Annotated[UUID, Path(description="The id of a webhook, a UUID that its system has chosen.")]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A system that manages webhooks: its own, and all of them if it has the whole municipality."""

    services: Services
    caller: Claims
    now: datetime

    @property
    def reach(self) -> Reach:
        """Return which courses exist for the caller (P14)."""
        return reach_of(self.caller, self.now)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Connection]:
        """Open a transaction on the caller's municipality."""
        async with self.services.store.municipality(self.caller.municipality) as connection:
            yield connection

    async def listed(self, connection: Connection) -> list[Webhook]:
        """Return the webhooks that exist for the caller."""
        return [webhook for webhook in await webhooks.all_of(connection) if self._manages(webhook)]

    async def expect(self, connection: Connection, webhook: UUID) -> Webhook:
        """Return a webhook; raises ProblemError 404 where it does not exist for the caller."""
        stored = await webhooks.get(connection, webhook)
        if stored is None or not self._manages(stored):
            raise ProblemError(ApiCode.WEBHOOK_NOT_FOUND)
        return stored

    async def write(self, connection: Connection, webhook: UUID, body: WebhookBody) -> tuple[Webhook, str | None]:
        """Make a webhook, or change it; return it, with its secret if it was made. Raises ProblemError 404, 409."""
        if await webhooks.get(connection, webhook) is None:
            return await self._make(connection, webhook, body)
        stored = await self.expect(connection, webhook)
        changed = stored.model_copy(update={"url": body.url, "kinds": body.kinds, "description": body.description})
        await webhooks.change(connection, changed)
        return await self.read_as_caller(connection, changed), None

    async def read_as_caller(self, connection: Connection, webhook: Webhook) -> Webhook:
        """Let an own webhook be told what this token could read from now on, and nothing else that is queued."""
        if webhook.owner != self.caller.person:
            return webhook
        changed = webhook.model_copy(update={"roles": self.reach.roles, "units": self.reach.units})
        await webhooks.change(connection, changed)
        await webhook_events.give_up_others(connection, webhook.webhook_id, worked_with_by(self.reach))
        return changed

    async def add_secret(self, connection: Connection, webhook: UUID) -> str:
        """Let a new secret sign, and return it; nobody can read it again."""
        secret, settings = uuid4(), self.services.settings
        key = (settings.master_key_bytes, settings.master_key_id)
        sealed = new_wrapped_key(*key, webhooks.secret_key_id(webhook, secret))
        await webhooks.add_secret(connection, webhook, secret, sealed, self.now)
        return _PREFIX + base64.b64encode(unwrap(*key, sealed)).decode()

    async def _make(self, connection: Connection, webhook: UUID, body: WebhookBody) -> tuple[Webhook, str]:
        owners = [each.owner for each in await webhooks.all_of(connection)]
        if owners.count(self.caller.person) >= MOST_OF_ONE:
            raise ProblemError(ApiCode.OWN_WEBHOOKS_TOO_MANY, expected=MOST_OF_ONE)
        if len(owners) >= MOST:
            raise ProblemError(ApiCode.WEBHOOKS_TOO_MANY, expected=MOST)
        place = await self._place(connection, body.after)
        made = Webhook(
            webhook_id=webhook,
            url=body.url,
            kinds=body.kinds,
            description=body.description,
            owner=self.caller.person,
            roles=self.reach.roles,
            units=self.reach.units,
            created_at=self.now,
            state=WebhookState.ACTIVE,
            state_since=self.now,
            tx=place.tx if place else None,
            position=place.position if place else None,
            part=place.part if place else None,
            due_at=self.now,
        )
        await webhooks.add(connection, made)
        return made, await self.add_secret(connection, webhook)

    async def _place(self, connection: Connection, after: str | None) -> Place | None:
        if after == NOW:
            return await feed.head(connection)
        cursors = feed_cursors(self.services, self.caller.municipality)
        return None if after is None else cursors.read(after, "after")

    def _manages(self, webhook: Webhook) -> bool:
        return webhook.owner == self.caller.person or self.reach.governs(None)


async def _subscriber(services: GivenServices, caller: Caller) -> Subscriber:
    return Subscriber(services, caller, services.clock.now())


GivenSubscriber = Annotated[Subscriber, Depends(_subscriber)]
