"""What a webhook was sent and is to be sent: listed, sent once more, and tried by a ping."""

from typing import Annotated, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Query
from pydantic import TypeAdapter

from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.paging import GivenPaging, PageOf
from api.http.problems import ProblemError
from api.http.responses import problems
from api.webhooks.models import DeliveryRead, delivery_read
from api.webhooks.subscriber import GivenSubscriber, SystemCaller, WebhookInPath
from domain.identity import webhook_delivery_id
from infra.store.queries.visibility import worked_with_by
from infra.store.registers import webhook_events
from infra.store.registers.webhook_events import PING, Cursor, DeliveryState, WebhookDelivery

router = APIRouter(tags=["webhooks"])

_BY_AGE: Final[TypeAdapter[Cursor]] = TypeAdapter(Cursor)

_States = Annotated[
    list[DeliveryState] | None,
    Query(
        max_length=len(DeliveryState), description="Only these, such as `failing` and `dead_letter`; may be repeated."
    ),
]


@router.get("/v1/webhooks/{webhook}/deliveries", summary="List the deliveries", responses=problems(404))
async def list_deliveries(
    _caller: SystemCaller,
    webhook: WebhookInPath,
    subscriber: GivenSubscriber,
    paging: GivenPaging,
    _reading: GivenReading,
    state: _States = None,
) -> PageOf[DeliveryRead]:
    """Return what the webhook was sent and is to be sent, the last queued first; thirty days of what has ended.

    What is of courses that this token does not work with is not among it, though the webhook was made by a wider one.
    """
    after = paging.position(_BY_AGE)
    async with subscriber.connected() as connection:
        await subscriber.expect(connection, webhook)
        page = await webhook_events.listed(
            connection, webhook, worked_with_by(subscriber.reach), state, paging.limit, after
        )
    return paging.page([delivery_read(delivery) for delivery in page.items], page.next, _BY_AGE)


@router.post(
    "/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver", summary="Deliver once more", responses=problems(404)
)
async def redeliver(
    _caller: SystemCaller,
    webhook: WebhookInPath,
    delivery: Annotated[UUID, Path(description="The id of a delivery.")],
    subscriber: GivenSubscriber,
) -> DeliveryRead:
    """Attempt a delivery soon: one that has ended comes under the same id and says that it is out of order.

    One that waits to be attempted again keeps its place.
    """
    async with subscriber.connected() as connection:
        await subscriber.expect(connection, webhook)
        visible = worked_with_by(subscriber.reach)
        queued = await webhook_events.redeliver(connection, webhook, delivery, visible, subscriber.now)
    if queued is None:
        raise ProblemError(ApiCode.DELIVERY_NOT_FOUND)
    return delivery_read(queued)


@router.post("/v1/webhooks/{webhook}/test", summary="Try a webhook", status_code=202, responses=problems(404))
async def try_webhook(_caller: SystemCaller, webhook: WebhookInPath, subscriber: GivenSubscriber) -> DeliveryRead:
    """Send the receiver an event of kind `ping`, once; the list of deliveries says what came of it.

    Where the webhook is paused it waits until it is resumed.
    """
    event, now = f"{PING}/{uuid4()}", subscriber.now
    ping = WebhookDelivery(
        webhook_id=webhook,
        delivery_id=webhook_delivery_id(webhook, event),
        event_id=event,
        kind=PING,
        at=now,
        queued_at=now,
        due_at=now,
    )
    async with subscriber.connected() as connection:
        await subscriber.expect(connection, webhook)
        await webhook_events.queue(connection, [ping])
    return delivery_read(ping)
