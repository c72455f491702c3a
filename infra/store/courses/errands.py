"""Errands: the notices that a channel has still to carry; the courier claims, puts off and ends them (P7).

A claim is a new due time: until then nobody else finds the errand, and afterwards anybody does.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, text, update

from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import NoticeRow, StoredRow

WAKE: Final = "fodslag_courier"
"""The channel of PostgreSQL's on which every new errand is told of."""

_CLAIM: Final = text("SELECT * FROM fodslag_claim_errands(:channel, :now, :until, :at_most)")
_E = t.errand.c
_OF_CHANNEL = (_E.notice_id == bindparam("notice"), _E.channel == bindparam("channel"))
_HELD: Final = select(t.errand).where(*_OF_CHANNEL, _E.due_at == bindparam("until")).with_for_update()
_END: Final = delete(t.errand).where(*_OF_CHANNEL)


class Claim(NamedTuple):
    """A notice that one channel is to carry, and until when nobody else does."""

    municipality: str
    notice: UUID
    channel: str
    until: datetime


class Errand(StoredRow):
    """What a channel still has to carry; it has failed so often, and since then."""

    notice_id: UUID
    channel: str
    due_at: datetime
    failures: int
    failing_since: datetime | None


async def claim(connection: Connection, channel: str, now: datetime, until: datetime, at_most: int) -> list[Claim]:
    """Claim what is due on a channel, in every municipality at most so many, the longest due first."""
    asked = {"channel": channel, "now": now, "until": until, "at_most": at_most}
    return [Claim(row.municipality, row.notice_id, channel, until) for row in await connection.execute(_CLAIM, asked)]


async def next_due(connection: Connection, channel: str) -> datetime | None:
    """Return when the next errand of a channel is due, in whichever municipality."""
    due: datetime | None = await connection.scalar(select(func.fodslag_next_errand(channel)))
    return due


async def held(connection: Connection, claim: Claim) -> Errand | None:
    """Return the errand while the claim holds, and keep it until the transaction ends; None when another has it."""
    key = {"notice": claim.notice, "channel": claim.channel, "until": claim.until}
    row = (await connection.execute(_HELD, key)).one_or_none()
    return Errand.read(row) if row else None


async def due_notice(connection: Connection, notice: UUID) -> NoticeRow | None:
    """Return a notice that is still to be carried, None when it is done; nobody ends or raises it meanwhile.

    So an errand that is ended because its notice is done is ordered anew when the notice is raised again.
    """
    n = t.notice.c
    statement = select(t.notice).where(n.notice_id == notice).with_for_update(key_share=True)
    row = (await connection.execute(statement)).one_or_none()
    return NoticeRow.read(row) if row and row.done_at is None else None


async def of_notice(connection: Connection, notice: UUID, channels: Collection[str]) -> list[Errand]:
    """Return what some channels still have to carry of a notice."""
    statement = select(t.errand).where(_E.notice_id == notice, _E.channel.in_(channels))
    return [Errand.read(row) for row in await connection.execute(statement)]


async def put_off(connection: Connection, claim: Claim, errand: Errand) -> None:
    """Let an errand be due again as it says now, while the claim holds."""
    mine = (_E.notice_id == claim.notice, _E.channel == claim.channel, _E.due_at == claim.until)
    values = errand.model_dump(include={"due_at", "failures", "failing_since"})
    await connection.execute(update(t.errand).where(*mine).values(values))


async def end(connection: Connection, notice: UUID, channel: str) -> None:
    """End an errand, because it is run or there is no need for it."""
    await connection.execute(_END, {"notice": notice, "channel": channel})
