"""Attempts to deliver a notice, and the first time it was sent and delivered (P4, P7)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import Outcome


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One attempt to carry a notice over a channel to a person, as part of a batch, at an instant (UTC)."""

    notice: UUID
    channel: str
    person: str
    attempt: UUID
    batch: UUID
    at: datetime


HANDED_OVER: Final = (Outcome.SENT, Outcome.DELIVERED)
_INSERT = insert(t.delivery)
_UPSERT: Final = _INSERT.on_conflict_do_update(
    constraint=t.delivery.primary_key, set_={"at": _INSERT.excluded.at, "outcome": _INSERT.excluded.outcome}
)


async def handed_over(connection: Connection, notice: UUID) -> set[tuple[str, str]]:
    """Return the channels that have taken a notice, each with the person it took it for."""
    c = t.delivery.c
    taken = select(c.channel, c.person).where(c.notice_id == notice, c.outcome.in_(HANDED_OVER)).distinct()
    return {(row.channel, row.person) for row in await connection.execute(taken)}


async def record_attempt(connection: Connection, attempt: DeliveryAttempt, outcome: Outcome) -> None:
    """Record one attempt on one channel, and what the notice owes to it.

    A second record of the same attempt replaces its outcome; the attempt counts once.
    The first time that the notice was sent, and the first that it was delivered, stand.
    """
    of_notice, n = t.delivery.c.notice_id == attempt.notice, t.notice.c
    to = {"notice_id": attempt.notice, "channel": attempt.channel, "person": attempt.person}
    row = {**to, "attempt_id": str(attempt.attempt), "batch_id": attempt.batch}
    await connection.execute(_UPSERT, {**row, "at": attempt.at, "outcome": outcome})
    owed = {
        "attempts": select(func.count()).where(of_notice).scalar_subquery(),
        "sent_at": func.coalesce(n.sent_at, attempt.at if outcome in HANDED_OVER else None),
        "delivered_at": func.coalesce(n.delivered_at, attempt.at if outcome is Outcome.DELIVERED else None),
    }
    await connection.execute(update(t.notice).where(n.notice_id == attempt.notice).values(owed))
