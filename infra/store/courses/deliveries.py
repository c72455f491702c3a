"""Attempts to deliver a notice, and the first time it was sent and delivered (P4, P7)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, DateTime, Uuid, any_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

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
_D: Final = t.delivery.c
_N: Final = t.notice.c
_TAKEN: Final = (
    select(_D.notice_id, _D.channel, _D.person)
    .where(_D.notice_id == any_(bindparam("notices", type_=ARRAY(Uuid))), _D.outcome.in_(HANDED_OVER))
    .distinct()
)
_INSERT = insert(t.delivery)
_UPSERT: Final = _INSERT.on_conflict_do_update(
    constraint=t.delivery.primary_key, set_={"at": _INSERT.excluded.at, "outcome": _INSERT.excluded.outcome}
)
_OF_NOTICE: Final[BindParameter[Any]] = bindparam("of_notice")
_OWE: Final = (
    update(t.notice)
    .where(_N.notice_id == _OF_NOTICE)
    .values(
        attempts=select(func.count()).where(_D.notice_id == _OF_NOTICE).scalar_subquery(),
        sent_at=func.coalesce(_N.sent_at, bindparam("sent", type_=DateTime(timezone=True))),
        delivered_at=func.coalesce(_N.delivered_at, bindparam("delivered", type_=DateTime(timezone=True))),
    )
)


async def handed_over(connection: Connection, notices: Collection[UUID]) -> dict[UUID, set[tuple[str, str]]]:
    """Return by notice the channels that have taken it, each with the person it took it for."""
    taken: dict[UUID, set[tuple[str, str]]] = {notice: set() for notice in notices}
    for row in await connection.execute(_TAKEN, {"notices": list(notices)}):
        taken[row.notice_id].add((row.channel, row.person))
    return taken


async def record_attempts(connection: Connection, attempts: Sequence[DeliveryAttempt], outcome: Outcome) -> None:
    """Record attempts, each of a notice on a channel, and what the notices owe to them.

    A second record of the same attempt replaces its outcome; the attempt counts once.
    The first time that the notice was sent, and the first that it was delivered, stand.
    """
    rows = [
        {
            "notice_id": one.notice,
            "channel": one.channel,
            "person": one.person,
            "attempt_id": str(one.attempt),
            "batch_id": one.batch,
            "at": one.at,
            "outcome": outcome,
        }
        for one in attempts
    ]
    await connection.execute(_UPSERT, rows)
    is_sent, is_delivered = outcome in HANDED_OVER, outcome is Outcome.DELIVERED
    owed = [
        {
            "of_notice": one.notice,
            "sent": one.at if is_sent else None,
            "delivered": one.at if is_delivered else None,
        }
        for one in attempts
    ]
    await connection.execute(_OWE, owed)
