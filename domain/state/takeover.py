"""Taking over a course that ran elsewhere: at which steps it stands, and until when nobody is reminded in it."""

from datetime import date

from domain.model import Instant, Model


class PriorVisit(Model):
    """A step the course is at in reality, or was at until `left_on`."""

    step: str
    entered_on: date
    left_on: date | None = None


class TakenOver(Model):
    """What a course brings along: its visits, oldest first, and the instant (UTC) before which no ladder is climbed."""

    visits: tuple[PriorVisit, ...]
    quiet_until: Instant
