"""What every event carries."""

from datetime import datetime

from domain.model import Model


class EventBase(Model):
    """What every event carries: when it was recorded (UTC), by whom, and the number `v` of its shape."""

    v: int = 1
    at: datetime
    by: str
