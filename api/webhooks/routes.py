"""Webhooks: made, changed, paused, resumed and removed by the systems that they tell."""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Response

from api.http.conditional import GivenReading
from api.http.paging import PageOf
from api.http.responses import Responses, problems
from api.webhooks.models import RotatedRead, RotationBody, WebhookBody, WebhookRead, WebhookWritten
from api.webhooks.models import webhook_read as read
from api.webhooks.models import webhook_written as written
from api.webhooks.subscriber import GivenSubscriber, Subscriber, SystemCaller, WebhookInPath
from infra.store.engine import Connection
from infra.store.registers import webhooks
from infra.store.registers.webhooks import WebhookState

router = APIRouter(tags=["webhooks"])

_CREATED: Final = 201
_MADE: Final[Responses] = {
    201: {"description": "The webhook is made; `secret` is in no later answer.", "model": WebhookWritten}
}


@router.get("/v1/webhooks", summary="List the webhooks", responses=problems())
async def list_webhooks(
    _caller: SystemCaller, subscriber: GivenSubscriber, _reading: GivenReading
) -> PageOf[WebhookRead]:
    """Return the caller's webhooks, and those of others to who has the whole municipality; all of them on one page."""
    async with subscriber.connected() as connection:
        return PageOf(items=[read(webhook) for webhook in await subscriber.listed(connection)])


@router.get("/v1/webhooks/{webhook}", summary="Read a webhook", responses=problems(404))
async def read_webhook(
    _caller: SystemCaller, webhook: WebhookInPath, subscriber: GivenSubscriber, _reading: GivenReading
) -> WebhookRead:
    """Return a webhook; nobody can read its secret."""
    async with subscriber.connected() as connection:
        return read(await subscriber.expect(connection, webhook))


@router.put(
    "/v1/webhooks/{webhook}",
    summary="Make or change a webhook",
    responses={**_MADE, **problems(404, 409, with_body=True)},
)
async def write_webhook(
    _caller: SystemCaller,
    webhook: WebhookInPath,
    body: WebhookBody,
    subscriber: GivenSubscriber,
    response: Response,
) -> WebhookWritten:
    """Let a server be told what happens, under an id that you choose; the same once more changes nothing.

    It is told what this token could read of the feed, and goes on when the token has ended, until it is removed.
    A narrower token that changes it narrows it, and what was queued of other courses is given up.
    """
    async with subscriber.connected() as connection:
        stored, secret = await subscriber.write(connection, webhook, body)
    if secret is not None:
        response.status_code = _CREATED
    return written(stored, secret)


@router.post("/v1/webhooks/{webhook}/pause", summary="Pause a webhook", responses=problems(404))
async def pause_webhook(_caller: SystemCaller, webhook: WebhookInPath, subscriber: GivenSubscriber) -> WebhookRead:
    """Send nothing more; what happens meanwhile is sent when the webhook is resumed."""
    async with subscriber.connected() as connection:
        await subscriber.expect(connection, webhook)
        return await _moved(subscriber, connection, webhook, WebhookState.PAUSED)


@router.post("/v1/webhooks/{webhook}/resume", summary="Resume a webhook", responses=problems(404))
async def resume_webhook(_caller: SystemCaller, webhook: WebhookInPath, subscriber: GivenSubscriber) -> WebhookRead:
    """Go on where the webhook was paused, or where its receiver said that it was gone.

    One of your own is told what this token could read from then on.
    """
    async with subscriber.connected() as connection:
        await subscriber.read_as_caller(connection, await subscriber.expect(connection, webhook))
        return await _moved(subscriber, connection, webhook, WebhookState.ACTIVE)


@router.post("/v1/webhooks/{webhook}/secret", summary="Rotate the secret", responses=problems(404, with_body=True))
async def rotate_secret(
    _caller: SystemCaller, webhook: WebhookInPath, body: RotationBody, subscriber: GivenSubscriber
) -> RotatedRead:
    """Return a new secret, and let the one before it sign beside it for a while; any earlier one ends at once."""
    until = subscriber.now + timedelta(hours=body.overlap_hours)
    async with subscriber.connected() as connection:
        await subscriber.expect(connection, webhook)
        await webhooks.end_secrets(connection, webhook, until)
        secret = await subscriber.add_secret(connection, webhook)
    return RotatedRead(secret=secret, former_until=until)


@router.post("/v1/webhooks/{webhook}/remove", summary="Remove a webhook", status_code=204, responses=problems(404))
async def remove_webhook(_caller: SystemCaller, webhook: WebhookInPath, subscriber: GivenSubscriber) -> None:
    """Send nothing more, and forget the webhook, its secrets and what it was sent."""
    async with subscriber.connected() as connection:
        await subscriber.expect(connection, webhook)
        await webhooks.remove(connection, webhook)


async def _moved(
    subscriber: Subscriber, connection: Connection, webhook: WebhookInPath, state: WebhookState
) -> WebhookRead:
    await webhooks.move(connection, webhook, state, subscriber.now)
    return read(await subscriber.expect(connection, webhook))
