"""Bulk acts: what somebody ordered of many courses at once, as a command to each, and what came of it (P7).

A claim is a new due time: until then nobody else has the item, and afterwards anybody does.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.dialects.postgresql import insert

from domain.commands import Command
from domain.errors import Code, Problem
from domain.model import Model
from infra.store import tables as t
from infra.store.bulk_rows import BulkAct, BulkItem, ItemState
from infra.store.engine import Connection

_CLAIM: Final = text("SELECT * FROM fodslag_claim_bulk_items(:now, :until, :at_most)")
_A = t.bulk_act.c
_I = t.bulk_item.c


class Order(Model):
    """One item to be ordered: a command with the staged text that it names, or why none can be given.

    It is given at once, or not before it is due.
    """

    course: UUID
    command: Command | None = None
    text: UUID | None = None
    problems: tuple[Problem, ...] = ()
    due_at: datetime | None = None


class ItemClaim(NamedTuple):
    """An item that somebody carries out, and until when nobody else does."""

    municipality: str
    bulk: UUID
    ordinal: int
    until: datetime


async def order(connection: Connection, act: BulkAct, orders: Iterable[Order]) -> None:
    """Keep what is ordered, in its order; an act that is kept already stays as it is."""
    adding = insert(t.bulk_act).on_conflict_do_nothing().returning(_A.bulk_id)
    if await connection.scalar(adding, act.model_dump()) is None:
        return
    items = [_row(act, ordinal, one) for ordinal, one in enumerate(orders)]
    if items:
        await connection.execute(insert(t.bulk_item), items)


def _row(act: BulkAct, ordinal: int, one: Order) -> dict[str, Any]:
    is_failed = one.command is None
    return {
        "bulk_id": act.bulk_id,
        "ordinal": ordinal,
        "course_id": one.course,
        "command": one.command.model_dump(mode="json") if one.command is not None else None,
        "text_id": one.text,
        "state": ItemState.FAILED if is_failed else ItemState.WAITING,
        "due_at": max(act.ordered_at, one.due_at or act.ordered_at),
        "ended_at": act.ordered_at if is_failed else None,
        "problems": _dumped(one.problems) if is_failed else None,
    }


async def get(connection: Connection, bulk: UUID) -> BulkAct | None:
    """Return an act if there is one."""
    row = (await connection.execute(select(t.bulk_act).where(_A.bulk_id == bulk))).one_or_none()
    return BulkAct.read(row) if row else None


async def claim(connection: Connection, now: datetime, until: datetime, at_most: int) -> list[ItemClaim]:
    """Claim what is due, in every municipality at most so much, the longest due first."""
    rows = await connection.execute(_CLAIM, {"now": now, "until": until, "at_most": at_most})
    return [ItemClaim(row.municipality, row.bulk_id, row.ordinal, until) for row in rows]


async def held(connection: Connection, claim: ItemClaim) -> BulkItem | None:
    """Return the item while the claim holds."""
    row = (await connection.execute(select(t.bulk_item).where(*_mine(claim)))).one_or_none()
    return BulkItem.read(row) if row else None


async def end(
    connection: Connection,
    claim: ItemClaim,
    now: datetime,
    *,
    revision: int | None = None,
    problems: Iterable[Problem] = (),
) -> None:
    """Write down the revision that the command gave, or why it was refused, while the claim holds."""
    refused = _dumped(problems)
    state = ItemState.FAILED if refused else ItemState.DONE
    values = {"state": state, "ended_at": now, "revision": revision, "problems": refused or None}
    await connection.execute(update(t.bulk_item).where(*_mine(claim)).values(values))


async def put_off(connection: Connection, claim: ItemClaim, due_at: datetime, failures: int) -> None:
    """Let the item be due again at an instant, while the claim holds."""
    values = {"due_at": due_at, "failures": failures}
    await connection.execute(update(t.bulk_item).where(*_mine(claim)).values(values))


async def call_off(connection: Connection, bulk: UUID, courses: Sequence[UUID], now: datetime) -> None:
    """Let the commands to some courses that were not given yet be given no more."""
    waits = (_I.bulk_id == bulk, _I.course_id.in_(courses), _I.state == ItemState.WAITING)
    await connection.execute(update(t.bulk_item).where(*waits).values(_called_off(now)))


async def call_off_re_pins(connection: Connection, hashes: Iterable[str], now: datetime) -> None:
    """Let no course follow rule sets that were withdrawn: what was not given yet is given no more."""
    waits = (_I.command["rules"].astext.in_([*hashes]), _I.state == ItemState.WAITING)
    await connection.execute(update(t.bulk_item).where(*waits).values(_called_off(now)))


def _called_off(now: datetime) -> dict[str, Any]:
    return {"state": ItemState.FAILED, "ended_at": now, "problems": _dumped([Problem(code=Code.CALLED_OFF)])}


def _mine(claim: ItemClaim) -> tuple[ColumnElement[bool], ...]:
    is_waiting = _I.state == ItemState.WAITING
    return (_I.bulk_id == claim.bulk, _I.ordinal == claim.ordinal, _I.due_at == claim.until, is_waiting)


def _dumped(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [problem.model_dump(mode="json") for problem in problems]
