"""Keeps an order of many courses at once under the request's identity, so that a repeat orders nothing more (P7)."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from api.http.codes import ApiCode
from api.http.idempotency import Sender
from api.http.problems import wrong
from domain.errors import Code
from domain.identity import Unit
from infra.store.bulk_rows import BulkAct, BulkKind
from infra.store.engine import Connection
from infra.store.registers import bulk_acts
from infra.store.registers.bulk_acts import Order


async def is_ordered(connection: Connection, sender: Sender) -> bool:
    """Whether this very request has ordered its act before; raises ProblemError when its key named another one."""
    act = await bulk_acts.get(connection, sender.command_id)
    if act is not None and act.digest != sender.digest:
        raise wrong(Code.IDEMPOTENCY_KEY_REUSED, "Idempotency-Key")
    return act is not None


async def order(connection: Connection, sender: Sender, kind: BulkKind, orders: Iterable[Order]) -> None:
    """Keep what is ordered; raises ProblemError where there is nothing to do."""
    orders = list(orders)
    if not orders:
        raise wrong(ApiCode.NOTHING_TO_ORDER, "courses")
    act = BulkAct(
        bulk_id=sender.command_id,
        kind=kind,
        digest=sender.digest,
        ordered_by=sender.caller.person,
        ordered_at=sender.services.clock.now(),
    )
    await bulk_acts.order(connection, act, orders)


def part_for(sender: Sender, course: UUID, unit: Unit, cause: str) -> Sender:
    """Return the sender of the command to one course of a unit; what revision the request named is of none of them."""
    part = sender.for_part(course, cause, {"bulk": str(sender.command_id)}).in_unit(unit)
    return replace(part, expected_revisions=None)
