"""What each webhook is to be sent and was sent: in order within a course, each event under one id (P7)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, false, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.rows import StoredRow

Cursor = tuple[datetime, UUID]
"""When the last delivery of a page was queued, and its id."""

_E = t.webhook_event.c

PING: Final = "ping"
"""The kind of an event that tells nothing, by which a receiver is tried."""


class DeliveryState(StrEnum):
    """Where a delivery stands; `dead_letter` is one that is given up."""

    PENDING = "pending"
    FAILING = "failing"
    DELIVERED = "delivered"
    DEAD_LETTER = "dead_letter"


class DeliveryOutcome(StrEnum):
    """What came of an attempt; of `begun` and `no_answer` nobody knows whether it has arrived."""

    BEGUN = "begun"
    DELIVERED = "delivered"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    INSIDE = "inside"
    UNRESOLVED = "unresolved"
    UNREACHABLE = "unreachable"


_OPEN: Final = (DeliveryState.PENDING, DeliveryState.FAILING)
_IN_ORDER: Final = and_(_E.course_id.is_not(None), _E.out_of_order == false())


class WebhookDelivery(StoredRow):
    """An event on its way to one receiver; only a ping has no course."""

    webhook_id: UUID
    delivery_id: UUID
    event_id: str
    kind: str
    at: datetime
    course_id: UUID | None = None
    revision: int | None = None
    visit: int | None = None
    position: int | None = None
    part: int | None = None
    out_of_order: bool = False
    state: DeliveryState = DeliveryState.PENDING
    queued_at: datetime
    due_at: datetime
    attempts: int = 0
    attempted_at: datetime | None = None
    outcome: DeliveryOutcome | None = None
    status: int | None = None
    failures: int = 0
    failing_since: datetime | None = None


async def queue(connection: Connection, deliveries: Sequence[WebhookDelivery]) -> None:
    """Queue deliveries; one that is there already stays as it is."""
    statement = insert(t.webhook_event).on_conflict_do_nothing(constraint=t.webhook_event.primary_key)
    await connection.execute(statement, [delivery.model_dump() for delivery in deliveries])


async def due(connection: Connection, webhook: UUID, now: datetime, at_most: int) -> list[WebhookDelivery]:
    """Return deliveries that may be attempted: of each course its first open one alone, and what has no order."""
    is_open = (_E.webhook_id == webhook, _E.state.in_(_OPEN))
    first = (
        select(_E.delivery_id)
        .where(*is_open, _IN_ORDER)
        .ext(distinct_on(_E.course_id))
        .order_by(_E.course_id, _E.position, _E.part)
    )
    statement = (
        select(t.webhook_event)
        .where(*is_open, _E.due_at <= now, or_(~_IN_ORDER, _E.delivery_id.in_(first)))
        .order_by(_E.due_at, _E.position, _E.part)
        .limit(at_most)
    )
    return [WebhookDelivery.read(row) for row in await connection.execute(statement)]


async def begin(connection: Connection, delivery: WebhookDelivery, now: datetime) -> None:
    """Write an attempt down before it is made."""
    values = {"attempts": _E.attempts + 1, "attempted_at": now, "outcome": DeliveryOutcome.BEGUN, "status": None}
    await connection.execute(_this(delivery.webhook_id, delivery.delivery_id).values(values))


async def end(connection: Connection, delivery: WebhookDelivery) -> None:
    """Write down what came of an attempt, and when the next one is."""
    values = delivery.model_dump(include={"state", "due_at", "outcome", "status", "failures", "failing_since"})
    await connection.execute(_this(delivery.webhook_id, delivery.delivery_id).values(values))


async def redeliver(
    connection: Connection, webhook: UUID, delivery: UUID, exists_for_reader: ColumnElement[bool], now: datetime
) -> WebhookDelivery | None:
    """Let a delivery be attempted anew, out of order once it was ended; None when there is none for the reader."""
    this = _this(webhook, delivery).where(_of(exists_for_reader))
    ended = this.where(_E.state.not_in(_OPEN), _E.course_id.is_not(None))
    await connection.execute(ended.values(state=DeliveryState.PENDING, out_of_order=True))
    again = {"due_at": now, "failures": 0, "failing_since": None}
    await connection.execute(this.where(_E.state.in_(_OPEN)).values(again))
    one = select(t.webhook_event).where(_E.webhook_id == webhook, _E.delivery_id == delivery, _of(exists_for_reader))
    row = (await connection.execute(one)).one_or_none()
    return WebhookDelivery.read(row) if row else None


async def give_up_others(connection: Connection, webhook: UUID, exists_for_reader: ColumnElement[bool]) -> None:
    """Send nothing more of courses for which `exists_for_reader` does not hold."""
    others = update(t.webhook_event).where(_E.webhook_id == webhook, _E.state.in_(_OPEN), ~_of(exists_for_reader))
    await connection.execute(others.values(state=DeliveryState.DEAD_LETTER))


async def listed(
    connection: Connection,
    webhook: UUID,
    exists_for_reader: ColumnElement[bool],
    states: Collection[DeliveryState] | None,
    limit: int,
    after: Cursor | None = None,
) -> Page[WebhookDelivery, Cursor]:
    """Return the deliveries of a webhook, the last queued first, those in some states alone if they are named.

    They are pings, and those of courses for which `exists_for_reader` holds.
    """
    conditions: list[ColumnElement[bool]] = [_E.webhook_id == webhook, _of(exists_for_reader)]
    if states is not None:
        conditions.append(_E.state.in_(states))
    statement = select(t.webhook_event).where(*conditions)
    keys: list[ColumnElement[Any]] = [_E.queued_at, _E.delivery_id]
    return await read_page(connection, statement, WebhookDelivery, keys, _place_of, limit, after, newest_first=True)


async def drop_ended(connection: Connection, webhook: UUID, before: datetime) -> None:
    """Forget what was queued before an instant and is delivered or given up."""
    old = (_E.webhook_id == webhook, _E.queued_at < before, _E.state.not_in(_OPEN))
    await connection.execute(delete(t.webhook_event).where(*old))


def _of(exists_for_reader: ColumnElement[bool]) -> ColumnElement[bool]:
    c = t.course.c
    return or_(_E.course_id.is_(None), exists(c.course_id).where(c.course_id == _E.course_id, exists_for_reader))


def _place_of(delivery: WebhookDelivery) -> Cursor:
    return delivery.queued_at, delivery.delivery_id


def _this(webhook: UUID, delivery: UUID) -> Any:  # noqa: ANN401 - SQLAlchemy's type of an update names the table's.
    return update(t.webhook_event).where(_E.webhook_id == webhook, _E.delivery_id == delivery)
