"""Errands: the notices that a channel has still to carry; the courier claims, puts off and ends them (P7).

A claim is a new due time: until then nobody else finds the errand, and afterwards anybody does.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, DateTime, Text, Uuid, any_, bindparam, delete, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

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
_CHANGED: Final[dict[str, BindParameter[Any]]] = {
    name: bindparam(f"new_{name}") for name in ("due_at", "failures", "failing_since", "batch_id")
}
_PUT_OFF: Final = update(t.errand).where(*_ONE, _E.due_at == bindparam("claimed_until")).values(_CHANGED)
_HELD: Final = (
    select(t.errand)
    .where(
        _E.notice_id == any_(bindparam("notices", type_=ARRAY(Uuid))),
        _E.channel == any_(bindparam("channels", type_=ARRAY(Text))),
        _E.person == any_(bindparam("persons", type_=ARRAY(Text))),
        _E.due_at == any_(bindparam("until", type_=ARRAY(DateTime(timezone=True)))),
    )
    .order_by(_E.notice_id, _E.person)
    .with_for_update()
)
_NOTICES: Final = select(t.notice).where(t.notice.c.notice_id == any_(bindparam("notices", type_=ARRAY(Uuid))))
_DUE_NOTICES: Final = _NOTICES.where(t.notice.c.done_at.is_(None))
_DONE_NOTICES: Final = (
    _NOTICES.where(t.notice.c.done_at.is_not(None))
    .with_only_columns(t.notice.c.notice_id)
    .with_for_update(key_share=True, skip_locked=True)
)


class Claim(NamedTuple):
    """A notice that one channel is to carry to a person, and until when nobody else does."""

    municipality: str
    notice: UUID
    channel: str
    person: str
    until: datetime

    @property
    def key(self) -> tuple[UUID, str, str]:
        """Return which errand it is a claim on: the notice, the channel and the person."""
        return (self.notice, self.channel, self.person)


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


class Held(NamedTuple):
    """An errand, and the claim that holds it."""

    claim: Claim
    errand: Errand

    def put_off(self, **update: datetime | UUID | int | None) -> "Held":
        """Return the errand as it is to be from now on."""
        return self._replace(errand=self.errand.model_copy(update=update))


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


async def held(connection: Connection, claims: Collection[Claim]) -> list[Held]:
    """Return the errands whose claims hold, and keep them until the transaction ends; others have the rest."""
    claimed = {(claim.notice, claim.channel, claim.person, claim.until): claim for claim in claims}
    parts = (list(set(each)) for each in zip(*claimed, strict=True))
    rows = await connection.execute(_HELD, dict(zip(("notices", "channels", "persons", "until"), parts, strict=True)))
    every = map(Errand.read, rows)
    keyed = (((each.notice_id, each.channel, each.person, each.due_at), each) for each in every)
    return [Held(claimed[key], errand) for key, errand in keyed if key in claimed]


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
    """Return those of some notices that are still to be carried."""
    rows = await connection.execute(_DUE_NOTICES, {"notices": list(notices)})
    return {row.notice_id: row for row in map(NoticeRow.read, rows)}


async def surely_done(connection: Connection, notices: Collection[UUID]) -> set[UUID]:
    """Return those of some notices that are done, and that nobody raises again before the transaction ends.

    So an errand that is ended because its notice is done is ordered anew when the notice is raised again.
    Whoever writes a notice just now is not waited for, so that he and who calls this never wait for each other.
    """
    if not notices:
        return set()
    return {*(await connection.scalars(_DONE_NOTICES, {"notices": list(notices)}))}


async def of_notice(connection: Connection, notice: UUID, channels: Collection[str]) -> list[Errand]:
    """Return what some channels still have to carry of a notice."""
    statement = select(t.errand).where(_E.notice_id == notice, _E.channel.in_(channels))
    return [Errand.read(row) for row in await connection.execute(statement)]


async def put_off(connection: Connection, changed: Iterable[Held]) -> None:
    """Let errands be due again as they say now, while the claims hold."""
    rows = [
        {**_named(held.claim.key), "claimed_until": held.claim.until}
        | {parameter.key: getattr(held.errand, name) for name, parameter in _CHANGED.items()}
        for held in changed
    ]
    if rows:
        await connection.execute(_PUT_OFF, rows)


async def resolve(connection: Connection, claim: Claim, persons: Collection[str], now: datetime) -> None:
    """Put an errand for each of some persons, due now, in the place of one that is for the supervisors."""
    await end(connection, [(claim.notice, claim.channel, UNRESOLVED)])
    rows = [{"notice_id": claim.notice, "channel": claim.channel, "person": each, "due_at": now} for each in persons]
    if rows:
        await connection.execute(insert(t.errand).on_conflict_do_nothing(), rows)


async def end(connection: Connection, keys: Iterable[tuple[UUID, str, str]]) -> None:
    """End errands, each a notice on a channel to a person, because they are run or there is no need for them."""
    if rows := [_named(key) for key in keys]:
        await connection.execute(_END, rows)


def _named(key: tuple[UUID, str, str]) -> dict[str, object]:
    return dict(zip(("of_notice", "on_channel", "to_person"), key, strict=True))
