"""What became of a notice on its way out: every attempt, and the first time it was sent and delivered (P4, P7)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from infra.store import tables as t
from infra.store.engine import Connection


class Outcome(StrEnum):
    """What came of an attempt; one that stays begun may have arrived."""

    BEGUN = "begun"
    REFUSED = "refused"
    SENT = "sent"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt to carry a notice over a channel, at an instant (UTC)."""

    notice: UUID
    channel: str
    attempt: UUID
    at: datetime


_LEFT_THE_HOUSE: Final = (Outcome.SENT, Outcome.DELIVERED)
_KEPT = insert(t.delivery)
_KEEP: Final = _KEPT.on_conflict_do_update(
    constraint=t.delivery.primary_key, set_={"at": _KEPT.excluded.at, "outcome": _KEPT.excluded.outcome}
)


async def record_attempt(connection: Connection, tried: Tried, outcome: Outcome) -> None:
    """Keep one attempt on one channel, and what the notice owes to it.

    Told again of the same attempt, its outcome is the newer and it counts once.
    The first time that the notice was sent, and the first that it was delivered, stand.
    """
    of_notice, n = t.delivery.c.notice_id == tried.notice, t.notice.c
    row = {"notice_id": tried.notice, "channel": tried.channel, "attempt_id": str(tried.attempt)}
    await connection.execute(_KEEP, {**row, "at": tried.at, "outcome": outcome})
    owed = {
        "attempts": select(func.count()).where(of_notice).scalar_subquery(),
        "sent_at": func.coalesce(n.sent_at, tried.at if outcome in _LEFT_THE_HOUSE else None),
        "delivered_at": func.coalesce(n.delivered_at, tried.at if outcome is Outcome.DELIVERED else None),
    }
    await connection.execute(update(t.notice).where(n.notice_id == tried.notice).values(owed))
