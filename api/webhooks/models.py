"""What is said and read of a webhook and of what it is sent."""

import re
from datetime import datetime
from ipaddress import ip_address
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, AnyUrl, Field, StrictInt, StrictStr, StringConstraints, ValidationError

from api.feed.changes import NOW, Kind
from api.http.codes import ApiCode
from api.http.fields import Body, OneLine, examples, wrong_value
from api.http.paging import CursorText
from api.http.read_model import ReadModel
from api.http.signs import is_hidden
from infra.outward.addresses import is_outside
from infra.store.registers.webhook_events import DeliveryOutcome, DeliveryState, WebhookDelivery
from infra.store.registers.webhooks import Webhook, WebhookState

_LONGEST_URL: Final = 1000
_MOST_KINDS: Final = 50
_LONGEST_OVERLAP: Final = 7 * 24
_WRITTEN: Final = re.compile(r"https://[^/]", re.IGNORECASE)
_LOCAL: Final = ("localhost", ".localhost")


def _outside_url(given: str) -> str:
    """Return an address as it is kept; a name that leads inside is found when something is sent there.

    What would be read as another address than the one that was written is refused, and not put right.
    """
    if not _WRITTEN.match(given) or any(sign.isspace() or is_hidden(sign) or sign == "\\" for sign in given):
        raise wrong_value(ApiCode.URL_UNUSABLE)
    try:
        url = AnyUrl(given)
    except ValidationError:
        raise wrong_value(ApiCode.URL_UNUSABLE) from None
    is_plain = url.scheme == "https" and not (url.username or url.password or url.fragment)
    if not (is_plain and url.port and url.host and _may_be_outside(url.host)):
        raise wrong_value(ApiCode.URL_UNUSABLE)
    return str(url)


def _may_be_outside(host: str) -> bool:
    address = host.strip("[]")
    try:
        ip_address(address)
    except ValueError:
        name = host.removesuffix(".")
        return all(name.split(".")) and not name.endswith(_LOCAL)
    return is_outside(address)


_Url = Annotated[
    StrictStr,
    StringConstraints(max_length=_LONGEST_URL),
    AfterValidator(_outside_url),
    Field(
        description="An `https` address on the internet; in its query may stand what your server knows us by.",
        json_schema_extra={"format": "uri", "examples": ["https://sag.example/fodslag"]},
    ),
]


class WebhookBody(Body):
    """Where events are sent, and which."""

    url: _Url
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1, max_length=_MOST_KINDS)] | None = Field(
        default=None, description="Only these kinds of the feed; all of them when it is left out."
    )
    description: OneLine | None = Field(default=None, description="What it is for; nothing of a citizen belongs here.")
    after: CursorText | None = Field(
        default=NOW,
        description="Where in the feed a new webhook begins: a cursor of `GET /v1/changes`, `now`, or null for the "
        "beginning. It counts only when the webhook is made.",
    )

    model_config = examples(
        {
            "url": "https://sag.example/fodslag",
            "kinds": ["visit_entered", "briefing.final"],
            "description": "Opgaver i sagssystemet",
        }
    )


class RotationBody(Body):
    """For how long the secret that is there signs beside the new one."""

    overlap_hours: Annotated[StrictInt, Field(ge=0, le=_LONGEST_OVERLAP)] = 24

    model_config = examples({"overlap_hours": 24})


class WebhookRead(ReadModel):
    """A webhook, which is sent what its owner's token could read of the feed."""

    id: UUID
    url: str
    kinds: list[str] | None = Field(description="Null for all.")
    description: str | None
    owner: str = Field(description="The system whose token made it.")
    units: list[str] | None = Field(description="The units of that token; null for the whole municipality.")
    state: WebhookState = Field(description="`gone` when the receiver has answered 410; resume it when it is back.")
    state_since: datetime
    created_at: datetime


class WebhookWritten(WebhookRead):
    """A webhook as it was written."""

    secret: str | None = Field(
        description="What signs, as Standard Webhooks has it; in the answer that makes the webhook, and never again."
    )


class RotatedRead(ReadModel):
    """A secret that signs from now on."""

    secret: str = Field(description="Shown now and never again.")
    former_until: datetime = Field(description="Until when the secret before it signs too.")


class DeliveryRead(ReadModel):
    """An event on its way to a receiver, and what came of the last attempt."""

    id: UUID
    event: str = Field(description="The id of the event in the feed, which is its `webhook-id`.")
    kind: str
    at: datetime = Field(description="When it happened.")
    course: UUID | None = Field(description="Null for a ping.")
    state: DeliveryState = Field(
        description="`pending` before an attempt has failed, `failing` while it is attempted again, and `dead_letter` "
        "when it is given up; the first of a course that is `pending` or `failing` holds those behind it."
    )
    out_of_order: bool = Field(description="Whether it was asked for anew, and comes behind later ones.")
    queued_at: datetime
    due_at: datetime = Field(description="Before then it is not attempted.")
    attempts: int
    attempted_at: datetime | None
    outcome: DeliveryOutcome | None = Field(
        description="What came of the last attempt: `refused` for an answer that was no 2xx, `no_answer` and `begun` "
        "where nobody knows whether it arrived, `inside`, `unresolved` and `unreachable` where it certainly did not."
    )
    status: int | None = Field(description="The status of the answer.")


def webhook_read(webhook: Webhook) -> WebhookRead:
    """Return a webhook as it is read."""
    return WebhookRead.of(webhook, id=webhook.webhook_id, units=_sorted(webhook.units))


def webhook_written(webhook: Webhook, secret: str | None) -> WebhookWritten:
    """Return a webhook as it was written, with its secret if it has just been made."""
    return WebhookWritten.of(webhook, id=webhook.webhook_id, units=_sorted(webhook.units), secret=secret)


def delivery_read(delivery: WebhookDelivery) -> DeliveryRead:
    """Return a delivery as it is read."""
    return DeliveryRead.of(delivery, id=delivery.delivery_id, event=delivery.event_id, course=delivery.course_id)


def _sorted(units: frozenset[str] | None) -> list[str] | None:
    return None if units is None else sorted(units)
