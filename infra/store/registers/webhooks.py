"""Webhooks: whom a system lets be told what happens, how far each has come in the feed, and what signs it.

A claim is a new due time: until then nobody else serves the webhook, and afterwards anybody does.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import delete, or_, select, text, update

from domain.identity import Role
from domain.reach import Reach
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow
from infra.temporal.keyring import WrappedKey

_CLAIM: Final = text("SELECT * FROM fodslag_claim_webhooks(:now, :until)")
_CHANGEABLE: Final = frozenset({"url", "kinds", "description", "roles", "units"})
_W = t.webhook.c
_S = t.webhook_secret.c


class WebhookState(StrEnum):
    """Whether a webhook is sent anything; `gone` is one whose receiver has said that it is no more."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"


class Webhook(StoredRow):
    """A subscription to the feed as `owner` with these roles and units may read it, and its place there.

    Kinds and units are None for all of them; a place is None at the beginning.
    """

    webhook_id: UUID
    url: str
    kinds: tuple[str, ...] | None
    description: str | None
    owner: str
    roles: frozenset[Role]
    units: frozenset[str] | None
    created_at: datetime
    state: WebhookState
    state_since: datetime
    tx: int | None
    position: int | None
    part: int | None
    due_at: datetime

    def reach(self, today: date) -> Reach:
        """Return which courses exist for the owner on a Danish day (P14)."""
        return Reach(person=self.owner, roles=self.roles, units=self.units, today=today)


class WebhookClaim(NamedTuple):
    """A webhook that somebody serves, and until when nobody else does."""

    municipality: str
    webhook: UUID
    until: datetime


async def add(connection: Connection, webhook: Webhook) -> None:
    """Keep a new webhook."""
    await connection.execute(t.webhook.insert(), _values(webhook))


async def all_of(connection: Connection) -> list[Webhook]:
    """Return the webhooks of the municipality, the oldest first."""
    return [Webhook.read(row) for row in await connection.execute(select(t.webhook).order_by(_W.created_at))]


async def get(connection: Connection, webhook: UUID) -> Webhook | None:
    """Return a webhook if there is one."""
    row = (await connection.execute(select(t.webhook).where(_W.webhook_id == webhook))).one_or_none()
    return Webhook.read(row) if row else None


async def change(connection: Connection, webhook: Webhook) -> None:
    """Let a webhook lead elsewhere, or be sent other kinds or of other units, from where it has come to."""
    values = {name: value for name, value in _values(webhook).items() if name in _CHANGEABLE}
    await connection.execute(update(t.webhook).where(_W.webhook_id == webhook.webhook_id).values(values))


async def move(connection: Connection, webhook: UUID, state: WebhookState, now: datetime) -> None:
    """Let a webhook be active, paused or gone; what is so already stays as it is."""
    other = update(t.webhook).where(_W.webhook_id == webhook, _W.state != state)
    await connection.execute(other.values(state=state, state_since=now))


async def remove(connection: Connection, webhook: UUID) -> None:
    """Forget a webhook, its secrets and all that it was sent."""
    await connection.execute(delete(t.webhook).where(_W.webhook_id == webhook))


def secret_key_id(webhook: UUID, secret: UUID) -> str:
    """Return under which id a secret is sealed, so that it opens as this one alone."""
    return f"webhook/{webhook}/{secret}"


async def add_secret(connection: Connection, webhook: UUID, secret: UUID, sealed: WrappedKey, now: datetime) -> None:
    """Let what is sent be signed by one more secret."""
    values = {"webhook_id": webhook, "secret_id": secret, "master_key_id": sealed.master_key_id}
    await connection.execute(t.webhook_secret.insert(), {**values, "wrapped": sealed.wrapped, "since": now})


async def end_secrets(connection: Connection, webhook: UUID, until: datetime) -> None:
    """Let the newest secret sign until an instant yet, and forget those before it."""
    newest = select(_S.secret_id).where(_S.webhook_id == webhook).order_by(_S.since.desc(), _S.secret_id).limit(1)
    of_webhook = _S.webhook_id == webhook
    await connection.execute(delete(t.webhook_secret).where(of_webhook, _S.secret_id != newest.scalar_subquery()))
    await connection.execute(update(t.webhook_secret).where(of_webhook).values(until=until))


async def secrets_of(connection: Connection, webhook: UUID, now: datetime) -> list[WrappedKey]:
    """Return the secrets that sign now, the newest first."""
    valid = (_S.webhook_id == webhook, or_(_S.until.is_(None), _S.until > now))
    rows = await connection.execute(select(t.webhook_secret).where(*valid).order_by(_S.since.desc()))
    return [WrappedKey(secret_key_id(webhook, row.secret_id), row.master_key_id, row.wrapped) for row in rows]


async def claim(connection: Connection, now: datetime, until: datetime) -> list[WebhookClaim]:
    """Claim every active webhook that is due, in whichever municipality."""
    rows = await connection.execute(_CLAIM, {"now": now, "until": until})
    return [WebhookClaim(row.municipality, row.webhook_id, until) for row in rows]


async def held(connection: Connection, claim: WebhookClaim) -> Webhook | None:
    """Return the webhook while the claim holds and nobody has paused it."""
    mine = (_W.webhook_id == claim.webhook, _W.due_at == claim.until, _W.state == WebhookState.ACTIVE)
    row = (await connection.execute(select(t.webhook).where(*mine))).one_or_none()
    return Webhook.read(row) if row else None


async def reach_place(connection: Connection, webhook: UUID, tx: int, position: int, part: int) -> None:
    """Write down how far a webhook has come in the feed."""
    place = {"tx": tx, "position": position, "part": part}
    await connection.execute(update(t.webhook).where(_W.webhook_id == webhook).values(place))


async def release(connection: Connection, claim: WebhookClaim, due_at: datetime) -> None:
    """Let a webhook be due again at an instant, while the claim holds."""
    mine = (_W.webhook_id == claim.webhook, _W.due_at == claim.until)
    await connection.execute(update(t.webhook).where(*mine).values(due_at=due_at))


def _values(webhook: Webhook) -> dict[str, Any]:
    units = None if webhook.units is None else sorted(webhook.units)
    return {**webhook.model_dump(), "roles": sorted(webhook.roles), "units": units}
