"""What every event carries."""

from domain.model import Instant, Model


class EventBase(Model):
    """What every event carries: when it was recorded (UTC), by whom, and the number `v` of its shape."""

    v: int = 1
    at: Instant
    by: str
