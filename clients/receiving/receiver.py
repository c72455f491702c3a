"""Takes what a webhook sends: verified by its signature, answered at once, and sent again when it could not be taken.

Call `receive` from your own server with the body as it came; a body that was parsed and written again verifies no more.
"""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from standardwebhooks import Webhook, WebhookVerificationError

Event = dict[str, Any]
"""A CloudEvents 1.0 event; `data` names what happened, and the path by which the course is read."""

_PING: Final = "ping"


class CannotTakeError(Exception):
    """What an event asks for cannot be done now; it comes again, and the course's later ones wait for it."""


class WebhookReceiver:
    """Verifies by either of the secrets that are valid while one is rotated, and hands over what happened."""

    def __init__(self, secrets: Sequence[str], take: Callable[[Event], None]) -> None:
        """Name the secrets as Fodslag showed them, and who takes an event: once or twice, to the same effect."""
        self._verifiers = [Webhook(secret) for secret in secrets]
        self._take = take

    def receive(self, body: bytes, headers: Mapping[str, str]) -> HTTPStatus:
        """Return the status to answer with; anything but a 2xx lets the event come again."""
        event = self._verified(body, headers)
        if event is None:
            return HTTPStatus.UNAUTHORIZED
        try:
            if event["data"]["kind"] != _PING:
                self._take(event)
        except CannotTakeError:
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.NO_CONTENT

    def _verified(self, body: bytes, headers: Mapping[str, str]) -> Event | None:
        for verifier in self._verifiers:
            try:
                event: Event = verifier.verify(body, dict(headers))
            except WebhookVerificationError:
                continue
            return event
        return None
