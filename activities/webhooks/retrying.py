"""When a delivery that failed is attempted again, and for how long a receiver is left alone."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, NamedTuple

from activities.attempts import again_at
from infra.outward.posting import Answer
from infra.store.registers.webhook_events import DeliveryOutcome, DeliveryState, WebhookDelivery

GIVEN_UP_AFTER: Final = timedelta(days=7)
"""How long a delivery fails before it is given up and its course goes on without it: longer than Easter is closed."""

REST: Final = timedelta(minutes=1)
"""How long a receiver is left alone that cannot be reached, does not answer, or asks for it without saying how long."""

_LONGEST_REST: Final = timedelta(hours=1)
_RESTING: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class Attempted(NamedTuple):
    """What came of an attempt, and until when the receiver is left alone."""

    outcome: DeliveryOutcome
    status: int | None = None
    rests_until: datetime | None = None

    @property
    def is_gone(self) -> bool:
        """Whether the receiver says that it is no more."""
        return self.status == HTTPStatus.GONE


def answered(answer: Answer, now: datetime) -> Attempted:
    """Return what an answer means; only a 2xx is a delivery."""
    if HTTPStatus(200) <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return Attempted(DeliveryOutcome.DELIVERED, answer.status)
    rests_until = now + _rest_of(answer, now) if answer.status in _RESTING else None
    return Attempted(DeliveryOutcome.REFUSED, answer.status, rests_until)


def unanswered(outcome: DeliveryOutcome, now: datetime) -> Attempted:
    """Return that there was no answer, after which the receiver is left alone for a while."""
    return Attempted(outcome, rests_until=now + REST)


def after(delivery: WebhookDelivery, attempted: Attempted, now: datetime) -> WebhookDelivery:
    """Return a delivery after an attempt: ended, to be attempted again, or given up; a ping is attempted once."""
    came = {"outcome": attempted.outcome, "status": attempted.status}
    if attempted.outcome is DeliveryOutcome.DELIVERED:
        return delivery.model_copy(update={**came, "state": DeliveryState.DELIVERED})
    failing_since = delivery.failing_since or now
    is_given_up = delivery.course_id is None or now - failing_since >= GIVEN_UP_AFTER
    at = again_at(now, delivery.failures)
    update = {
        "state": DeliveryState.DEAD_LETTER if is_given_up else DeliveryState.FAILING,
        "due_at": max(at, attempted.rests_until or at),
        "failures": delivery.failures + 1,
        "failing_since": failing_since,
    }
    return delivery.model_copy(update={**came, **update})


def _rest_of(answer: Answer, now: datetime) -> timedelta:
    """Return for how long a receiver asks to be left alone, in seconds or until a date, within an hour."""
    asked = (answer.retry_after or "").strip()
    if asked.isdecimal() and asked.isascii():
        return min(timedelta(seconds=min(int(asked[:9]), 10**6)), _LONGEST_REST)
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return REST
    until = until if until.tzinfo else until.replace(tzinfo=UTC)  # `-0000` is a time without a zone.
    return max(timedelta(), min(until - now, _LONGEST_REST))
