"""Errands: the notices that a channel has still to carry; the courier claims, puts off and ends them (P7).

A claim is a new due time: until then nobody else finds the errand, and afterwards anybody does.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import NoticeRow, StoredRow

WAKE: Final = "fodslag_courier"
"""The channel of PostgreSQL's on which every new errand is told of."""

UNRESOLVED: Final = ""
"""The person of an errand that is for supervisors, until it is due and they are looked up."""

_QUEUE: Final = "unit/"
"""What begins the person of an errand that is for the queue of a unit, and no person's id."""

_CLAIM: Final = text("SELECT * FROM fodslag_claim_errands(:channel, :now, :until, :at_most)")
_E = t.errand.c
_ONE: Final = (
    _E.notice_id == bindparam("of_notice"),
    _E.channel == bindparam("on_channel"),
    _E.person == bindparam("to_person"),
)
_END: Final = delete(t.errand).where(*_ONE)


class Claim(NamedTuple):
    """A notice that one channel is to carry to a person, and until when nobody else does."""

    municipality: str
    notice: UUID
    channel: str
    person: str
    until: datetime


class Errand(StoredRow):
    """What a channel still has to carry to whom; it has failed so often, and since then.

    The batch of which it is part is one that may have arrived, and is sent again as it was.
    """

    notice_id: UUID
    channel: str
    person: str
    due_at: datetime
    failures: int
    failing_since: datetime | None
    batch_id: UUID | None


def queue_of(unit: str) -> str:
    """Return the person of an errand that is for the queue of a unit."""
    return f"{_QUEUE}{unit}"


def unit_of(person: str) -> str | None:
    """Return the unit whose queue an errand is for; None for a person's."""
    return person.removeprefix(_QUEUE) if person.startswith(_QUEUE) else None


async def claim(connection: Connection, channel: str, now: datetime, until: datetime, at_most: int) -> list[Claim]:
    """Claim what is due on a channel, in every municipality at most so many, the longest due first."""
    asked = {"channel": channel, "now": now, "until": until, "at_most": at_most}
    rows = await connection.execute(_CLAIM, asked)
    return [Claim(row.municipality, row.notice_id, channel, row.person, until) for row in rows]


async def claim_for(connection: Connection, claims: Collection[Claim], now: datetime) -> list[Claim]:
    """Claim what else is due for the persons of some claims of one municipality and channel."""
    persons = {claim.person for claim in claims} - {UNRESOLVED}
    one = next(iter(claims))
    is_due = (_E.channel == one.channel, _E.person.in_(persons), _E.due_at <= now)
    due = select(_E.notice_id, _E.person).where(*is_due).with_for_update(skip_locked=True)
    taken = update(t.errand).where(_E.channel == one.channel, tuple_(_E.notice_id, _E.person).in_(due))
    rows = await connection.execute(taken.values(due_at=one.until).returning(_E.notice_id, _E.person))
    return [one._replace(notice=row.notice_id, person=row.person) for row in rows]


async def next_due(connection: Connection, channel: str) -> datetime | None:
    """Return when the next errand of a channel is due, in whichever municipality."""
    due: datetime | None = await connection.scalar(select(func.fodslag_next_errand(channel)))
    return due


async def held(connection: Connection, claims: Sequence[Claim]) -> list[Errand]:
    """Return the errands whose claims hold, and keep them until the transaction ends; others have the rest."""
    keys = [(claim.notice, claim.channel, claim.person, claim.until) for claim in claims]
    is_held = tuple_(_E.notice_id, _E.channel, _E.person, _E.due_at).in_(keys)
    statement = select(t.errand).where(is_held).order_by(_E.notice_id, _E.person).with_for_update()
    return [Errand.read(row) for row in await connection.execute(statement)]


async def take_batch(connection: Connection, claims: Sequence[Claim], batch: UUID) -> list[Claim]:
    """Claim all that is owed of a batch, whenever it is due, by claims of which one holds; nothing where none does.

    For it is sent as it was: what is left out now would come by itself, and so twice.
    """
    in_batch = _E.batch_id == batch
    statement = select(t.errand).where(in_batch).order_by(_E.notice_id, _E.person).with_for_update()
    every = [Errand.read(row) for row in await connection.execute(statement)]
    held_now = {(errand.notice_id, errand.person, errand.due_at) for errand in every}
    first = next((one for one in claims if (one.notice, one.person, one.until) in held_now), None)
    if first is None:
        return []
    await connection.execute(update(t.errand).where(in_batch).values(due_at=first.until))
    return [first._replace(notice=errand.notice_id, person=errand.person) for errand in every]


async def due_notices(connection: Connection, notices: Collection[UUID]) -> dict[UUID, NoticeRow]:
    """Return those of some notices that are still to be carried; nobody ends or raises them meanwhile.

    So an errand that is ended because its notice is done is ordered anew when the notice is raised again.
    """
    n = t.notice.c
    statement = select(t.notice).where(n.notice_id.in_(notices)).order_by(n.notice_id).with_for_update(key_share=True)
    rows = map(NoticeRow.read, await connection.execute(statement))
    return {row.notice_id: row for row in rows if row.done_at is None}


async def of_notice(connection: Connection, notice: UUID, channels: Collection[str]) -> list[Errand]:
    """Return what some channels still have to carry of a notice."""
    statement = select(t.errand).where(_E.notice_id == notice, _E.channel.in_(channels))
    return [Errand.read(row) for row in await connection.execute(statement)]


async def put_off(connection: Connection, claim: Claim, errand: Errand) -> None:
    """Let an errand be due again as it says now, while the claim holds."""
    values = errand.model_dump(include={"due_at", "failures", "failing_since", "batch_id"})
    mine = update(t.errand).where(*_ONE, _E.due_at == claim.until).values(values)
    await connection.execute(mine, _key(claim.notice, claim.channel, claim.person))


async def resolve(connection: Connection, claim: Claim, persons: Collection[str], now: datetime) -> None:
    """Put an errand for each of some persons, due now, in the place of one that is for the supervisors."""
    await end(connection, claim.notice, claim.channel, UNRESOLVED)
    rows = [{"notice_id": claim.notice, "channel": claim.channel, "person": each, "due_at": now} for each in persons]
    if rows:
        await connection.execute(insert(t.errand).on_conflict_do_nothing(), rows)


async def end(connection: Connection, notice: UUID, channel: str, person: str) -> None:
    """End an errand, because it is run or there is no need for it."""
    await connection.execute(_END, _key(notice, channel, person))


def _key(notice: UUID, channel: str, person: str) -> dict[str, object]:
    return {"of_notice": notice, "on_channel": channel, "to_person": person}
