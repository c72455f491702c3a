"""What a receiver is sent: a thin CloudEvents 1.0 event in JSON, signed as Standard Webhooks has it.

It has ids and kinds and no personal text (P10); the receiver reads the course by the API, with a token of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from standardwebhooks import Webhook as Signer

from domain.model import Model
from infra.store.registers.webhook_events import WebhookDelivery

_CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"


class EventBody(Model):
    """What an event names: the course to read, and what happened to it; a ping names nothing."""

    kind: str
    course: UUID | None = None
    read: str | None = None
    revision: int | None = None
    visit: int | None = None
    out_of_order: bool = False


class CloudEvent(Model):
    """An event as CloudEvents 1.0 has it; `id` is the feed's own and the same in every attempt."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: UUID | None = None
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    data: EventBody


def event_of(municipality: str, delivery: WebhookDelivery) -> CloudEvent:
    """Return the event of a delivery; one that comes behind later ones of its course says that it is out of order."""
    course = delivery.course_id
    return CloudEvent(
        id=delivery.event_id,
        source=f"urn:fodslag:{municipality}",
        type=f"fodslag.{delivery.kind}",
        subject=course,
        time=delivery.at,
        data=EventBody(
            kind=delivery.kind,
            course=course,
            read=None if course is None else f"/v1/courses/{course}",
            revision=delivery.revision,
            visit=delivery.visit,
            out_of_order=delivery.out_of_order,
        ),
    )


def body_of(event: CloudEvent) -> str:
    """Return an event as it is sent; what it does not have is not in it, for CloudEvents knows no null."""
    return event.model_dump_json(exclude_none=True)


def headers_of(event: str, body: str, secrets: Sequence[bytes], now: datetime) -> dict[str, str]:
    """Return the headers that go with a body: a signature by each secret, so that any of them verifies."""
    signatures = [Signer(secret).sign(event, now, body) for secret in secrets]
    return {
        "content-type": _CONTENT_TYPE,
        "user-agent": "Fodslag",
        "webhook-id": event,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
